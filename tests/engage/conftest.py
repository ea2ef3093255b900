"""Fixtures for the pages made of several apps."""

import pytest
from django.test import Client

from tests.factories import PASSWORD


@pytest.fixture
def client_of():
    """A browser of one's own for each person, the password given just now."""

    def make(person):
        browser = Client()
        browser.force_login(person)
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return browser

    return make
