"""What integrity tells voters, and those who judged."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ideation.contests.models import Contest
from ideation.core.i18n import language, lazy, lazy_plural
from ideation.integrity import cases
from ideation.integrity.models import Appeal, Case
from ideation.notices import telling
from ideation.notices.kinds import Kind, Topic, declare
from ideation.submissions.notices import contest_names

Params = Mapping[str, Any]


def _contest(params: Params) -> str:
    names: dict[str, str] = params["contest"]
    return names.get(language()) or names["en"]


UNDER_REVIEW = declare(
    Kind(
        name="integrity.under_review",
        label=lazy("Votes of mine are under review"),
        title=lambda p: lazy_plural(
            "%(n)s vote of yours is under review",
            "%(n)s of your votes are under review",
            p["votes"],
        ),
        text=lambda p: lazy(
            "In %(contest)s. While somebody looks at them they do not count. Read why, and tell us "
            "if we are wrong.",
            contest=_contest(p),
        ),
        action=lazy("Read why"),
        topic=Topic.VOTING,
        whom="whoever gave the votes",
    )
)

SET_ASIDE = declare(
    Kind(
        name="integrity.set_aside",
        label=lazy("Votes of mine do not count"),
        title=lambda p: lazy_plural(
            "%(n)s vote of yours does not count", "%(n)s of your votes do not count", p["votes"]
        ),
        text=lambda p: lazy(
            "In %(contest)s, where somebody looked at them and decided so. Read why; you can "
            "appeal once.",
            contest=_contest(p),
        ),
        action=lazy("Read why"),
        topic=Topic.VOTING,
        whom="whoever gave the votes",
    )
)

RESTORED = declare(
    Kind(
        name="integrity.restored",
        label=lazy("Votes of mine count again"),
        title=lambda _p: lazy("Your votes count again"),
        text=lambda p: lazy(
            "In %(contest)s. They were set aside, and no longer are. We are sorry for the trouble.",
            contest=_contest(p),
        ),
        action=lazy("See what was decided"),
        topic=Topic.VOTING,
        whom="whoever gave the votes",
    )
)

ASKED = declare(
    Kind(
        name="integrity.asked",
        label=lazy("A question about votes of mine"),
        title=lambda _p: lazy("We have a question about your votes"),
        text=lambda p: lazy("In %(contest)s. A few words from you help us.", contest=_contest(p)),
        action=lazy("Read it and answer"),
        topic=Topic.VOTING,
        whom="whoever gave the votes",
    )
)

ANSWERED = declare(
    Kind(
        name="integrity.appeal_answered",
        label=lazy("An appeal of mine is answered"),
        title=lambda p: (
            lazy("Your appeal was upheld") if p["upheld"] else lazy("Your appeal was not upheld")
        ),
        text=lambda p: (
            lazy(
                "What was held against your votes in %(contest)s no longer stands.",
                contest=_contest(p),
            )
            if p["upheld"]
            else lazy(
                "Your votes in %(contest)s stay set aside. The answer says why.",
                contest=_contest(p),
            )
        ),
        action=lazy("Read the answer"),
        topic=Topic.VOTING,
        whom="whoever appealed",
    )
)

APPEALED = declare(
    Kind(
        name="integrity.appealed",
        label=lazy("Somebody appeals against a decision of mine"),
        title=lambda _p: lazy("An appeal waits for an answer"),
        text=lambda p: lazy("In %(contest)s, in a case you decided.", contest=_contest(p)),
        action=lazy("Open the case"),
        topic=Topic.TEAM,
        whom="whoever decided the case",
    )
)


def link(case: Case) -> str:
    """Where a member reads what concerns them."""
    return f"/reviews/{case.public_id}"


def desk_link(case: Case, contest: Contest) -> str:
    """Where those who judge see the case."""
    return f"/console/contests/{contest.slug}/integrity/{case.public_id}"


def tell_voters(
    kind: Kind, case: Case, contest: Contest, member_ids: Iterable[int], key: str, *, at: datetime
) -> None:
    """Tell voters of a case, each once for ``key``; nobody without a vote is told."""
    ids = sorted(member_ids)
    votes = cases.count_votes(contest.id, ids)
    names = contest_names(contest)
    for member_id in ids:
        if member_id in votes:
            telling.tell(
                member_id,
                kind,
                at=at,
                params={"votes": votes[member_id], "contest": names},
                link=link(case),
                key=f"{key}:{case.id}:{member_id}",
            )


def tell_answered(appeal: Appeal, case: Case, contest: Contest, *, at: datetime) -> None:
    """Tell the one who appealed what came of it."""
    telling.tell(
        appeal.member_id,
        ANSWERED,
        at=at,
        params={"upheld": bool(appeal.is_upheld), "contest": contest_names(contest)},
        link=link(case),
        key=f"integrity.answer:{appeal.id}",
    )


def tell_appealed(appeal: Appeal, case: Case, contest: Contest, *, at: datetime) -> None:
    """Tell whoever decided the case; where a rule did, the day's tasks hold it."""
    if case.judged_by_id is not None:
        telling.tell(
            case.judged_by_id,
            APPEALED,
            at=at,
            params={"contest": contest_names(contest)},
            link=desk_link(case, contest),
            key=f"integrity.appeal:{appeal.id}",
        )
