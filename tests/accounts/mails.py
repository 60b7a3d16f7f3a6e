"""Reading what the house wrote."""

import re

from sqlalchemy import select

from ideation.core.db import db
from ideation.core.mail.models import Mail


def last_mail(to: str) -> Mail:
    """The latest mail to an address."""
    mail = db.session.scalar(select(Mail).where(Mail.to == to).order_by(Mail.id.desc()))
    assert mail is not None, f"no mail to {to}"
    return mail


def link_in(mail: Mail) -> str:
    """The path of the first link that holds a secret."""
    found = re.search(r"https?://[^/\s]+(/\w+/[\w-]{20,})", mail.text)
    assert found is not None, mail.text
    return found[1]


def code_in(mail: Mail) -> str:
    """The six digits."""
    found = re.search(r"\b\d{6}\b", mail.subject)
    assert found is not None, mail.subject
    return found[0]
