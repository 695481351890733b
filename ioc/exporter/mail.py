"""Mail by SMTP: one message to one recipient, and what each answer of a server means."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ioc.errors import IocError

if TYPE_CHECKING:
    from ioc.settings import Settings

SECONDS = 30.0
"""How long a server may take for one answer."""
_LONGEST_ANSWER = 160
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class MailError(IocError):
    """A message was not taken: `code` is a sentence of briefing.yaml.

    `final` says that trying again is of no use, `everyone` that no other message would be taken
    now either.
    """

    def __init__(
        self, code: str, *, final: bool = False, everyone: bool = False, **params: object
    ) -> None:
        super().__init__(f"mail: {code}", code=code, **params)
        self.final, self.everyone = final, everyone


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent; `key` names it for ever, so that a second try can be recognised."""

    key: str
    to: str
    subject: str
    lines: tuple[str, ...]
    lang: str
    at: datetime
    attachments: tuple[Attachment, ...] = ()


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a message; nothing given can begin a header of its own."""
    user, _, domain = sender.rpartition("@")
    name, _, host = letter.to.rpartition("@")
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(username=user, domain=domain)
    made["To"] = Address(username=name, domain=host)
    made["Subject"] = one_line(letter.subject)
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<ioc-{letter.key}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = letter.lang
    made.set_content("\n".join(letter.lines) + "\n", cte="base64")
    for one in letter.attachments:
        kind, _, sub = one.mime.partition("/")
        made.add_attachment(one.data, maintype=kind, subtype=sub, filename=one_line(one.name))
    return made


def one_line(text: str) -> str:
    """The text without anything that ends a line."""
    return _CONTROL.sub(" ", text).strip()


def allowed(address: str, domains: Sequence[str]) -> bool:
    """Whether briefings may be mailed to the address: only to domains that are listed."""
    return address.rpartition("@")[2].lower() in domains


def send(settings: Settings, letter: Letter, context: ssl.SSLContext | None = None) -> None:
    """Hand the letter to the server of the settings; `context` is whom to trust, else the system's.

    Raises MailError. A connection that is lost after the message was given may mean that it was
    taken: it is sent again under the same Message-ID.
    """
    if not settings.smtp_host or not settings.smtp_from:
        raise MailError("mail_no_host", everyone=True)
    if not allowed(letter.to, settings.mail_domains):
        raise MailError("mail_not_allowed", final=True)
    message = message_of(letter, settings.smtp_from)
    server = _connected(settings, context or ssl.create_default_context())
    try:
        server.send_message(message, settings.smtp_from, [letter.to])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise MailError("mail_refused_by", final=code >= 500, answer=_words(code, said)) from None
    except smtplib.SMTPResponseException as error:
        answer = _words(error.smtp_code, error.smtp_error)
        raise MailError("mail_broken", final=error.smtp_code >= 500, answer=answer) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailError("mail_broken", answer=type(error).__name__) from None
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()


def _connected(settings: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    """An open, encrypted and logged-in connection."""
    host, port = settings.smtp_host, settings.smtp_port
    server: smtplib.SMTP | None = None
    try:
        if settings.smtp_security == "tls":
            server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        server.ehlo()
        if settings.smtp_security == "starttls":
            if not server.has_extn("starttls"):
                raise MailError("mail_no_tls", everyone=True)
            server.starttls(context=context)
            server.ehlo()
        if settings.smtp_user:
            server.login(settings.smtp_user, _password(settings))
    except smtplib.SMTPAuthenticationError:
        # Nothing of the server's answer is kept: some repeat what they were given.
        _close(server)
        raise MailError("mail_login", everyone=True) from None
    except MailError:
        _close(server)
        raise
    except (smtplib.SMTPException, OSError) as error:
        _close(server)
        answer = type(error).__name__
        if isinstance(error, smtplib.SMTPResponseException):
            answer = str(error.smtp_code)
        raise MailError("mail_unreachable", everyone=True, answer=answer) from None
    return server


def _password(settings: Settings) -> str:
    try:
        return Path(settings.smtp_password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise MailError("mail_password", everyone=True) from None


def _close(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with contextlib.suppress(OSError):
            server.close()


def _words(code: int, said: Any) -> str:
    """A server's answer, short and on one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return one_line(f"{code} {text}")[:_LONGEST_ANSWER]
