"""Pages about a place: finding your ward, and what happens in it."""
