"""``ideation doctor``: says in sentences what is not in order, and what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import click
from rq import Worker
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ideation.accounts.grants import Role
from ideation.accounts.models import Grant
from ideation.app import create_app
from ideation.audit import trail
from ideation.cli.context import load_settings
from ideation.core import clock, guards, jobs, queues
from ideation.core.config import Settings
from ideation.core.db import db
from ideation.core.mail.models import Mail, MailState
from ideation.core.outbox import OutboxRow
from ideation.core.storage import in_force
from ideation.migrations import runner
from ideation.royalties import verify

LATE = timedelta(minutes=5)
LEAST_FREE_BYTES = 500 * 1024 * 1024

Check = Callable[[Settings], Iterator[str]]


@click.command()
def doctor() -> None:
    """Examine the instance; exit 1 where something is not in order."""
    settings = load_settings()
    with create_app(settings).app_context():
        findings = [finding for check in CHECKS for finding in _safely(check, settings)]
    for finding in findings:
        click.echo(f"- {finding}")
    if findings:
        raise SystemExit(1)
    click.echo("Everything is in order.")


def _safely(check: Check, settings: Settings) -> list[str]:
    """What a check finds; one that cannot even look says so, once."""
    try:
        return list(check(settings))
    except SQLAlchemyError:
        db.session.rollback()
        if check is _database:
            return ["The database does not answer. Check IDEATION_DATABASE_URL and the server."]
        return []


def _database(_settings: Settings) -> Iterator[str]:
    pending = runner.pending(db.engine)
    if pending:
        waiting = _how_many(len(pending), "migration waits", "migrations wait")
        yield f"{waiting}. Run `ideation migrate`."
        return
    with db.engine.connect() as connection:
        missing = guards.missing(connection)
    if missing:
        yield f"Guards are missing: {', '.join(missing)}. Run `ideation migrate` to restore them."
    broken = trail.verify()
    if broken is not None:
        yield f"The audit trail was changed at entry {broken}. Compare it with a backup."


def _money(_settings: Settings) -> Iterator[str]:
    if runner.pending(db.engine):
        return
    said = ("database", "audit entry")  # by the check before
    found = [one for one in verify.verify().disagreements if not one.subject.startswith(said)]
    db.session.rollback()
    if found:
        off = _how_many(len(found), "thing does", "things do")
        yield f"The books: {off} not agree. Run `ideation ledger verify` to see which; pay nobody."


def _redis(_settings: Settings) -> Iterator[str]:
    if not queues.is_reachable():
        yield (
            "Redis does not answer. Nothing is lost, but work waits: start `ideation up`, "
            "or check IDEATION_REDIS_URL."
        )
        return
    if not Worker.all(connection=queues.connection()):
        yield "No worker is running. Start `ideation up`, or `python -m workers run`."


def _jobs(_settings: Settings) -> Iterator[str]:
    failed = db.session.scalar(
        select(func.count()).where(OutboxRow.failed_at.is_not(None), OutboxRow.done_at.is_(None))
    )
    if failed:
        yield (
            f"{_how_many(failed, 'job', 'jobs')} failed for good. "
            "Open Console → Jobs to see why and try again."
        )
    late = db.session.scalar(
        select(func.count()).where(
            OutboxRow.done_at.is_(None),
            OutboxRow.failed_at.is_(None),
            OutboxRow.due_at < clock.now() - LATE,
        )
    )
    if late:
        yield (
            f"{_how_many(late, 'job waits', 'jobs wait')} for more than five minutes. "
            "Is a worker running?"
        )
    for name in jobs.without_handler():
        yield f"No worker knows the job {name}. This copy of the code is incomplete."


def _mail(settings: Settings) -> Iterator[str]:
    failed = db.session.scalar(select(func.count()).where(Mail.state == MailState.FAILED))
    if failed:
        yield (
            f"{_how_many(failed, 'mail', 'mails')} could not be sent. "
            "Console → Mail shows the server's answer."
        )
    if not settings.mail_url and not settings.is_loopback:
        yield "No mail server is set (IDEATION_MAIL_URL): mail waits in Console → Mail."


def _files(settings: Settings) -> Iterator[str]:
    try:
        in_force.store().put("doctor/probe", b"probe")
        in_force.store().delete("doctor/probe")
    except OSError as error:
        yield f"Pictures cannot be stored: {error}."
    free = shutil.disk_usage(settings.home).free
    if free < LEAST_FREE_BYTES:
        yield f"Only {free // 1_048_576} MB are free on the disk of IDEATION_HOME."


def _people(settings: Settings) -> Iterator[str]:
    has_operator = db.session.scalar(select(Grant.id).where(Grant.role == Role.OPERATOR).limit(1))
    if not has_operator:
        yield "Nobody is operator yet. Run `ideation setup-link` and open the link it prints."
    if not settings.is_https and not settings.is_loopback:
        yield "People reach this instance without https. Set IDEATION_BASE_URL to an https address."
    if settings.clock_file is not None:
        yield "The clock is moved by IDEATION_CLOCK_FILE, which is meant for tests."


def _how_many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


CHECKS: tuple[Check, ...] = (_database, _money, _redis, _jobs, _mail, _files, _people)
