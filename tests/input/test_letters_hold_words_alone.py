"""What people wrote stands in a letter as words: in its headers, and in its plain text."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from flask import Flask

from ideation.accounts import letters
from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock, identity
from ideation.core.db import db, transaction
from ideation.core.mail import compose, deliver
from ideation.core.mail.models import Mail
from ideation.notices import postcards
from ideation.notices.models import Notice
from ideation.notices.ways import Way
from ideation.submissions.notices import DECLINED
from tests import factories
from tests.input import payloads

pytestmark = pytest.mark.one_engine

#: Controls, and marks that turn the order of words.
UNSEEN = set("\0\x07\x1b\r\x85\u200b\u200f\u202a\u202e\u2066\u2069\ufeff\ud800")
HOSTILE = f"{payloads.LINES}\x85\u2028\0{payloads.MARKUP[17]}\u202e{payloads.SUMS[0]}\u2066\x1b[2J"
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
    *("Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"),
}


@pytest.fixture
def reader(app: Flask) -> Member:
    """Somebody whose name got past every rule, in a house of such a name."""
    found = factories.member("Ada", roles=(Role.OPERATOR,))
    with transaction():
        db.session.merge(found).name = HOSTILE
        identity.establish(replace(identity.current(), name=HOSTILE), at=clock.now())
    return db.session.merge(found)


def test_headers_and_text_hold_words_alone(reader: Member) -> None:
    written = [*_account_letters(reader), *_about_a_notice(reader)]
    assert len(written) == 8
    for mail in written:
        message = _as_read(mail)
        assert set(message.keys()) <= HEADERS, mail.template
        assert message["To"] == "reader@example.org", mail.template
        assert "\n" not in str(message["Subject"])
        parts = [str(message["Subject"]), *_texts(message)]
        assert not UNSEEN & set("".join(parts)), mail.template
        assert payloads.PRODUCT not in "".join(parts)
        assert "X-Pwned: 1" in parts[1], "it is written, as words"


def test_control_what_is_not_cleaned_is_seen(
    reader: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "visible", str)
    mail, _digest = _about_a_notice(reader)
    assert UNSEEN & set(mail.text)
    mail.subject = HOSTILE
    with pytest.raises(ValueError, match="linefeed"):
        deliver._message(mail, "Ideation <hello@example.org>")


def test_a_letters_layout_stays_as_it_was(app: Flask) -> None:
    reader = factories.member("Ada")
    with transaction():
        notice = _told(reader, "Night Bus")
        mail = postcards.send_digest(db.session.merge(reader), [notice], at=clock.now())
        assert "\n\n* “Night Bus”" in mail.text and "\n  Designs must" in mail.text


def _account_letters(reader: Member) -> Iterator[Mail]:
    at = clock.now()
    with transaction():
        for mail in (
            letters.confirm(reader, "secret", "123456", at=at),
            letters.reset(reader, "secret", at=at),
            letters.password_changed(reader, at=at),
            letters.suspended(reader, at=at),
            letters.roles_changed(reader, at=at),
            letters.invited(reader, "reader@example.org", Role.MODERATOR, "secret", at=at),
        ):
            assert mail is not None
            yield mail


def _about_a_notice(reader: Member) -> Iterator[Mail]:
    with transaction():
        notice = _told(reader, HOSTILE)
        yield postcards.send(reader, notice, at=clock.now())
        yield postcards.send_digest(reader, [notice, notice], at=clock.now())


def _told(reader: Member, title: str) -> Notice:
    told: dict[str, Any] = {"title": title, "rule": "quality", "reason": "Too small to print."}
    notice = Notice(
        member_id=reader.id,
        kind=DECLINED.name,
        params=told,
        link="/designs/abc",
        way=Way.MAIL,
        created_at=clock.now(),
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def _as_read(mail: Mail) -> EmailMessage:
    """As a mail program reads what goes over the wire."""
    mail.to = "reader@example.org"
    sent = deliver._message(mail, "Ideation <hello@example.org>").as_bytes()
    read: Any = BytesParser(policy=default).parsebytes(sent)
    return read


def _texts(message: EmailMessage) -> list[str]:
    parts = (message.get_body((kind,)) for kind in ("plain", "html"))
    return [str(part.get_content()) for part in parts if part is not None]
