"""What designers are told, and where a notice leads.

Params are plain JSON; a contest's name is stored in every language, since the reader may change
theirs before they read.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from ideation.contests import words
from ideation.contests.models import Contest
from ideation.core import i18n
from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.core.images.messages import explain
from ideation.moderation import rules
from ideation.notices import pictures
from ideation.notices.kinds import Kind, Topic, declare
from ideation.notices.ways import Way
from ideation.submissions.models import Artwork, ArtworkState, Rendition, Submission

Params = Mapping[str, Any]


def link(submission: Submission) -> str:
    """Path of the design's page."""
    return f"/designs/{submission.public_id}"


def edit_link(submission: Submission) -> str:
    """Path of the page on which its designer changes it."""
    return f"/designs/{submission.public_id}/edit"


@pictures.found_under("designs")
def picture_of(public_id: str) -> pictures.Picture | None:
    """A design's cover, for a postcard that is about it: in a format that mail programs show."""
    query = (
        select(Rendition, Artwork.alt_text, Submission.title)
        .join(Artwork, Artwork.id == Rendition.artwork_id)
        .join(Submission, Submission.id == Artwork.submission_id)
        .where(
            Submission.public_id == public_id,
            Artwork.state == ArtworkState.READY,
            Rendition.kind == "grid",
            Rendition.format != "webp",
        )
        .order_by(Artwork.position)
        .limit(1)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    made, alt_text, title = row
    return pictures.Picture(f"/media/{made.key}", made.width, made.height, alt_text or title)


def contest_names(contest: Contest) -> dict[str, str]:
    """Language → what the contest is called."""
    names = {}
    for tag in i18n.LOCALES:
        with i18n.speaking(tag):
            names[tag] = words.full_name(contest)
    return names


def _title(params: Params) -> Words:
    return params.get("title") or lazy("your design")


def _contest(params: Params, name: str = "contest") -> str:
    names: dict[str, str] = params[name]
    return names.get(i18n.language()) or names[i18n.DEFAULT]


APPROVED = declare(
    Kind(
        name="submission.approved",
        label=lazy("A design of mine was approved"),
        title=lambda p: lazy("“%(title)s” is in", title=_title(p)),
        text=lambda p: lazy(
            "A moderator approved it. It is part of %(contest)s.", contest=_contest(p)
        ),
        action=lazy("See it on the wall"),
        topic=Topic.DESIGNS,
        whom="the designers named on the entry",
    )
)

DECLINED = declare(
    Kind(
        name="submission.declined",
        label=lazy("A design of mine was declined"),
        title=lambda p: lazy("“%(title)s” cannot enter as it is", title=_title(p)),
        text=lambda p: lazy(
            "%(rule)s The moderator writes: %(reason)s",
            rule=rules.sentence(p["rule"]),
            reason=p["reason"],
        ),
        action=lazy("See what to do next"),
        topic=Topic.DESIGNS,
        whom="whoever handed the entry in",
    )
)

LATE = declare(
    Kind(
        name="submission.late",
        label=lazy("A design of mine was approved too late for its contest"),
        title=lambda p: lazy("May “%(title)s” move to the next edition?", title=_title(p)),
        text=lambda p: lazy(
            "You handed it in on time, but it was approved too late for %(contest)s. That is our "
            "delay, not yours. With your consent it enters %(next)s instead.",
            contest=_contest(p),
            next=_contest(p, "next"),
        ),
        action=lazy("Decide"),
        topic=Topic.DESIGNS,
        whom="whoever handed the entry in",
    )
)

NO_EDITION = declare(
    Kind(
        name="submission.no_edition",
        label=lazy("No edition is planned yet for a design approved too late"),
        title=lambda p: lazy("“%(title)s” was approved too late", title=_title(p)),
        text=lambda p: lazy(
            "You handed it in on time, but it was approved too late for %(contest)s. That is our "
            "delay, not yours. As soon as another edition is planned we ask whether it may move.",
            contest=_contest(p),
        ),
        action=lazy("See where it stands"),
        topic=Topic.DESIGNS,
        whom="whoever handed the entry in",
    )
)

MOVED = declare(
    Kind(
        name="submission.moved",
        label=lazy("A design I share in moved to a later edition"),
        title=lambda p: lazy("“%(title)s” has moved", title=_title(p)),
        text=lambda p: lazy("It is now part of %(contest)s.", contest=_contest(p)),
        action=lazy("See it"),
        topic=Topic.DESIGNS,
        whom="the other designers named on the entry",
        way=Way.HERE,
    )
)

NAMED = declare(
    Kind(
        name="submission.named",
        label=lazy("Somebody names me as a co-designer"),
        title=lambda p: lazy("%(name)s names you as a co-designer", name=p["name"]),
        text=lambda p: lazy(
            "Of “%(title)s” your share would be %(share)s%%. You are not shown beside it until "
            "you agree.",
            title=_title(p),
            share=p["share"],
        ),
        action=lazy("Agree or decline"),
        topic=Topic.DESIGNS,
        whom="the member who is named",
    )
)

AGREED = declare(
    Kind(
        name="submission.agreed",
        label=lazy("A co-designer agrees"),
        title=lambda p: lazy("%(name)s agrees", name=p["name"]),
        text=lambda p: lazy(
            "They are now named beside you as a designer of “%(title)s”.", title=_title(p)
        ),
        action=lazy("See the design"),
        topic=Topic.DESIGNS,
        whom="whoever handed the entry in",
        way=Way.HERE,
    )
)

LEFT = declare(
    Kind(
        name="submission.left",
        label=lazy("A co-designer does not want to be named"),
        title=lambda p: lazy("%(name)s does not want to be named", name=p["name"]),
        text=lambda p: lazy("Their share of “%(title)s” has come back to you.", title=_title(p)),
        action=lazy("See the design"),
        topic=Topic.DESIGNS,
        whom="whoever handed the entry in",
    )
)

PICTURE_FAILED = declare(
    Kind(
        name="submission.picture_failed",
        label=lazy("A picture of mine cannot be used"),
        title=lambda p: lazy("A picture of “%(title)s” cannot be used", title=_title(p)),
        text=lambda p: explain(p["failure"]),
        action=lazy("Choose another picture"),
        topic=Topic.DESIGNS,
        whom="whoever handed the entry in",
    )
)
