"""What people do to a consultation: planning, approval, running."""
