"""What voting tells members."""

from ideation.core.i18n import lazy
from ideation.notices import kinds

RESULT = kinds.declare(
    kinds.Kind(
        name="voting.result",
        label=lazy("The result of a contest you entered"),
        title=lambda _params: lazy("The result is here"),
        text=lambda params: lazy(
            "“%(title)s” came in at %(rank)s of %(total)s in %(contest)s.", **params
        ),
        action=lazy("See the result"),
    )
)
