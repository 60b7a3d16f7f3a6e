"""Two worlds that differ only in other members' votes, marks, intents and favourites.

Until close they give everyone but those who may see live scores the same bytes: every page, feed
and script's answer, with every header. A clone of one database is acted upon, both are served by
an instance of their own at one fixed moment after the same jobs, and every page is compared. On
SQLite: what differs is what the house asks of the database, and both engines are asked the same.

The only thing that may depend on others' votes is which ballot a deck deals next. So every voter
here has four open ballots already, as whoever has opened the deck has: they stay as they are.
"""

import dataclasses
import hashlib
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, Response
from sqlalchemy import func, select

import workers
from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.app import create_app
from ideation.contests.models import Contest, Format
from ideation.core import clock, config, ids, jobs, queues
from ideation.core.db import db, transaction
from ideation.core.storage import in_force
from ideation.core.storage.memory import MemoryStorage
from ideation.http.guards import declared
from ideation.submissions.models import Submission
from ideation.voting import ballots, deck, favourites, intents, jury, marks
from ideation.voting.intents import Wish
from ideation.voting.models import Favourite, Intent, Mark, MarkSource, Vote
from ideation.voting.tokens import CHOSEN_SLOT
from tests import compiled_once, factories
from tests.factories import Browser, voting
from tests.http.addresses import routes
from tests.http.crawling import Seen, crawl, differences
from tests.http.who_may import expected
from tests.staging import Stages
from workers import schedule

pytestmark = pytest.mark.one_engine

ROLES = (Role.STEWARD, Role.MODERATOR, Role.AUDITOR)
VIEWERS = ("visitor", "member", "voter", "designer", *(role.value for role in ROLES))
#: Whole, or shortened in a list.
_HEAD = re.compile(r"\b[0-9a-f]{12,64}\b")
OTHERS, DESIGNS = 8, 5
#: The controls leak in every answer.
ENOUGH_TO_SEE_A_LEAK = 10
assert workers  # its handlers do the jobs


@dataclass(frozen=True)
class Common:
    """What both worlds have: ids of members by what they are, and of contests by phase."""

    viewers: dict[str, int]
    others: list[int]
    contests: dict[str, int]
    known: dict[str, list[str]]
    at: datetime


@dataclass(frozen=True)
class Worlds:
    """Two databases that began as one, with what they have in common."""

    common: Common
    quiet: Path
    loud: Path


_played: list[Worlds] = []


@pytest.fixture
def worlds(app: Flask, stages: Stages) -> Worlds:
    """Both worlds after what happened in them and the jobs that were due, once a process."""
    if not _played:
        common = _common()
        quiet, loud = stages.folder / "quiet", stages.folder / "loud"
        with pytest.MonkeyPatch.context() as fixed:
            fixed.setattr(clock, "now", lambda: common.at)
            _play(quiet, common, lambda _common: None)
            _play(loud, common, _others_act)
        _played.append(Worlds(common, quiet / "world.db", loud / "world.db"))
    return _played[0]


def _common() -> Common:
    """The house before the others act: contests of each kind, and what the viewers did."""
    viewers = {name: factories.member(name.title()) for name in ("member", "voter", "designer")}
    viewers |= {role.value: factories.member(role.value.title(), roles=(role,)) for role in ROLES}
    others = [factories.member(f"Other {number}") for number in range(OTHERS)]
    contests = {
        "dealt": factories.contest(),
        "open": factories.contest(format=Format.OPEN),
        "jury": factories.contest(format=Format.JURY, quorum=2),
        "entry": factories.contest("entry"),
    }
    designs = {
        name: [factories.submission(contest, viewers["designer"])]
        + [factories.submission(contest) for _ in range(DESIGNS - 1)]
        for name, contest in contests.items()
    }
    manager = factories.member("Mara Quill", roles=(Role.PRODUCT_MANAGER,))
    for juror in (viewers["voter"], *others[:3]):
        with transaction() as current:
            actor = current.get_one(Member, manager.id)
            jury.name(actor, contests["jury"].id, juror.handle, at=clock.now())
    _act(viewers["voter"].id, {name: one.id for name, one in contests.items()}, 0)
    for contest in (contests["dealt"], contests["open"]):
        for name in ("member", "voter", "designer"):
            with transaction() as current:
                voter = current.get_one(Member, viewers[name].id)
                deck.deal(voter, current.get_one(Contest, contest.id), at=clock.now())
    made = Common(
        viewers={name: one.id for name, one in viewers.items()},
        others=[one.id for one in others],
        contests={name: one.id for name, one in contests.items()},
        known={
            "slug": [one.slug for one in contests.values()],
            "public_id": [
                designs[name][place].public_id
                for name, place in (("dealt", 0), ("dealt", 1), ("entry", 1))
            ],
            "handle": [viewers["designer"].handle, viewers["voter"].handle, others[0].handle],
        },
        at=clock.now() + timedelta(minutes=1),
    )
    db.session.rollback()
    return made


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_two_worlds_look_the_same(
    worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, viewer: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: worlds.common.at)
    quiet = _seen(worlds.quiet, worlds.common, tmp_path / "quiet", viewer)
    loud = _seen(worlds.loud, worlds.common, tmp_path / "loud", viewer)
    if viewer == Role.AUDITOR.value:
        quiet, loud = _without_heads(quiet), _without_heads(loud)
    assert differences(quiet, loud) == []
    assert len(quiet) > 100, "the crawl got about"
    assert {200, 302, 404} <= {page.status for page in quiet.values()}


