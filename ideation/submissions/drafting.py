"""Drafts: begun in a contest, edited until its entries close.

What was handed in may be edited too. An approved design that changes goes back to the queue,
for otherwise anything could be swapped in behind a moderator's back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.accounts.policies import may_take_part, sees_live_scores
from ideation.contests.models import Contest
from ideation.contests.phases import approval_deadline, takes_entries
from ideation.core import events, idempotency, ids, text
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import lazy
from ideation.moderation import queue
from ideation.submissions import bars, placing, policies, readiness
from ideation.submissions.events import SubmissionReturned
from ideation.submissions.models import Designer, State, Submission

#: What moderation calls its subject.
SUBJECT = "submission"
MOST_DRAFTS = 10
MOST_TAGS = 8
LONGEST_TITLE = 80
LONGEST_STORY = 2000
LONGEST_TAG = 30
LONGEST_SOURCES = 1000
LONGEST_ALT = 250

_BETWEEN_TAGS = re.compile(r"[,;#\n，、；]+")


@dataclass(frozen=True)
class Text:
    """What the designer writes; any of it may still be empty in a draft."""

    title: str = ""
    story: str = ""
    tags: str = ""
    colour: str = ""
    sources: str = ""
    #: Where the art stands on the article, and how large; both empty leave it as it is.
    position: str = ""
    art_size: str = ""


def begin(member: Member, contest: Contest, *, at: datetime, key: str) -> Submission:
    """Begin a draft; the same ``key`` (of the form) gives the same draft.

    Raises NotAllowed for whoever may not take part, Conflict where the contest takes no entries
    or the member has ``MOST_DRAFTS`` unfinished ones in it.
    """

    def act() -> dict[str, Any]:
        require_entrant(member, contest, at)
        return {"submission": _begin(member, contest, at).id}

    answer = idempotency.once(
        f"submissions.begin:{member.id}", key, {"contest": contest.id}, act, at
    )
    submission = db.session.get(Submission, answer["submission"])
    if submission is None:
        raise Conflict(lazy("That draft was thrown away. Begin a new one."))
    return submission


def keep(
    member: Member,
    submission: Submission,
    text: Text,
    alt_texts: Mapping[str, str],
    *,
    at: datetime,
) -> dict[str, Words]:
    """Keep what can be kept of what is written; returns field → why of what cannot.

    For what nobody but its designer reads yet. Raises NotAllowed, Conflict after entries close.
    """
    require_editable(member, submission, at)
    values, wrong = _cleaned(text, submission.contest)
    _replace(submission, values, at)
    return wrong | _describe(submission, alt_texts, at)


def edit(member: Member, submission: Submission, text: Text, *, at: datetime) -> None:
    """Replace what is written. Raises NotAllowed, Conflict after entries close, Invalid."""
    require_editable(member, submission, at)
    values, wrong = _cleaned(text, submission.contest)
    if wrong:
        raise Invalid(fields=wrong)
    _replace(submission, values, at)


def describe(
    member: Member, submission: Submission, alt_texts: Mapping[str, str], *, at: datetime
) -> None:
    """Set pictures' alt texts by their public ids; ids that are not its own are passed over."""
    require_editable(member, submission, at)
    if wrong := _describe(submission, alt_texts, at):
        raise Invalid(fields=wrong)


def require_editable(member: Member, submission: Submission, at: datetime) -> None:
    """Raise NotAllowed or Conflict unless the member may change the submission now."""
    if policies.may_edit(submission, member, at):
        return
    if not policies.is_owner(submission, member):
        raise NotAllowed(lazy("Only the member who began this design can change it."))
    require_entries_open(submission.contest, at)
    require_standing(member)
    raise Conflict(lazy("This design was withdrawn. Begin a new one while entries are open."))


def require_entries_open(contest: Contest, at: datetime) -> None:
    """Raise Conflict, saying what to do instead, unless the contest takes entries now."""
    if takes_entries(contest, at):
        return
    if contest.entry_opens_at is not None and at < contest.entry_opens_at:
        raise Conflict(lazy("Entries are not open yet. The contest's page says when they open."))
    raise Conflict(
        lazy("Entries have closed. See the list of contests for one that is open."),
        code="entries_closed",
    )


def require_entrant(member: Member, contest: Contest, at: datetime) -> None:
    """Raise NotAllowed or Conflict, saying why, unless the member may begin a design now."""
    require_standing(member)
    require_entries_open(contest, at)
    if barred := bars.find(member.id, contest):
        raise NotAllowed(barred)
    if not policies.may_begin(contest, member, at):
        raise Conflict(lazy("This contest takes no entries."))


def require_standing(member: Member) -> None:
    """Raise NotAllowed, saying why, unless the member may take part in contests."""
    if sees_live_scores(member):
        raise NotAllowed(
            lazy("Your role sees scores before close, so you cannot enter. Ask somebody else to.")
        )
    if not may_take_part(member):
        raise NotAllowed(lazy("Your account is suspended. Write to the operator to return."))


