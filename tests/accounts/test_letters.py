"""Every mail, in every language: whole as text, a postcard as HTML, names escaped."""

import re

import pytest
from flask import Flask

from ideation.accounts import letters, queries
from ideation.accounts.grants import Role
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.mail.models import Mail
from tests import factories

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("language", list(i18n.LOCALES))
def test_every_letter_reads_whole(app: Flask, language: str) -> None:
    member_id = factories.member("A<b> & Co", language=language, suspended_reason="Because.").id
    for mail in _all_letters(member_id):
        assert mail.subject
        assert "\n" not in mail.subject
        assert "A<b> & Co" in mail.text
        assert "A<b>" not in mail.html
        assert "{{" not in mail.text + mail.html
        assert "\n\n\n" not in mail.text
        assert f'lang="{language}"' in mail.html
        assert "style=" not in mail.html
        for link in re.findall(r'(?:href|src)="([^"]*)"', mail.html):
            assert link.startswith("http://127.0.0.1:8000"), link
        assert set(re.findall(r"https?://\S+", mail.text)) <= set(
            re.findall(r'href="([^"]*)"', mail.html)
        )


def _all_letters(member_id: int) -> list[Mail]:
    at = clock.now()
    with transaction():
        member = queries.get(member_id)
        sent = [
            letters.confirm(member, "s" * 43, "123456", at=at),
            letters.confirm_new_address(member, "n@example.org", "s" * 43, "123456", at=at),
            letters.address_changed(member, "old@example.org", at=at),
            letters.reset(member, "s" * 43, at=at),
            letters.password_changed(member, at=at),
            letters.roles_changed(member, at=at),
            letters.suspended(member, at=at),
            letters.restored(member, at=at),
            letters.trial(member, at=at),
            letters.invited(member, "n@example.org", Role.MODERATOR, "s" * 43, at=at),
        ]
    return [mail for mail in sent if mail is not None]
