"""From the outbox to the mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import update

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.mail.models import Mail, MailState

TIMEOUT_SECONDS = 20

#: Top-level domains of RFC 2606 that can belong to nobody; the demo's members live there.
_NOBODYS = (".example", ".invalid")


def deliver(mail_id: int, mail_url: str, sender: str) -> None:
    """Send one waiting mail; hold it where no server is set or nobody can have the address.

    Raises OSError or smtplib.SMTPException where the server does not take it, so that the job is
    tried again; the error stays visible on the mail. A death between the server's 250 and our
    commit sends it again with the same Message-ID.
    """
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.state is MailState.SENT:
        return
    if not can_leave(mail.to, mail_url):
        _settle(mail_id, MailState.HELD)
        return
    message = _message(mail, sender)
    db.session.rollback()
    try:
        _hand_over(message, mail_url)
    except (OSError, smtplib.SMTPException) as error:
        _settle(mail_id, MailState.FAILED, f"{type(error).__name__}: {error}"[:300])
        raise
    _settle(mail_id, MailState.SENT)


def can_leave(address: str, mail_url: str) -> bool:
    """Whether a mail to the address goes out, or is held."""
    return bool(mail_url) and not is_nobodys(address)


def is_nobodys(address: str) -> bool:
    """Whether nobody can ever have the address: a server would only bounce the mail."""
    return address.rstrip(".").lower().endswith(_NOBODYS)


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        if mail.unsubscribe_url.startswith("https:"):  # RFC 8058 knows no other
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _hand_over(message: EmailMessage, mail_url: str) -> None:
    parts = urlsplit(mail_url)
    host = parts.hostname or "localhost"
    wants_plain = parse_qs(parts.query).get("tls") == ["off"]
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.scheme == "smtp" and not wants_plain:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message, from_addr=parseaddr(str(message["From"]))[1])


def _settle(mail_id: int, state: MailState, error: str = "") -> None:
    sent_at = clock.now() if state is MailState.SENT else None
    with transaction() as session:
        session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.state != MailState.SENT)
            .values(state=state, error=error, sent_at=sent_at)
        )
