"""Mail in the outbox."""

from ideation.core import clock, ids, jobs
from ideation.core.db import db, transaction
from ideation.core.mail import compose
from ideation.core.mail.models import Mail


def waiting_mail(subject: str = "Your design is in — 小城") -> str:
    """Put a mail into the outbox, with the job that sends it; returns its Message-ID."""
    message_id = f"<{ids.public_id()}@localhost>"
    with transaction():
        mail = Mail(
            to="reader@example.org",
            subject=subject,
            text="It hangs.\n",
            html="<p>It hangs.</p>",
            template="test",
            message_id=message_id,
            created_at=clock.now(),
        )
        db.session.add(mail)
        db.session.flush()
        jobs.enqueue(compose.SEND, at=clock.now(), mail_id=mail.id)
    return message_id
