"""What designers, managers and buyers-to-be are told of a selection."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.i18n import datetime_words, language, lazy
from ideation.notices import pictures, telling
from ideation.notices.kinds import ABOUT_RIGHTS, Kind, Topic, declare
from ideation.selection import queries
from ideation.selection.models import Agreement, AgreementState, Decision, Outcome, ReleaseCause
from ideation.submissions.models import Designer, Submission
from ideation.submissions.notices import contest_names, link, picture_of
from ideation.voting.models import Intent

Params = Mapping[str, Any]


def _contest(params: Params) -> str:
    names: dict[str, str] = params["contest"]
    return names.get(language()) or names["en"]


def _until(params: Params) -> str:
    return datetime_words(datetime.fromisoformat(params["until"]))


OFFERED = declare(
    Kind(
        name="selection.offered",
        label=lazy("A design of mine won: the agreement"),
        title=lambda p: lazy("“%(title)s” won place %(place)s", title=p["title"], place=p["place"]),
        text=lambda p: lazy(
            "In %(contest)s. Before we announce it we need your answer to the agreement, by "
            "%(until)s; after that the place goes to the next in line. Please keep it to yourself "
            "until then.",
            contest=_contest(p),
            until=_until(p),
        ),
        action=lazy("Read the agreement"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
        always=ABOUT_RIGHTS,
    )
)

WITHDRAWN = declare(
    Kind(
        name="selection.withdrawn",
        label=lazy("An agreement offered to me was taken back"),
        title=lambda p: lazy("The agreement for “%(title)s” was taken back", title=p["title"]),
        text=lambda p: lazy("We write: %(reason)s", reason=p["reason"]),
        action=lazy("See where it stands"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

PASSED_ON = declare(
    Kind(
        name="selection.passed_on",
        label=lazy("An agreement for a design of mine ended unsigned"),
        title=lambda p: lazy("“%(title)s” gave its place back", title=p["title"]),
        text=lambda p: (
            lazy("The agreement was not answered in time. All rights in it are yours again.")
            if p["lapsed"]
            else lazy("The agreement was declined. All rights in it are yours again.")
        ),
        action=lazy("See the receipt"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

SIGNED = declare(
    Kind(
        name="selection.signed",
        label=lazy("Winners accept an agreement I offered"),
        title=lambda p: lazy("“%(title)s” is signed", title=p["title"]),
        text=lambda p: lazy(
            "Every designer accepted the agreement for place %(place)s of %(contest)s.",
            place=p["place"],
            contest=_contest(p),
        ),
        action=lazy("Go on deciding"),
        topic=Topic.TEAM,
        whom="the manager who offered it",
    )
)

UNSIGNED = declare(
    Kind(
        name="selection.unsigned",
        label=lazy("Winners decline an agreement I offered, or let it lapse"),
        title=lambda p: lazy("“%(title)s” is not signed", title=p["title"]),
        text=lambda p: (
            lazy(
                "Place %(place)s of %(contest)s goes to “%(next)s”, the next in line, which was "
                "offered an agreement at once.",
                place=p["place"],
                contest=_contest(p),
                next=p["next"],
            )
            if p["next"]
            else lazy(
                "Place %(place)s of %(contest)s is empty: nobody is left in line.",
                place=p["place"],
                contest=_contest(p),
            )
        ),
        action=lazy("Go on deciding"),
        topic=Topic.TEAM,
        whom="the manager who offered it",
    )
)

WON = declare(
    Kind(
        name="selection.won",
        label=lazy("A design of mine is announced as a winner"),
        title=lambda p: lazy("It is public: “%(title)s” won", title=p["title"]),
        text=lambda p: lazy(
            "Place %(place)s in %(contest)s. Your receipt says how it came about and what happens "
            "now.",
            place=p["place"],
            contest=_contest(p),
        ),
        action=lazy("See your receipt"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

DECIDED = declare(
    Kind(
        name="selection.decided",
        label=lazy("The decision about a design of mine"),
        title=lambda p: lazy("Your receipt for “%(title)s”", title=p["title"]),
        text=lambda p: lazy(
            "The winners of %(contest)s are announced. It was not chosen this time; the receipt "
            "says why, where it stood, and that all rights in it are yours again.",
            contest=_contest(p),
        ),
        action=lazy("See your receipt"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

RELEASED = declare(
    Kind(
        name="selection.released",
        label=lazy("A decision was not made in time"),
        title=lambda p: lazy("“%(title)s” is yours again", title=p["title"]),
        text=lambda p: lazy(
            "We announced no winners of %(contest)s by the date we had promised. So all rights in "
            "your design went back to you, by themselves.",
            contest=_contest(p),
        ),
        action=lazy("See your receipt"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

WISH_WON = declare(
    Kind(
        name="selection.wish_won",
        label=lazy("A design I'd buy has won"),
        title=lambda p: lazy("“%(title)s” won", title=p["title"]),
        text=lambda p: lazy(
            "You said you'd buy it. It is one of the winners of %(contest)s, and we are going to "
            "make it.",
            contest=_contest(p),
        ),
        action=lazy("See it"),
        topic=Topic.BUYING,
        whom="whoever said they'd buy it",
    )
)


def receipt_link(submission: Submission) -> str:
    """Path of the entry's receipt."""
    return f"{link(submission)}/receipt"


