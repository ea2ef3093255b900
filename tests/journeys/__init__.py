"""Whole journeys in a real browser, as different people make them."""
