"""What the council asks, who answered, what they said, what it did about it."""
