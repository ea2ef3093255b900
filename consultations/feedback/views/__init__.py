"""Staff pages of findings and feedback."""
