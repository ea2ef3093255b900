"""The audit trail in templates: {% load trail %}. Nothing here asks the database."""

from django import template

from accounts import trail_words

register = template.Library()
register.filter("what_was_done", trail_words.what_was_done)
register.filter("about_what", trail_words.about_what)
register.filter("in_which_role", trail_words.in_which_role)
register.filter("changes", trail_words.changes)
