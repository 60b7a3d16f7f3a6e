"""The mail outbox."""

import enum
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, key_column


class MailState(enum.StrEnum):
    """Whether a mail left the house."""

    WAITING = "waiting"
    HELD = "held"  # no mail server is set; operators can read it
    SENT = "sent"
    FAILED = "failed"


class Mail(Model):
    """One mail, whole; ``message_id`` stays the same however often it is tried."""

    __tablename__ = "mails"

    id: Mapped[int] = key_column()
    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    #: Name of the template; the operator's inbox sorts by it.
    template: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    unsubscribe_url: Mapped[str] = mapped_column(default="")
