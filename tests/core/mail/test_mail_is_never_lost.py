"""A mail is sent at least once; twice only where the kill falls between the 250 and our commit."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock, config, jobs
from ideation.core.db import db
from ideation.core.mail import deliver
from ideation.core.mail.models import Mail, MailState
from tests.factories.mails import waiting_mail
from tests.factories.processes import die, fork, wait
from tests.servers import mailing
from tests.servers.mailing import Mailbox


@pytest.fixture
def mailbox(app: Flask, settings: config.Settings) -> Iterator[Mailbox]:
    with mailing.running() as mailbox:
        config.use(dataclasses.replace(settings, mail_url=mailbox.url))
        yield mailbox


def _state() -> Mail:
    db.session.rollback()
    return db.session.scalars(select(Mail)).one()


def test_a_mail_goes_out_once(mailbox: Mailbox) -> None:
    message_id = waiting_mail()
    jobs.run_due()
    deliver.deliver(_state().id, mailbox.url, "Ideation <hello@localhost>")
    assert mailbox.message_ids == [message_id]
    assert str(mailbox.messages[0]["Subject"]) == "Your design is in — 小城"
    assert _state().state is MailState.SENT


def test_a_kill_before_the_server_has_it_loses_nothing(mailbox: Mailbox) -> None:
    message_id = waiting_mail()

    def die_before_sending() -> None:
        deliver._hand_over = lambda *_: die()
        jobs.run_due()

    assert wait(fork(die_before_sending)) == -9
    assert mailbox.messages == []
    clock.move(timedelta(seconds=60))
    jobs.run_due()
    assert mailbox.message_ids == [message_id]


def test_a_kill_between_the_250_and_our_commit_sends_the_same_message_id(
    mailbox: Mailbox,
) -> None:
    message_id = waiting_mail()

    def die_before_the_commit() -> None:
        deliver._settle = lambda *_: die()  # type: ignore[assignment]
        jobs.run_due()

    assert wait(fork(die_before_the_commit)) == -9
    clock.move(timedelta(seconds=60))
    jobs.run_due()
    assert mailbox.message_ids == [message_id] * 2


def test_a_kill_after_our_commit_sends_nothing_again(mailbox: Mailbox) -> None:
    message_id = waiting_mail()

    def die_after_the_commit() -> None:
        settle = deliver._settle
        deliver._settle = lambda *given: (settle(*given), die())  # type: ignore
        jobs.run_due()

    assert wait(fork(die_after_the_commit)) == -9
    clock.move(timedelta(seconds=60))
    jobs.run_due()
    assert mailbox.message_ids == [message_id]


def test_a_refusal_stays_visible_and_is_tried_again(mailbox: Mailbox) -> None:
    message_id = waiting_mail()
    mailbox.answer = "451 Come back later"
    jobs.run_due()
    assert _state().state is MailState.FAILED
    assert "Come back later" in _state().error
    mailbox.answer = "250 OK"
    clock.move(timedelta(minutes=1))
    jobs.run_due()
    assert mailbox.message_ids == [message_id]
    assert (_state().state, _state().error) == (MailState.SENT, "")


def test_without_a_server_mail_waits_in_the_inbox(app: Flask) -> None:
    waiting_mail()
    jobs.run_due()
    assert _state().state is MailState.HELD
