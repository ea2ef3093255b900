"""Sends under load and through a crash, over real HTTP."""
