from flask import Flask

from ideation.accounts.grants import Role
from ideation.audit import queries as audit
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.mail import compose
from ideation.core.mail.models import Mail, MailState
from ideation.notices.postcards import Line
from tests import factories
from tests.accounts.mails import code_in, last_mail
from tests.factories.people import joined


def test_operators_read_what_could_not_leave_and_the_trail_notes_keys(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    jobs.run_due()
    mail = last_mail("ada.lind@example.org")
    assert mail.state is MailState.HELD
    ops = factories.Browser(app, factories.member("Ops", roles=(Role.OPERATOR,)))
    listed = ops.get("/console/inbox")
    assert "ada.lind@example.org" in listed.text
    assert code_in(mail) not in listed.text  # the list gives no key away
    code = code_in(mail)
    assert "ada.lind@example.org" not in ops.get(f"/console/inbox?q={code}").text
    assert "ada.lind@example.org" in ops.get("/console/inbox?q=ada.lind").text
    assert audit.list_about("member", member.id) == []
    assert code_in(mail) in ops.get(f"/console/inbox/{mail.id}").text
    assert [one.action for one in audit.list_about("member", member.id)] == ["mail.key_read"]
    assert code_in(mail) in ops.get(f"/console/inbox/{mail.id}/letter").text
    assert [one.action for one in audit.list_about("member", member.id)] == ["mail.key_read"] * 2


def test_a_key_that_has_left_is_shown_to_nobody(app: Flask) -> None:
    joined("Ada Lind", confirmed=False)
    mail = last_mail("ada.lind@example.org")
    code = code_in(mail)
    with transaction():
        db.session.get_one(Mail, mail.id).state = MailState.SENT
    ops = factories.Browser(app, factories.member("Ops", roles=(Role.OPERATOR,)))
    page = ops.get(f"/console/inbox/{mail.id}")
    assert page.status_code == 200
    assert code not in page.text
    assert ops.get(f"/console/inbox/{mail.id}/letter").status_code == 404
    assert ops.post(f"/console/inbox/{mail.id}/retries").status_code == 409


def test_a_letter_is_shown_without_script_form_or_foreign_style(app: Flask) -> None:
    mail = _notice("<script>alert(1)</script>")
    ops = factories.Browser(app, factories.member("Ops", roles=(Role.OPERATOR,)))
    letter = ops.get(f"/console/inbox/{mail.id}/letter")
    policy = letter.headers["Content-Security-Policy"]
    assert "<script>" not in letter.text
    assert "unsafe" not in policy
    assert "script-src" not in policy and "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "allow-scripts" not in policy and "sandbox" in policy


def test_a_mail_that_was_held_is_sent_again_once_a_server_is_set(app: Flask) -> None:
    mail = _notice("Hello")
    jobs.run_due()
    ops = factories.Browser(app, factories.member("Ops", roles=(Role.OPERATOR,)))
    assert ops.post(f"/console/inbox/{mail.id}/retries").status_code == 303
    db.session.refresh(mail)
    assert mail.state is MailState.WAITING
    assert ops.post(f"/console/inbox/{mail.id}/retries").status_code == 409
    assert [entry.action for entry in audit.list_about("mail", mail.id)] == ["mail.retried"]
    jobs.run_due()
    db.session.refresh(mail)
    assert mail.state is MailState.HELD  # still no server


def test_only_operators_read_mail(app: Flask) -> None:
    mail = _notice("Hello")
    moderator = factories.Browser(app, factories.member("Mod", roles=(Role.MODERATOR,)))
    for path in ("", f"/{mail.id}", f"/{mail.id}/letter"):
        assert moderator.get(f"/console/inbox{path}").status_code == 403


def _notice(body: str) -> Mail:
    with transaction():
        return compose.send(
            "notice",
            compose.Reader("ada@example.org", "en"),
            at=clock.now(),
            name="Ada",
            line=Line("Your design is in", body, "See it", "http://localhost/x"),
            picture=None,
            preferences_url="http://localhost/settings/notices",
        )
