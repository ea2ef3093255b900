"""A questionnaire as one typed document, and pure functions over it."""
