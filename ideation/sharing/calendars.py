"""Contests' dates and products' windows as a calendar (RFC 5545), in the language in force.

An entry keeps its UID for good and its SEQUENCE rises with each change of its contest or run, so
that calendars move it instead of adding another. Instants are UTC: each calendar shows them on its
owner's clock. Folding, escaping and line ends are icalendar's.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from sqlalchemy import func, select

from ideation.audit.models import AuditEntry
from ideation.contests import briefs, words
from ideation.contests.models import Contest
from ideation.core import config, identity
from ideation.core.db import db
from ideation.core.i18n import gettext as _
from ideation.core.i18n import language
from ideation.core.text import clean_line, excerpt
from ideation.products.models import Product, Run

_REFRESH = timedelta(hours=1)
#: Acts of the audit trail that change what a contest's calendar says. No others: how often
#: managers look into a contest's votes is nobody's business.
_ACTS = ("contest.changed", "contest.dates_changed", "contest.brief_corrected", "contest.cancelled")


def of_contests(contests: Collection[Contest]) -> Iterator[Event]:
    """Their dates; two statements however many they are."""
    changes = _changes([contest.id for contest in contests])
    for contest in contests:
        count, last_at = changes.get(contest.id, (0, contest.created_at))
        for name, at, what in _dates(contest):
            event = _event(f"{contest.slug}.{name}", at, last_at, count)
            title = _("%(what)s: %(contest)s", what=what, contest=words.full_name(contest))
            event.add("SUMMARY", title)
            event.add("DESCRIPTION", excerpt(briefs.read(contest, language()).summary, 300))
            event.add("URL", _address("contests", contest.slug))
            event.add("STATUS", "CANCELLED" if contest.cancelled_at else "CONFIRMED")
            yield event


def of_products(products: Collection[Product]) -> Iterator[Event]:
    """The windows of their runs."""
    for product in products:
        for run in product.runs:
            changed_at = run.extended_at or run.created_at
            event = _event(f"{run.public_id}.run", run.opens_at, changed_at, int(_is_moved(run)))
            event.add("DTEND", run.closes_at.astimezone(UTC))
            event.add("SUMMARY", _("Pre-order: %(product)s", product=product.name))
            event.add("URL", _address("products", product.slug))
            event.add("STATUS", "CONFIRMED")
            yield event


def calendar(name: str, events: Iterator[Event]) -> bytes:
    """The whole calendar as a file."""
    whole = Calendar()
    ours, name = clean_line(identity.current().name), clean_line(name)
    whole.add("PRODID", f"-//{ours}//Ideation//{language().upper()}")
    whole.add("VERSION", "2.0")
    whole.add("METHOD", "PUBLISH")
    whole.add("NAME", name)
    whole.add("X-WR-CALNAME", name)
    whole.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    whole.add("X-PUBLISHED-TTL", _REFRESH)
    for event in events:
        whole.add_component(event)
    return bytes(whole.to_ical())


def _dates(contest: Contest) -> Iterator[tuple[str, datetime, str]]:
    """(name, instant, what happens); where scoring follows entry without a pause, once."""
    follows = contest.scoring_opens_at == contest.entry_closes_at
    closing = _("Entries close, scoring begins") if follows else _("Entries close")
    found: tuple[tuple[str, datetime | None, str], ...] = (
        ("entry_opens", contest.entry_opens_at, _("Entries open")),
        ("entry_closes", contest.entry_closes_at, closing),
        ("scoring_opens", None if follows else contest.scoring_opens_at, _("Scoring begins")),
        ("scoring_closes", contest.scoring_closes_at, _("Scoring ends")),
        ("decision", contest.decision_due_at, _("Decision due")),
    )
    for name, at, what in found:
        if at is not None:
            yield name, at, what


def _event(name: str, at: datetime, changed_at: datetime, sequence: int) -> Event:
    event = Event()
    event.add("UID", f"{name}@{urlsplit(config.current().base_url).hostname}")
    event.add("DTSTAMP", changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", changed_at.astimezone(UTC))
    event.add("SEQUENCE", sequence)
    event.add("DTSTART", at.astimezone(UTC))
    event.add("TRANSP", "TRANSPARENT")  # nobody is busy because a contest runs
    return event


def _changes(contest_ids: Collection[int]) -> Mapping[int, tuple[int, datetime]]:
    """Contest → how often somebody changed it, and when last, as the audit trail tells."""
    query = (
        select(AuditEntry.subject_id, func.count(), func.max(AuditEntry.at))
        .where(
            AuditEntry.subject_kind == "contest",
            AuditEntry.subject_id.in_(contest_ids),
            AuditEntry.action.in_(_ACTS),
        )
        .group_by(AuditEntry.subject_id)
    )
    return {key: (count, at) for key, count, at in db.session.execute(query) if key is not None}


def _is_moved(run: Run) -> bool:
    return run.extended_at is not None


def _address(kind: str, slug: str) -> str:
    return f"{config.current().base_url}/{kind}/{slug}"
