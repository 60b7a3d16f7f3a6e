"""What designers and managers are told of a disqualification, and of what comes of an appeal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.core.db import db
from ideation.core.i18n import language, lazy
from ideation.notices import telling
from ideation.notices.kinds import Kind, Topic, declare
from ideation.selection.models import Disqualification
from ideation.selection.notices import receipt_link
from ideation.submissions.models import Designer
from ideation.submissions.notices import contest_names

Params = Mapping[str, Any]


def _contest(params: Params) -> str:
    names: dict[str, str] = params["contest"]
    return names.get(language()) or names["en"]


DISQUALIFIED = declare(
    Kind(
        name="selection.disqualified",
        label=lazy("A design of mine is disqualified"),
        title=lambda p: lazy("“%(title)s” was disqualified", title=p["title"]),
        text=lambda p: lazy(
            "It is out of the result of %(contest)s, and its votes count no more. The reason we "
            "gave: “%(note)s” If we are wrong, tell us: the receipt has a form for your appeal, "
            "and somebody answers it.",
            contest=_contest(p),
            note=p["note"],
        ),
        action=lazy("Read why, and appeal"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

ANSWERED = declare(
    Kind(
        name="selection.disqualification_answered",
        label=lazy("A disqualification of a design of mine is confirmed or lifted"),
        title=lambda p: (
            lazy("“%(title)s” is back in the result", title=p["title"])
            if p["lifted"]
            else lazy("“%(title)s” stays disqualified", title=p["title"])
        ),
        text=lambda p: (
            lazy(
                "We let it into %(contest)s again and counted anew. We write: “%(answer)s”",
                contest=_contest(p),
                answer=p["answer"],
            )
            if p["lifted"]
            else lazy(
                "We read your appeal in %(contest)s. We write: “%(answer)s”",
                contest=_contest(p),
                answer=p["answer"],
            )
        ),
        action=lazy("See where it stands"),
        topic=Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

APPEALED = declare(
    Kind(
        name="selection.disqualification_appealed",
        label=lazy("Designers appeal against a disqualification of mine"),
        title=lambda p: lazy("An appeal for “%(title)s” waits for an answer", title=p["title"]),
        text=lambda p: lazy(
            "In %(contest)s. The winners cannot be announced before it is answered.",
            contest=_contest(p),
        ),
        action=lazy("Read the appeal"),
        topic=Topic.TEAM,
        whom="whoever decided it",
    )
)


def tell_disqualified(made: Disqualification, *, at: datetime) -> None:
    """Tell every designer why it is out, and how to appeal."""
    _tell_designers(made, DISQUALIFIED, {"note": made.note}, f"disqualified:{made.id}", at)


def tell_answered(made: Disqualification, *, at: datetime) -> None:
    """Tell every designer what came of it."""
    is_lifted = made.lifted_at is not None
    params = {"answer": made.answer, "lifted": is_lifted}
    _tell_designers(made, ANSWERED, params, f"disqualified:{made.id}:{is_lifted}", at)


def tell_appealed(made: Disqualification, *, at: datetime) -> None:
    """Tell whoever decided it; the console's pages show it to the others."""
    if made.decided_by is not None:
        telling.tell(
            made.decided_by,
            APPEALED,
            at=at,
            params=_params(made),
            link=f"/console/contests/{made.submission.contest.slug}/disqualifications",
            key=f"disqualified:{made.id}:appeal",
        )


def _tell_designers(
    made: Disqualification, kind: Kind, params: dict[str, Any], key: str, at: datetime
) -> None:
    designers = select(Designer.member_id).where(Designer.submission_id == made.submission_id)
    for member_id in db.session.scalars(designers.order_by(Designer.position)).all():
        telling.tell(
            member_id,
            kind,
            at=at,
            params={**_params(made), **params},
            link=receipt_link(made.submission),
            key=f"{key}:{member_id}",
        )


def _params(made: Disqualification) -> dict[str, Any]:
    return {
        "title": made.submission.title,
        "contest": contest_names(made.submission.contest),
    }
