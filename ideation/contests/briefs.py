"""Brief and rules in three languages: written freely, frozen by version when entries open.

An entrant must be able to point at the words they entered under. So a version is never edited
once entries have opened; a correction is a new version with a public reason, and every older
one stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import changes
from ideation.contests.models import Brief, Contest, Series, SeriesText
from ideation.contests.policies import check_may_manage, check_moves_dates
from ideation.core.db import db
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import DEFAULT, LOCALES, lazy
from ideation.core.text import plain

MOST_TITLE = 60
MOST_BRIEF = 2_000
MOST_RULES = 10_000

#: Where a text is missing, readers of one Chinese script get the other before English.
_NEXT_BEST = {"zh-Hans": ("zh-Hant",), "zh-Hant": ("zh-Hans",)}


@dataclass(frozen=True)
class Text:
    """What stands in one language: a title, the brief and the rules, both Markdown."""

    title: str
    brief: str
    rules: str = ""


@dataclass(frozen=True)
class Reading:
    """A text as somebody gets to read it; ``is_fallback`` where their own language is missing."""

    language: str
    is_fallback: bool
    text: Text

    @property
    def title(self) -> str:
        return self.text.title

    @property
    def summary(self) -> str:
        """The first paragraph of the brief, without Markdown: what a poster says."""
        return plain(self.text.brief.split("\n\n", 1)[0])


def read(contest: Contest, language: str) -> Reading:
    """The words that stand, in the reader's language or the next best."""
    return choose(texts_of(contest), language)


def choose(texts: Mapping[str, Text], language: str) -> Reading:
    """The text in this language, else in the next best: never nothing."""
    for tag in (language, *_NEXT_BEST.get(language, ()), DEFAULT, *sorted(texts)):
        if tag in texts:
            return Reading(tag, tag != language, texts[tag])
    return Reading(language, False, Text("", ""))


def texts_of(contest: Contest, version: int | None = None) -> dict[str, Text]:
    """Language → text of one version; of the one that stands where none is named."""
    wanted = contest.brief_version if version is None else version
    return {
        row.language: Text(row.title, row.brief, row.rules)
        for row in contest.briefs
        if row.version == wanted
    }


def series_texts(series: Series) -> dict[str, Text]:
    """Language → name, brief and rules of a series."""
    return {row.language: Text(row.name, row.brief, row.rules) for row in series.texts}


def wrong_fields(texts: Mapping[str, Text]) -> dict[str, Words]:
    """Field (``title-en``) → what to do, for everything in the texts that cannot stand."""
    wrong: dict[str, Words] = {}
    if not texts:
        wrong[f"title-{DEFAULT}"] = lazy("Write a title and a brief in one language at least.")
    for tag, text in texts.items():
        if tag not in LOCALES:
            wrong[f"title-{tag}"] = lazy("This language is not one of ours.")
        if not text.title:
            wrong[f"title-{tag}"] = lazy("A title is missing in this language.")
        if not text.brief:
            wrong[f"brief-{tag}"] = lazy("The brief is missing in this language.")
        for name, value, most in (
            ("title", text.title, MOST_TITLE),
            ("brief", text.brief, MOST_BRIEF),
            ("rules", text.rules, MOST_RULES),
        ):
            if len(value) > most:
                wrong[f"{name}-{tag}"] = lazy(
                    "At most %(most)s characters; these are %(n)s.", most=most, n=len(value)
                )
    return wrong


def put(texts: Mapping[str, Text], contest: Contest, at: datetime) -> None:
    """Write the version that stands; only while it is not frozen."""
    rows = {row.language: row for row in contest.briefs if row.version == contest.brief_version}
    for tag, row in rows.items():
        if tag not in texts:
            contest.briefs.remove(row)
    for tag, text in texts.items():
        written = rows.get(tag)
        if written is None:
            written = Brief(version=contest.brief_version, language=tag)
            contest.briefs.append(written)
        if (written.title, written.brief, written.rules) != (text.title, text.brief, text.rules):
            written.title, written.brief, written.rules = text.title, text.brief, text.rules
            written.written_at = at


def put_series(texts: Mapping[str, Text], series: Series) -> None:
    """Write a series' own words, which an edition without a theme gets."""
    rows = {row.language: row for row in series.texts}
    for tag, row in rows.items():
        if tag not in texts:
            series.texts.remove(row)
    for tag, text in texts.items():
        if tag in rows:
            row = rows[tag]
            row.name, row.brief, row.rules = text.title, text.brief, text.rules
        else:
            series.texts.append(
                SeriesText(language=tag, name=text.title, brief=text.brief, rules=text.rules)
            )


def freeze(contest_id: int, at: datetime) -> bool:
    """Freeze the version that stands; True for the one caller that did it."""
    frozen = db.session.execute(
        update(Contest)
        .where(Contest.id == contest_id, Contest.briefs_frozen_at.is_(None))
        .values(briefs_frozen_at=at)
    )
    return bool(frozen.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def correct(
    actor: Member | None,
    contest: Contest,
    texts: Mapping[str, Text],
    *,
    reason: str,
    at: datetime,
) -> int:
    """Publish a new version after opening, with its reason; returns its number.

    ``contest`` is locked by the caller. Raises NotAllowed, Conflict after close, Invalid for
    texts that cannot stand, a missing reason, or words that did not change.
    """
    check_may_manage(actor, contest.space_id)
    check_moves_dates(contest, at)
    wrong = wrong_fields(texts) | changes.wrong_reason(reason)
    if wrong:
        raise Invalid(fields=wrong)
    if dict(texts) == texts_of(contest):
        raise Invalid(lazy("Nothing was changed."))
    before = contest.brief_version
    contest.brief_version = before + 1
    put(texts, contest, at)
    changes.record(
        actor, contest, "brief", before=str(before), after=str(before + 1), reason=reason, at=at
    )
    trail.record(
        "contest.brief_corrected",
        actor_id=actor.id if actor else None,
        subject_kind="contest",
        subject_id=contest.id,
        at=at,
        reason=reason,
        detail={"version": before + 1, "languages": sorted(texts)},
    )
    return contest.brief_version
