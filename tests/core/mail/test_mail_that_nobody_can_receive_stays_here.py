"""Addresses in domains that belong to nobody: the demo's cast."""

import pytest
from flask import Flask

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.mail import deliver
from ideation.core.mail.models import Mail, MailState

NO_SERVER = "smtp://127.0.0.1:1"


def _mail(to: str) -> int:
    with transaction():
        mail = Mail(
            to=to,
            subject="Hello",
            text="Hello",
            html="<p>Hello",
            template="notice",
            message_id=f"<{to}>",
            created_at=clock.now(),
        )
        db.session.add(mail)
    return mail.id


@pytest.mark.one_engine
def test_it_is_held_and_no_server_is_asked(app: Flask) -> None:
    mail_id = _mail("member-1@demo.example")
    deliver.deliver(mail_id, NO_SERVER, "Ideation <hello@localhost>")
    assert db.session.get_one(Mail, mail_id).state is MailState.HELD


@pytest.mark.one_engine
def test_any_other_address_goes_to_the_server(app: Flask) -> None:
    mail_id = _mail("ines@example.org")
    with pytest.raises(OSError):
        deliver.deliver(mail_id, NO_SERVER, "Ideation <hello@localhost>")
    assert db.session.get_one(Mail, mail_id).state is MailState.FAILED
