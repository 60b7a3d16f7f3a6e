"""From a template and a reader to a mail that waits to be sent.

``templates/mail/<name>.txt`` begins with ``Subject: …`` and a blank line; ``<name>.html`` is the
same letter as a postcard. Both see ``instance``, ``home_url``, ``base_url`` and what the
caller gives. A mail has a link that ends it, or says why there is none.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.core import config, i18n, i18n_jinja, identity, jobs, keyed, money
from ideation.core.db import db, is_postgresql
from ideation.core.mail import reasons
from ideation.core.mail.models import Mail
from ideation.core.text import clean_line, visible

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"

SEND = jobs.declare("mail.send", queue="urgent", attempts=8)


@dataclass(frozen=True)
class Reader:
    """Who reads: address, language tag and zone."""

    email: str
    language: str
    zone: str = "UTC"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    i18n_jinja.install(environment)
    environment.filters |= {
        "datetime": i18n.datetime_words,
        "date": i18n.date_words,
        "number": i18n.number,
        "money": money.words,
    }
    environment.globals["identity"] = identity.current
    return environment


def send(
    template: str,
    reader: Reader,
    *,
    at: datetime,
    key: str = "",
    unsubscribe_url: str = "",
    **values: Any,
) -> Mail:
    """Write a mail into the outbox, in the open transaction; a worker sends it after the commit.

    With a ``key``, once: its Message-ID is made from it, and of two rivals the second waits for the
    first and writes nothing. Returns the mail that is there. A job that writes mail gives one.
    """
    settings, ours = config.current(), identity.current()
    context = {
        "base_url": settings.base_url,
        "home_url": settings.base_url,
        "instance": {"name": ours.name, "logo": ours.logo},
        "unsubscribe_url": unsubscribe_url,
        "why": "" if unsubscribe_url else reasons.why(template),
        **values,
    }
    with i18n.speaking(reader.language, reader.zone):
        context["html_lang"] = i18n.language()
        letter = _environment().get_template(f"mail/{template}.txt").render(context)
        head, _, text = letter.lstrip().partition("\n")
        subject = clean_line(head.removeprefix("Subject:"))
        html = (
            _environment()
            .get_template(f"mail/{template}.html")
            .render(context | {"subject": subject})
        )
    message_id = _message_id(key)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    mail: Mail | None = db.session.scalar(
        insert(Mail)
        .values(
            to=reader.email,
            subject=subject,
            text=visible(text).strip() + "\n",
            html=visible(html),
            template=template,
            message_id=message_id,
            created_at=at,
            unsubscribe_url=unsubscribe_url,
        )
        .on_conflict_do_nothing(index_elements=[Mail.message_id])
        .returning(Mail)
    )
    if mail is None:
        return db.session.scalars(select(Mail).where(Mail.message_id == message_id)).one()
    jobs.enqueue(SEND, at=at, mail_id=mail.id)
    return mail


def _message_id(key: str) -> str:
    """Random, or made from the key: with our secret, as it must not tell how many orders we had."""
    settings = config.current()
    domain = urlsplit(settings.base_url).hostname or "localhost"
    if not key:
        return make_msgid(domain=domain)
    return f"<{keyed.digest('mail', key).hex()[:40]}@{domain}>"
