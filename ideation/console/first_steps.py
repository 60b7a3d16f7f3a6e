"""How far the house is set up: read off what stands in the database, not kept beside it.

Kept are only two things that nothing else tells: that a step was left for later, and the words
that were typed into it and not yet sent.
"""

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ideation.accounts import invitations
from ideation.accounts import queries as accounts
from ideation.contests import queries as contests
from ideation.core import config, identity, instance
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.core.mail import queries as mails
from ideation.core.mail.models import MailState
from ideation.core.text import clean_text

MOST_WORDS = 20_000


class Step(enum.StrEnum):
    """What an operator sets up, in the order in which it is proposed."""

    HOUSE = "house"
    SERIES = "series"
    MAIL = "mail"
    TEAM = "team"


NAMES: dict[Step, Words] = {
    Step.HOUSE: lazy("The house"),
    Step.SERIES: lazy("First contest"),
    Step.MAIL: lazy("Mail"),
    Step.TEAM: lazy("Team"),
}

#: Whose words are kept while they are typed.
FIELDS: dict[Step, frozenset[str]] = {
    Step.HOUSE: frozenset({"name", "accent", "language", "zone"}),
    Step.SERIES: frozenset(
        {"theme", "brief", "article_id", "cash", "currency", "name", "weekday", "opens", "zone"}
        | {"entry_days", "scoring_days", "decision_days", "winners"}
    ),
    Step.MAIL: frozenset(),
    Step.TEAM: frozenset({"role", "email"}),
}


@dataclass(frozen=True)
class Progress:
    """Which steps are done by what stands in the database, and which were left for later."""

    done: frozenset[Step]
    left: frozenset[Step]

    @property
    def next(self) -> Step | None:
        """The first step that wants the operator; None where each is done or left."""
        return next((one for one in Step if one not in self.done | self.left), None)

    def after(self, step: Step) -> Step | None:
        """Where to go on from a step: the first one behind it that is open."""
        behind = list(Step)[list(Step).index(step) + 1 :]
        return next((one for one in behind if one not in self.done | self.left), None)


def read(at: datetime) -> Progress:
    """How far it is, in a handful of small questions."""
    kept = instance.find_many([_fact(step) for step in Step])
    left = {step for step in Step if _parsed(kept.get(_fact(step))).get("left")}
    facts = {
        Step.HOUSE: bool(_parsed(kept.get(_fact(Step.HOUSE))).get("sent")) or _is_own(),
        Step.SERIES: bool(contests.list_series()) or bool(contests.list_managed(None).items),
        Step.MAIL: _has_sent(),
        Step.TEAM: accounts.has_team() or bool(invitations.list_open(at=at)),
    }
    done = {step for step, is_done in facts.items() if is_done}
    return Progress(frozenset(done), frozenset(left - done))


def typed_in(step: Step) -> dict[str, str]:
    """The words that were typed into the step and not yet sent."""
    typed: dict[str, str] = _parsed(instance.find(_fact(step))).get("typed", {})
    return typed


def is_sent(step: Step) -> bool:
    """Whether the step's form was ever sent."""
    return bool(_parsed(instance.find(_fact(step))).get("sent"))


def keep(step: Step, typed: Mapping[str, str], at: datetime) -> None:
    """Keep what was typed into the step's fields; too much of it is not kept."""
    _change(step, at, **_words(step, typed))


def leave(step: Step, typed: Mapping[str, str], at: datetime) -> None:
    """Leave the step for later, its words kept."""
    _change(step, at, **_words(step, typed), left=True)


def finish(step: Step, at: datetime) -> None:
    """The step was sent: nothing of it waits any more."""
    _change(step, at, typed={}, left=False, sent=True)


def _is_own() -> bool:
    """Whether anybody chose how the house looks, here or on its own page."""
    ours = identity.current()
    return ours != identity.Identity(config.current().name)


def _has_sent() -> bool:
    return bool(config.current().mail_url) and mails.count_by_state().get(MailState.SENT, 0) > 0


def _change(step: Step, at: datetime, **changed: Any) -> None:
    value = json.dumps(_parsed(instance.find(_fact(step))) | changed, ensure_ascii=False)
    instance.establish(_fact(step), at, value)


def _words(step: Step, typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Of what was sent, the words of the step's own fields; nothing where they are too many."""
    words = {name: clean_text(typed[name]) for name in sorted(FIELDS[step] & typed.keys())}
    return {"typed": words} if sum(map(len, words.values())) <= MOST_WORDS else {}


def _fact(step: Step) -> str:
    return f"beginning.{step.value}"


def _parsed(value: str | None) -> dict[str, Any]:
    return json.loads(value) if value else {}
