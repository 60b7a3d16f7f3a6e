"""Where a day in the console begins: what needs a person, and what the clock does next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import render_template

from ideation.accounts.grants import Permission
from ideation.cards.contests import Poster, posters
from ideation.console import first_steps
from ideation.console.blueprint import blueprint
from ideation.contests import policies, queries, words
from ideation.contests.models import Contest
from ideation.contests.phases import Phase
from ideation.core import clock, config, outbox, queues
from ideation.core.errors import Words
from ideation.core.i18n import datetime_words, lazy, lazy_plural
from ideation.core.mail import queries as mails
from ideation.core.mail.models import MailState
from ideation.http.guards import who
from ideation.http.session import may, signed_in
from ideation.http.templating import is_demo
from ideation.integrity import cases
from ideation.integrity.policies import may_judge
from ideation.moderation import queries as moderation
from ideation.moderation.policies import moderated_spaces
from ideation.selection import queries as selection
from ideation.selection.policies import decided_spaces

#: A case that is due this soon is pressing.
_PRESSING = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """One thing that waits for a person: what, and the page where it is done."""

    words: Words
    endpoint: str
    is_pressing: bool = False
    #: What the page's address takes, as ``slug``.
    values: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/")
@who(Permission.ENTER_CONSOLE)
def home() -> str:
    """Tasks first, then the contests by what ends soonest."""
    at = clock.now()
    running: list[Poster] = []
    if may(Permission.MANAGE_CONTESTS):
        spaces = policies.managed_spaces(signed_in())
        running = posters(queries.list_unfinished(spaces, at), at, each=0, lot=0)
    return render_template(
        "console/home/index.html",
        tasks=[
            *_moderation(at),
            *_decisions(at),
            *_integrity(),
            *_contests(running),
            *_operations(),
        ],
        running=running,
        has_series=bool(queries.list_series()),
        now=at,
    )


def _moderation(at: datetime) -> list[Task]:
    if not may(Permission.MODERATE):
        return []
    spaces = moderated_spaces(signed_in())
    waiting = moderation.count_open(spaces)
    due = moderation.count_due(at + _PRESSING, spaces)
    tasks = []
    if due:
        tasks.append(
            Task(
                lazy_plural(
                    "%(n)s design must be decided on within a day, or it misses its contest.",
                    "%(n)s designs must be decided on within a day, or they miss their contest.",
                    due,
                ),
                "console.moderation",
                is_pressing=True,
            )
        )
    if waiting > due:
        tasks.append(
            Task(
                lazy_plural(
                    "%(n)s design waits for a moderator.",
                    "%(n)s designs wait for a moderator.",
                    waiting - due,
                ),
                "console.moderation",
            )
        )
    return tasks


def _decisions(at: datetime) -> list[Task]:
    """Winners to be announced, each with its public date."""
    if not may(Permission.DECIDE):
        return []
    return [
        Task(
            _announce(contest, at),
            "console.decision",
            is_pressing=contest.decision_due_at is not None
            and contest.decision_due_at <= at + _PRESSING,
            values={"slug": contest.slug},
        )
        for contest in selection.list_undecided(decided_spaces(signed_in()), at)
    ]


def _announce(contest: Contest, at: datetime) -> Words:
    named = words.full_name(contest)
    if contest.decision_due_at is None:
        return lazy("%(contest)s: announce the winners.", contest=named)
    date = datetime_words(contest.decision_due_at, contest.zone)
    if contest.decision_due_at > at:
        return lazy("%(contest)s: announce the winners by %(date)s.", contest=named, date=date)
    return lazy(
        "%(contest)s: its date, %(date)s, was missed. Who has an agreement can still be announced.",
        contest=named,
        date=date,
    )


def _integrity() -> list[Task]:
    """Cases that want a person before their contest is announced; appeals until answered."""
    if not may(Permission.JUDGE_INTEGRITY):
        return []
    waiting = cases.waiting_by_contest()
    found = queries.by_ids(waiting)
    return [
        Task(
            lazy_plural(
                "%(contest)s: %(n)s case about voting waits for a decision.",
                "%(contest)s: %(n)s cases about voting wait for a decision.",
                count,
                contest=words.full_name(found[key]),
            ),
            "console.integrity",
            is_pressing=found[key].tallied_at is not None,
            values={"slug": found[key].slug},
        )
        for key, count in waiting.items()
        if key in found and may_judge(signed_in(), found[key])
    ]


def _contests(running: list[Poster]) -> list[Task]:
    empty = sum(poster.phase is Phase.SCORING and not poster.turnout.designs for poster in running)
    if not empty:
        return []
    said = lazy_plural(
        "%(n)s contest is being scored without a design.",
        "%(n)s contests are being scored without a design.",
        empty,
    )
    return [Task(said, "console.contests")]


def _operations() -> list[Task]:
    """What broke. A mail server that is missing is no task on the operator's own machine."""
    if not may(Permission.OPERATE):
        return []
    tasks = []
    if not is_demo() and (step := first_steps.read(clock.now()).next):
        said = lazy("Setting up goes on with: %(step)s.", step=first_steps.NAMES[step])
        tasks.append(Task(said, "console.beginning"))
    failed = outbox.count_failed()
    if failed:
        said = lazy_plural("%(n)s job failed.", "%(n)s jobs failed.", failed)
        tasks.append(Task(said, "console.jobs", is_pressing=True))
    unsent = mails.count_by_state().get(MailState.FAILED, 0)
    if unsent:
        said = lazy_plural(
            "%(n)s mail could not be sent.", "%(n)s mails could not be sent.", unsent
        )
        tasks.append(Task(said, "console.inbox", is_pressing=True))
    settings = config.current()
    if not settings.mail_url and not settings.is_loopback:
        said = lazy("No mail server is set, so nobody can confirm an address: mail is held here.")
        tasks.append(Task(said, "console.inbox", is_pressing=True))
    if not queues.is_reachable():
        tasks.append(Task(lazy("Redis is away: everything works, but later."), "console.jobs"))
    return tasks
