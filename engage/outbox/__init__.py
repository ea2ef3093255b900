"""The outbox, for staff: what was sent, what failed, try again."""
