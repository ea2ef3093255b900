"""People, roles, signing in, secret links, the audit trail."""

from accounts.refusals import ActionRefused

__all__ = ["ActionRefused"]