def _without_heads(seen: Seen) -> Seen:
    """The heads of the ballot log are struck out: auditors keep them before close, so that nobody
    can write the log anew unseen, and are sent one a day. A head is a hash, from which no vote
    can be read. That other votes came in at all is what it does tell them, by design.
    """
    return {
        address: dataclasses.replace(page, body=_HEAD.sub("", page.body))
        if re.fullmatch(r"/notices(/latest|\?.*)?|/console/(contests/[^/]+/)?proof", address)
        else page
        for address, page in seen.items()
    }


def _leak_in_body(response: Response) -> Response:
    if response.mimetype == "text/html":
        marks = db.session.scalar(select(func.count()).select_from(Mark))
        response.set_data(response.get_data() + f"<!-- {marks} -->".encode())
    return response


def _leak_in_etag(response: Response) -> Response:
    stars = db.session.scalar(select(func.sum(Vote.stars)))
    response.set_etag(hashlib.sha256(str(stars).encode()).hexdigest()[:8])
    return response


def _leak_of_a_favourite(response: Response) -> Response:
    kept = db.session.scalar(select(func.count()).select_from(Favourite))
    response.headers.add("Link", f"</{'many' if kept and kept > 20 else 'few'}>; rel=prefetch")
    return response


def _leak_of_an_intent(response: Response) -> Response:
    newest = db.session.scalar(select(func.max(Intent.at)))
    response.last_modified = newest
    return response


@pytest.mark.parametrize(
    "leak", [_leak_in_body, _leak_in_etag, _leak_of_a_favourite, _leak_of_an_intent]
)
def test_control_a_house_that_leaks_is_found_out(
    worlds: Worlds,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leak: Callable[[Response], Response],
) -> None:
    monkeypatch.setattr(clock, "now", lambda: worlds.common.at)
    quiet = _seen(worlds.quiet, worlds.common, tmp_path / "quiet", "visitor", leak)
    loud = _seen(worlds.loud, worlds.common, tmp_path / "loud", "visitor", leak)
    assert differences(quiet, loud)


def _play(home: Path, common: Common, act: Callable[[Common], None]) -> None:
    """A world in which ``act`` happened, and the jobs that were due."""
    with _cloned(Path(str(db.engine.url.database)), home):
        act(common)
        schedule.enqueue_due(common.at)
        jobs.run_due()


def _seen(
    database: Path,
    common: Common,
    home: Path,
    viewer: str,
    leak: Callable[[Response], Response] | None = None,
) -> Seen:
    """What the viewer sees of a copy of the world."""
    with _cloned(database, home) as world:
        if leak is not None:
            world.after_request(leak)
        member_id = common.viewers.get(viewer)
        member = db.session.get(Member, member_id) if member_id else None
        with pytest.MonkeyPatch.context() as same:
            lots = random.Random(20261122)  # a visitor's order of a wall is drawn by lot
            same.setattr(
                ids, "public_id", lambda length=10: "".join(lots.choices("0123456789", k=length))
            )
            few = None if leak is None else ENOUGH_TO_SEE_A_LEAK
            person = Browser(world, member)
            return crawl(world, person, common.known, closed=_closed(world, viewer), at_most=few)


def _closed(app: Flask, viewer: str) -> dict[str, str]:
    """What the guard says at the doors that do not open to the viewer; that they do not, and what
    it says, ``test_who_may`` shows door by door.
    """
    plain = "anonymous" if viewer == "visitor" else "member"
    role = Role(viewer) if viewer in set(Role) else plain
    answers = {
        rule.endpoint: expected(needs, role)
        for _method, rule in routes(app)
        if (needs := declared(app, rule.endpoint))
    }
    return {endpoint: said for endpoint, said in answers.items() if said != "reached"}


@contextmanager
def _cloned(database: Path, home: Path) -> Iterator[Flask]:
    """An instance on a copy of the database, with the same keys and its own empty storage."""
    home.mkdir()
    settings = config.current()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, home / "world.db")
    world = create_app(dataclasses.replace(settings, database_url=f"sqlite:///{home / 'world.db'}"))
    world.config["TESTING"] = True
    in_force.use(MemoryStorage())
    queues.connection().flushall()
    with world.app_context():
        compiled_once.share(world, db.engine)
        yield world
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    config.use(settings)


def _others_act(common: Common) -> None:
    for number, member_id in enumerate(common.others, start=1):
        _act(member_id, common.contests, number)


def _act(member_id: int, contests: dict[str, int], number: int) -> None:
    """All that a member can say of designs: votes, marks, intents, favourites; some taken back."""
    at = clock.now()
    session = voting.session_of(db.session.get_one(Member, member_id))
    for kind, contest_id in contests.items():
        designs = db.session.scalars(
            select(Submission).where(Submission.contest_id == contest_id).order_by(Submission.id)
        ).all()
        for place, design in enumerate(designs[number % 2 :: 2]):
            stars = 1 + (number + place) % 5
            voter = db.session.get_one(Member, member_id)
            if kind in {"dealt", "open"} or (
                kind == "jury" and jury.is_juror(contest_id, voter.id)
            ):
                slot = CHOSEN_SLOT if kind == "open" else 0
                token = voting.ballot(voter, design, slot=slot, position=place)
                db.session.rollback()
                answer = ballots.cast(session, token, stars, at=at)
                assert answer.refusal is None, answer
            with transaction() as current:
                voter, one = (
                    current.get_one(Member, member_id),
                    current.get_one(Submission, design.id),
                )
                if kind == "dealt" or kind == "entry":
                    source = (MarkSource.LINK, MarkSource.GALLERY)[place % 2]
                    marks.give(voter, one, stars, source, at=at)
                    intents.say(voter, one, Wish("M", 2500, "USD"), at=at)
                favourites.keep(voter, one, at=at)
