"""A public list as a feed: what is in it, when it last changed, and ids that never change.

Ids are ``tag:`` addresses (RFC 4151) of the instance's host and the day a thing was made, so that
they outlive a change of slug or of https. Nothing of a feed hangs on who reads it, and before a
contest's scores are public nothing hangs on its votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ideation.contests import briefs
from ideation.contests import words as contest_words
from ideation.contests.models import Contest
from ideation.contests.phases import is_blind, phase
from ideation.core import config
from ideation.core.i18n import language
from ideation.http.pictures import Picture, image_of, product_image
from ideation.products import words as product_words
from ideation.products.models import Product
from ideation.submissions import designers
from ideation.submissions.models import Submission

#: When an instance has nothing to show yet, its feed still needs an instant.
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One thing of a list. ``text`` is Markdown; ``authors`` empty where nobody is named."""

    id: str
    title: str
    path: str
    published: datetime
    updated: datetime
    text: str = ""
    picture: Picture | None = None
    authors: Sequence[str] = ()
    #: Further lines: (words, path).
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Feed:
    """A list. ``path`` is the page it belongs to."""

    id: str
    title: str
    path: str
    entries: Sequence[Entry]
    since: datetime = field(default=_BEGINNING)

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=self.since)


def tag(made_at: datetime, what: str) -> str:
    """``tag:contest.example,2026-11-22:designs/ab12``."""
    host = urlsplit(config.current().base_url).hostname or "localhost"
    return f"tag:{host},{made_at.astimezone(UTC):%Y-%m-%d}:{what}"


def of_contest(contest: Contest, path: str, at: datetime) -> Entry:
    """A contest with its brief; it changes when a window opens or closes, and by its facts."""
    facts = (
        contest.entry_opens_at,
        contest.entry_closes_at,
        contest.scoring_opens_at,
        contest.scoring_closes_at,
        contest.tallied_at,
        contest.announced_at,
        contest.cancelled_at,
    )
    over = [fact for fact in facts if fact is not None and fact <= at]
    stands = str(contest_words.PHASES[phase(contest, at)])
    return Entry(
        id=tag(contest.created_at, f"contests/{contest.slug}"),
        title=contest_words.full_name(contest),
        path=path,
        published=contest.created_at,
        updated=max([contest.created_at, *over]),
        text=f"**{stands}**\n\n{briefs.read(contest, language()).text.brief}",
    )


def of_design(design: Submission, path: str, at: datetime) -> Entry:
    """A design; unnamed while it is scored."""
    published = design.submitted_at or design.created_at
    facts = (published, design.decided_at, design.contest.tallied_at)
    names = [] if is_blind(design.contest, at) else designers.named(design)
    return Entry(
        id=tag(design.created_at, f"designs/{design.public_id}"),
        title=design.title,
        path=path,
        published=published,
        updated=max(fact for fact in facts if fact is not None),
        text=design.story,
        picture=image_of(next(iter(design.artworks), None)),
        authors=[member.name for member in names],
    )


def of_product(product: Product, path: str, at: datetime) -> Entry:
    """A published product; it changes when a run of it opens, and when that is decided."""
    published = product.published_at or product.created_at
    facts = [fact for run in product.runs for fact in (run.opened_at, run.decided_at)]
    return Entry(
        id=tag(product.created_at, f"products/{product.slug}"),
        title=product.name,
        path=path,
        published=published,
        updated=max([published, *(fact for fact in facts if fact is not None and fact <= at)]),
        text=product.words or product.submission.story,
        picture=product_image(product, product.colours[0]),
        authors=[member.name for member in product_words.designers_of(product)],
    )
