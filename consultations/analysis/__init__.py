"""Counting: one engine for every page, file and interface."""
