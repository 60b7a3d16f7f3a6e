"""How a member is told: four ways, each with all that the ones before it give."""

import enum
from collections.abc import Mapping

from ideation.core.errors import Words
from ideation.core.i18n import lazy


class Way(enum.StrEnum):
    """Not at all, on the site, there and in the morning's digest, there and by a mail at once.

    There is no way by mail alone: the digest leaves out what was read on the site, and mail that
    is lost is still told there.
    """

    NONE = "none"
    HERE = "here"
    DIGEST = "digest"
    MAIL = "mail"


#: What a member chooses by.
WORDS: Mapping[Way, Words] = {
    Way.MAIL: lazy("A mail at once"),
    Way.DIGEST: lazy("In one mail a day"),
    Way.HERE: lazy("Only on the site"),
    Way.NONE: lazy("Not at all"),
}

#: The ways that end in mail.
MAILED = frozenset({Way.DIGEST, Way.MAIL})
