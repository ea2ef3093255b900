"""People: inviting them, their roles, services, terms and deputies, joining."""
