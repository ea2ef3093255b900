"""The pages of the builder and its preview."""
