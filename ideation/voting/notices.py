"""What voting tells members."""

from collections.abc import Mapping
from typing import Any

from ideation.core import i18n
from ideation.core.i18n import lazy
from ideation.notices import kinds
from ideation.notices.kinds import Kind

Params = Mapping[str, Any]


def _contest(params: Params) -> str:
    names: dict[str, str] = params["contest"]
    return names.get(i18n.language()) or names[i18n.DEFAULT]


RESULT = kinds.declare(
    Kind(
        name="voting.result",
        label=lazy("The result of a contest you entered"),
        title=lambda _params: lazy("The result is here"),
        text=lambda params: lazy(
            "“%(title)s” came in at %(rank)s of %(total)s in %(contest)s.", **params
        ),
        action=lazy("See the result"),
        topic=kinds.Topic.WINNING,
        whom="every designer of the entry, co-designers included",
    )
)

JURY_NAMED = kinds.declare(
    Kind(
        name="voting.jury_named",
        label=lazy("I am invited to a jury"),
        title=lambda p: lazy("You are on the jury of %(contest)s", contest=_contest(p)),
        text=lambda _params: lazy(
            "You score every design, in an order of your own, and see nobody else’s stars. Your "
            "name stands on the contest’s page; you do not enter it. If you would rather not, step "
            "down on your jury page."
        ),
        action=lazy("Open your jury page"),
        topic=kinds.Topic.VOTING,
        whom="the juror",
    )
)

JURY_REMOVED = kinds.declare(
    Kind(
        name="voting.jury_removed",
        label=lazy("I am taken off a jury"),
        title=lambda p: lazy("You are no longer on the jury of %(contest)s", contest=_contest(p)),
        text=lambda p: lazy(
            "We write: %(reason)s What you scored until now stays and counts.", reason=p["reason"]
        ),
        action=lazy("See the contest"),
        topic=kinds.Topic.VOTING,
        whom="the juror",
    )
)
