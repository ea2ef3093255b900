"""Answering: drafts, sending, receipts, what is held."""
