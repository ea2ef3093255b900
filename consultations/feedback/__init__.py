"""Findings, We asked / You said / We did, and their publication."""