def agreement_link(agreement: Agreement) -> str:
    """Path of the agreement's page."""
    return f"/agreements/{agreement.public_id}"


@pictures.found_under("agreements")
def picture_of_agreed(public_id: str) -> pictures.Picture | None:
    """The design that an agreement is about, for a postcard to its designers."""
    query = (
        select(Submission.public_id)
        .join(Agreement, Agreement.submission_id == Submission.id)
        .where(Agreement.public_id == public_id)
    )
    design = db.session.scalar(query)
    return picture_of(design) if design else None


def tell_offered(agreement: Agreement, *, at: datetime) -> None:
    """Ask every designer for their answer."""
    params = {**_of(agreement), "until": agreement.expires_at.isoformat()}
    for party in agreement.parties:
        telling.tell(
            party.member_id,
            OFFERED,
            at=at,
            params=params,
            link=agreement_link(agreement),
            key=f"offered:{agreement.id}:{party.member_id}",
        )


def tell_withdrawn(agreement: Agreement, reason: str, *, at: datetime) -> None:
    """Tell every designer that there is nothing to answer any more."""
    for party in agreement.parties:
        telling.tell(
            party.member_id,
            WITHDRAWN,
            at=at,
            params={**_of(agreement), "reason": reason},
            link=agreement_link(agreement),
            key=f"withdrawn:{agreement.id}:{party.member_id}",
        )


def tell_accepted(agreement: Agreement, *, at: datetime) -> None:
    """Tell the manager who offered it."""
    if agreement.offered_by is not None:
        telling.tell(
            agreement.offered_by,
            SIGNED,
            at=at,
            params=_of(agreement),
            link=_decision_link(agreement),
            key=f"signed:{agreement.id}",
        )


def tell_passed_on(agreement: Agreement, following: Decision | None, *, at: datetime) -> None:
    """Tell its designers that it is over, and the manager who has the place now."""
    lapsed = agreement.state is AgreementState.LAPSED
    for party in agreement.parties:
        telling.tell(
            party.member_id,
            PASSED_ON,
            at=at,
            params={**_of(agreement), "lapsed": lapsed},
            link=receipt_link(agreement.submission),
            key=f"passed_on:{agreement.id}:{party.member_id}",
        )
    if agreement.offered_by is not None:
        telling.tell(
            agreement.offered_by,
            UNSIGNED,
            at=at,
            params={**_of(agreement), "next": following.submission.title if following else ""},
            link=_decision_link(agreement),
            key=f"unsigned:{agreement.id}",
        )


def tell_announced(contest_id: int) -> None:
    """Tell every designer of every entry, and who said they'd buy a winner; each once."""
    contest = db.session.get_one(Contest, contest_id)
    assert contest.announced_at is not None  # told of after it
    names = contest_names(contest)
    decided = queries.decisions_of(contest_id)
    for submission, member_id in _designers(list(decided)):
        decision = decided[submission.id]
        telling.tell(
            member_id,
            WON if decision.outcome is Outcome.WINNER else DECIDED,
            at=contest.announced_at,
            params={"title": submission.title, "contest": names, "place": decision.place or 0},
            link=receipt_link(submission),
            key=f"receipt:{submission.id}:{member_id}",
        )
    winners = [key for key, one in decided.items() if one.outcome is Outcome.WINNER]
    _tell_wishers(winners, names, at=contest.announced_at)


def tell_released(contest_id: int, *, at: datetime) -> None:
    """Tell every designer whose rights went back because we were late; each once."""
    names = contest_names(db.session.get_one(Contest, contest_id))
    issued = queries.issued_decisions(queries.list_entries(contest_id))
    free = [
        key
        for key, released in queries.releases_of(issued).items()
        if released.cause is ReleaseCause.OVERDUE
    ]
    for submission, member_id in _designers(free):
        telling.tell(
            member_id,
            RELEASED,
            at=at,
            params={"title": submission.title, "contest": names},
            link=receipt_link(submission),
            key=f"receipt:{submission.id}:{member_id}",
        )


def _tell_wishers(winners: list[int], names: dict[str, str], *, at: datetime) -> None:
    query = (
        select(Submission, Intent.member_id)
        .join(Intent, Intent.submission_id == Submission.id)
        .where(Submission.id.in_(winners))
        .order_by(Submission.id, Intent.member_id)
    )
    for submission, member_id in db.session.execute(query).all():
        telling.tell(
            member_id,
            WISH_WON,
            at=at,
            params={"title": submission.title, "contest": names},
            link=link(submission),
            key=f"wish_won:{submission.id}:{member_id}",
        )


def _designers(submission_ids: list[int]) -> list[tuple[Submission, int]]:
    """(entry, member) for every designer, co-designers included, agreed to be named or not."""
    query = (
        select(Submission, Designer.member_id)
        .join(Designer, Designer.submission_id == Submission.id)
        .where(Submission.id.in_(submission_ids))
        .order_by(Submission.id, Designer.position)
    )
    return [(row[0], row[1]) for row in db.session.execute(query).all()]


def _of(agreement: Agreement) -> dict[str, Any]:
    return {
        "title": agreement.submission.title,
        "place": agreement.place,
        "contest": contest_names(agreement.submission.contest),
    }


def _decision_link(agreement: Agreement) -> str:
    return f"/console/contests/{agreement.submission.contest.slug}/decision"
