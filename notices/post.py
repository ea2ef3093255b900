"""The way out: one kept connection to the mail server, and what its answers mean."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notices.letters import Letter

MAILS_A_CONNECTION = 100
_ADDRESS = re.compile(r"<?[^\s\"'<>/]+@[^\s\"'<>/]+>?")


class Unreachable(Exception):
    """The mail server cannot be used at all: no message is to blame."""


class Refusal(Exception):
    """The mail server took the connection and refused this message.

    `final`: it always will. `of_address`: because of the address, which then gets
    nothing more.
    """

    def __init__(self, text: str, *, final: bool, of_address: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.final = final
        self.of_address = of_address


class Post:
    """Sends messages over one connection, opened again after 100 or an error.

    A message goes in two steps, `begin` and `finish`, so that the mark of the one
    before can be written while the server reads who writes.
    """

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0
        self._sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    @property
    def is_open(self) -> bool:
        """Whether the next message finds a connection."""
        return self._connection is not None

    def begin(self, letter: Letter) -> None:
        """Say that a message comes, and wait for no answer; nothing of it is sent."""
        self._open()
        if self._smtp and letter.wire:
            size = f" size={len(letter.wire)}" if self._smtp.has_extn("size") else ""
            self._told(self._smtp.putcmd, "MAIL", f"FROM:<{self._sender}>{size}")

    def finish(self, letter: Letter) -> None:
        """Hand the message over that was begun; it is accepted when this returns."""
        if self._smtp and letter.wire:
            self._told(_hand_over, self._smtp, self._sender, letter)
        elif self._connection:
            self._told(self._connection.send_messages, [letter.whole])
        self._sent += 1
        if self._sent >= MAILS_A_CONNECTION:
            self.close()

    def _told(self, step: Callable[..., object], *arguments: object) -> None:
        """Take a step; what goes wrong ends the connection and is told as our own."""
        try:
            step(*arguments)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise _meaning(error) from error

    def close(self) -> None:
        """Let the connection go; the next message opens another."""
        connection, self._connection, self._sent = self._connection, None, 0
        self._smtp = None
        if connection is None:
            return
        try:
            connection.close()
        except (smtplib.SMTPException, OSError):
            return

    def _open(self) -> None:
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
                smtp = getattr(connection, "connection", None)
                if isinstance(smtp, smtplib.SMTP):
                    smtp.ehlo_or_helo_if_needed()
                    self._smtp = smtp
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(_plain(error)) from error
            self._connection = connection


def _hand_over(smtp: smtplib.SMTP, sender: str, letter: Letter) -> None:
    """What `SMTP.sendmail` does after MAIL, for one address that needs no quoting."""
    code, said = smtp.getreply()
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    code, said = smtp.docmd("RCPT", f"TO:<{letter.to}>")
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({letter.to: (code, said)})
    code, said = smtp.data(letter.wire)
    if code != 250:
        raise smtplib.SMTPDataError(code, said)


def _meaning(error: Exception) -> Exception:
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Unreachable(_plain(error))  # our own sender: a setting is wrong
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _refusal(code, text, of_address=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(error.smtp_code, error.smtp_error, of_address=False)
    return Refusal(_plain(error), final=False)


def _refusal(code: int, text: bytes | str, *, of_address: bool) -> Refusal:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    final = code >= 500
    # Some servers look at the address only after the text: 5.1.x says so.
    of_address = of_address or said.startswith("5.1.")
    return Refusal(
        clean(f"{code} {said}"), final=final, of_address=final and of_address
    )


def _plain(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return clean(f"{error.smtp_code} {text}")
    return clean(f"{type(error).__name__}: {error}")


def clean(text: str) -> str:
    """Servers like to repeat the address; what is kept and logged has none."""
    printable = "".join(letter for letter in text if letter.isprintable())
    return _ADDRESS.sub("[address]", printable)[:300]
