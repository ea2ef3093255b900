"""The pages of answering, of the receipt, and of held responses."""