def changed(submission: Submission, at: datetime) -> None:
    """Note a change of what people will see; what was approved must be looked at again.

    Raises Invalid where what was handed in would lack something without which it cannot be.
    """
    if submission.state in {State.SUBMITTED, State.APPROVED}:
        lacking = readiness.must_keep(submission)
        if lacking:
            raise Invalid(fields=lacking)
    submission.updated_at = at
    if submission.state is State.APPROVED:
        submission.state = State.SUBMITTED
        submission.decided_at = None
        open_case(submission, at)
        events.publish(SubmissionReturned(submission.id, submission.contest_id, at))
    db.session.flush()


def open_case(submission: Submission, at: datetime) -> None:
    """Put it before the moderators, due when its contest stops taking approvals."""
    queue.open_case(
        SUBJECT,
        submission.id,
        space_id=submission.contest.space_id,
        at=at,
        due_at=approval_deadline(submission.contest),
    )


def find_colour(submission: Submission) -> dict[str, Any] | None:
    """The colour it is printed on, as its contest's article lists it."""
    colours = submission.contest.article.colours
    return next((one for one in colours if one["key"] == submission.colour), None)


def clean_tags(typed: str) -> list[str]:
    """``#Night bus, tea；tea`` → ``["night bus", "tea"]``: lower case, in order, each once.

    Raises Invalid for more than ``MOST_TAGS`` or one that is too long.
    """
    tags: list[str] = []
    for part in _BETWEEN_TAGS.split(typed):
        tag = text.clean_line(part).lower()
        if tag and tag not in tags:
            tags.append(tag)
    if len(tags) > MOST_TAGS:
        raise Invalid(fields={"tags": lazy("At most %(most)s tags.", most=MOST_TAGS)})
    for tag in tags:
        if len(tag) > LONGEST_TAG:
            raise Invalid(
                fields={"tags": lazy("A tag has at most %(most)s characters.", most=LONGEST_TAG)}
            )
    return tags


def _begin(member: Member, contest: Contest, at: datetime) -> Submission:
    query = select(func.count()).where(
        Submission.member_id == member.id,
        Submission.contest_id == contest.id,
        Submission.state == State.DRAFT,
    )
    if (db.session.scalar(query) or 0) >= MOST_DRAFTS:
        raise Conflict(
            lazy("You have %(most)s unfinished designs here. Finish one first.", most=MOST_DRAFTS)
        )
    submission = Submission(
        public_id=ids.public_id(),
        contest_id=contest.id,
        member_id=member.id,
        state=State.DRAFT,
        colour=contest.article.colours[0]["key"] if contest.article.colours else "",
        created_at=at,
        updated_at=at,
        designers=[Designer(member_id=member.id, position=0, share_bp=10_000)],
    )
    db.session.add(submission)
    db.session.flush()
    return submission


def _cleaned(typed: Text, contest: Contest) -> tuple[dict[str, Any], dict[str, Words]]:
    """Column → value of what can be kept, and field → why of what cannot."""
    wrong: dict[str, Words] = {}
    values: dict[str, Any] = {
        "title": text.clean_line(typed.title),
        "story": text.clean_text(typed.story),
        "sources": text.clean_text(typed.sources),
        "colour": typed.colour,
    }
    longest = {"title": LONGEST_TITLE, "story": LONGEST_STORY, "sources": LONGEST_SOURCES}
    for name, most in longest.items():
        if len(values[name]) > most:
            wrong[name] = _too_long(most, values[name])
    colours = {colour["key"] for colour in contest.article.colours}
    if typed.colour and typed.colour not in colours:
        wrong["colour"] = lazy("Choose one of the article's colours.")
    try:
        values["tags"] = clean_tags(typed.tags)
    except Invalid as error:
        wrong |= error.fields
    if typed.position or typed.art_size:
        try:
            chosen = placing.choose(contest.article, typed.position, typed.art_size)
            values["placement"] = chosen
        except Invalid as error:
            wrong |= error.fields
    return {name: value for name, value in values.items() if name not in wrong}, wrong


def _replace(submission: Submission, values: Mapping[str, Any], at: datetime) -> None:
    if all(getattr(submission, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(submission, name, value)
    changed(submission, at)


def _describe(
    submission: Submission, alt_texts: Mapping[str, str], at: datetime
) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for artwork in submission.artworks:
        alt_text = text.clean_line(alt_texts.get(artwork.public_id, artwork.alt_text))
        if len(alt_text) > LONGEST_ALT:
            wrong[f"alt_{artwork.public_id}"] = _too_long(LONGEST_ALT, alt_text)
        elif alt_text != artwork.alt_text:
            artwork.alt_text = alt_text
            changed(submission, at)
    return wrong


def _too_long(most: int, value: str) -> Words:
    return lazy("At most %(most)s characters; these are %(n)s.", most=most, n=len(value))
