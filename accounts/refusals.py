"""The one exception that an action raises for a person."""


class ActionRefused(Exception):
    """What was asked makes no sense now.

    The message is a whole sentence for the person who asked: views show it as
    a message or as a form error, never as a 403 or a 500.
    """
