"""Votes kept by a slot's worker and brought up to date are the votes that stand in the table."""

import random
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from ideation.accounts import erasure
from ideation.accounts.models import Member
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.storage import in_force
from ideation.submissions.models import Submission
from ideation.voting import ballots, counting, kept_votes, reading, traces
from ideation.voting.models import BallotLogEntry, Vote
from ideation.voting.packing import Bundle, Layout, Packed
from ideation.voting.recount import recount
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import voting

ON_POSTGRESQL = pytest.mark.only("postgresql")
NETWORKS = [None, b"a school's network", b"an office's network"]


def stage(voters: int = 5, designs: int = 4) -> tuple[Contest, list[Member], list[Submission]]:
    contest = factories.contest()
    made = [factories.submission(contest, with_artwork=False) for _ in range(designs)]
    return contest, [factories.member() for _ in range(voters)], made


def cast(voter: Member, design: Submission, stars: int, network: bytes | None = None) -> None:
    session = voting.session_of(voter)
    token = voting.ballot(voter, design)
    db.session.rollback()
    given = ballots.cast(session, token, stars, at=clock.now(), network=network)
    assert given.refusal is None


def retract(voter: Member, design: Submission) -> None:
    with transaction():
        ballots.retract(db.session.merge(voter), voting.ballot(voter, design), at=clock.now())


def erase(voter: Member) -> None:
    with transaction():
        erasure.erase(voter.id, at=clock.now())


@pytest.fixture
def nothing_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies at the end of the table is read whatever the log says of it; here nothing does."""
    monkeypatch.setattr(reading, "page_of_last", lambda: 10_000)


def in_the_table(layout: Layout) -> list[int]:
    db.session.rollback()
    return in_one(reading.all_of(layout))


def in_one(bundle: Bundle) -> list[int]:
    return [vote for part in bundle.parts for vote in part.tolist()]


def assert_as_the_table(contest_id: int) -> None:
    """What is kept and brought up to date, bit for bit what a plain read gives."""
    db.session.rollback()
    kept = kept_votes.find(contest_id)
    assert kept is not None
    assert in_one(kept) == in_the_table(kept.layout)


@ON_POSTGRESQL
@pytest.mark.parametrize("seed", range(4))
def test_any_course_of_a_contest_leaves_the_votes_of_the_table(
    app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Casts, changes, retractions, erasures and slots in any order, each slot from the last."""
    if seed % 2:
        request.getfixturevalue("nothing_near")
    if seed > 1:
        monkeypatch.setattr(kept_votes, "BLOCK", 3)
    chance = random.Random(seed)
    contest, voters, designs = stage()
    standing: set[tuple[int, int]] = set()
    cast(voters[0], designs[0], 3)
    kept_votes.renew(contest.id, least=1)
    for step in range(40):
        what = chance.choices(["cast", "retract", "erase", "slot"], [70, 20, 3, 10])[0]
        voter, design = chance.choice(voters), chance.choice(designs)
        pair = (voter.id, design.id)
        if what == "cast":
            cast(voter, design, chance.randint(1, 5), chance.choice(NETWORKS))
            standing.add(pair)
        elif what == "retract" and pair in standing:
            retract(voter, design)
            standing.discard(pair)
        elif what == "erase" and len(voters) > 2:
            voters.remove(voter)
            erase(voter)
        elif what == "slot":
            kept_votes.renew(contest.id, least=1)
        if step % 8 == 7:
            assert_as_the_table(contest.id)
    assert_as_the_table(contest.id)


@ON_POSTGRESQL
def test_a_vote_taken_back_by_one_who_is_then_erased_is_gone(app: Flask) -> None:
    contest, (ann, ben, *_), (first, second, *_) = stage()
    for voter in (ann, ben):
        cast(voter, first, 5)
    kept_votes.renew(contest.id, least=1)
    cast(ann, second, 2)
    retract(ann, first)
    erase(ann)
    assert_as_the_table(contest.id)
    kept = kept_votes.find(contest.id)
    assert kept is not None and kept.size == 2


@ON_POSTGRESQL
@pytest.mark.parametrize("page", [0, 10_000])
def test_a_wrong_page_costs_time_and_no_vote(app: Flask, page: int) -> None:
    contest, voters, designs = stage()
    for voter in voters:
        cast(voter, designs[0], 4)
    first = db.session.scalar(select(func.min(BallotLogEntry.id)))
    layout = reading.layout_of(contest.id)
    changed = reading.changed_since(layout, 0, page).tolist()
    assert changed == in_the_table(layout)
    assert first is not None
    later = reading.changed_since(layout, first, 10_000)
    assert len(later) == len(voters) - 1, "control: what is before the line is not asked for"


@ON_POSTGRESQL
@pytest.mark.parametrize("is_one_erased", [False, True])
@pytest.mark.parametrize("page", [0, 10_000])
def test_lines_are_told_of_voters_near_and_of_all_where_one_is_not_among_them(
    app: Flask, monkeypatch: pytest.MonkeyPatch, page: int, is_one_erased: bool
) -> None:
    """A line may also be of one who was erased, whom nobody can name."""
    contest, voters, designs = stage(voters=4)
    for voter in voters:
        cast(voter, designs[0], 4)
        cast(voter, designs[1], 2)
    if is_one_erased:
        erase(voters.pop())
    layout = reading.layout_of(contest.id)
    votes = reading.votes_of(layout, np.array([voter.id for voter in voters]))
    sought: list[object] = []
    plain = reading._from_postgresql

    def told(layout: Layout, source: str, **known: object) -> Iterator[Packed]:
        sought.append("near" if known["whose"] else "all")
        return plain(layout, source, **known)

    monkeypatch.setattr(reading, "_from_postgresql", told)
    lines = layout.pair(reading._lines(layout, 0, page))
    assert lines.tolist() == layout.pair(votes).tolist()
    assert sought == (["near"] if page == 0 and not is_one_erased else ["near", "all"])


@ON_POSTGRESQL
@pytest.mark.parametrize("is_control", [False, True])
def test_lines_that_statistics_do_not_know_are_not_held_against_each_voter(
    app: Flask, monkeypatch: pytest.MonkeyPatch, is_control: bool
) -> None:
    """Who expects a single line looks through all voters for it, and there are thousands."""
    contest, voters, designs = stage(voters=30)
    for statement in (_LINES_OF_ANOTHER, "ANALYZE ballot_log"):
        with transaction():
            db.session.execute(text(statement))
    for voter in voters:
        cast(voter, designs[0], 4)
    if is_control:
        monkeypatch.setitem(reading._WAY_OF_READING, "enable_nestloop", "on")
    layout = reading.layout_of(contest.id)
    plan = explained(lambda: reading._lines(layout, 0, 0))
    assert ("Nested Loop" in plan) == is_control


_LINES_OF_ANOTHER = """
  INSERT INTO ballot_log (contest_id, submission_id, pseudonym, action, stars, slot, position, at)
  SELECT 1000, 1, sha256(int8send(n)), 'cast', 3, 1, 1, now() FROM generate_series(1, 5000) AS n"""


def explained(ask: Callable[[], object]) -> str:
    """How PostgreSQL went about what is asked."""
    driver: Any = db.session.connection().connection.driver_connection
    said: list[str] = []
    driver.add_notice_handler(lambda notice: said.append(notice.message_primary))
    db.session.execute(text("LOAD 'auto_explain'"))
    for name, value in (("log_min_duration", "0"), ("log_level", "notice")):
        db.session.execute(text(f"SET LOCAL auto_explain.{name} = {value}"))
    ask()
    db.session.rollback()
    return "\n".join(said)


@ON_POSTGRESQL
def test_a_count_takes_what_is_kept_and_a_recount_never_does(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest, voters, designs = stage()
    for voter in voters:
        cast(voter, designs[0], 4)
    kept_votes.renew(contest.id, least=1)
    for voter in voters[1:]:
        cast(voter, designs[1], 2)
    asked: list[str] = []
    plain = reading.packed_votes

    def told(layout: Layout) -> Iterator[Packed]:
        asked.append("table")
        return plain(layout)

    monkeypatch.setattr(reading, "packed_votes", told)
    tally = voting.tallied(contest)
    assert asked == [], "nothing but what came since was read"
    assert tally.counted == 9
    assert recount(contest).mismatches == ()
    assert asked == ["table"]


@ON_POSTGRESQL
def test_few_votes_are_not_kept_nor_none(app: Flask) -> None:
    contest, voters, designs = stage()
    kept_votes.renew(contest.id, least=0)
    cast(voters[0], designs[0], 4)
    kept_votes.renew(contest.id)
    assert kept_votes.find(contest.id) is None
    assert counting.read(contest.id).size == 1


@pytest.mark.only("sqlite")
def test_sqlite_reads_its_table(app: Flask) -> None:
    contest, voters, designs = stage()
    cast(voters[0], designs[0], 4)
    kept_votes.renew(contest.id, least=0)
    assert not in_force.store().exists(f"{kept_votes.FOLDER}/{contest.id}.votes")
    assert counting.read(contest.id).size == 1


def _flip(contest: Contest, file: bytes) -> bytes:
    return file[:-70] + bytes([file[-70] ^ 1]) + file[-69:]


def _cut(contest: Contest, file: bytes) -> bytes:
    return file[:-8]


def _rewritten(contest: Contest, file: bytes) -> bytes:
    """A head that asks for more room than there is, and that nobody of ours sealed."""
    return re.sub(rb" voters=(\d+)\+\d+", rb" voters=\1+60", file, count=1)


def _none(contest: Contest, file: bytes) -> bytes:
    return b""


def _restored(contest: Contest, file: bytes) -> bytes:
    """The database is an older one: the line of the mark says something else there."""
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            update(BallotLogEntry)
            .where(BallotLogEntry.contest_id == contest.id)
            .values(at=clock.now())
        )
    return file


def _outgrown(contest: Contest, file: bytes) -> bytes:
    """A member whose number has no room in the votes that were kept."""
    with db.engine.begin() as connection:
        connection.execute(text("SELECT setval(pg_get_serial_sequence('members', 'id'), 100000)"))
    cast(factories.member(), db.session.scalars(select(Submission)).first(), 5)  # type: ignore[arg-type]
    return file


@ON_POSTGRESQL
@pytest.mark.parametrize("harm", [_flip, _cut, _rewritten, _none, _restored, _outgrown])
def test_what_cannot_be_relied_on_is_not(
    app: Flask, harm: Callable[[Contest, bytes], bytes]
) -> None:
    contest, voters, designs = stage()
    for voter in voters:
        cast(voter, designs[0], 4)
    kept_votes.renew(contest.id, least=1)
    assert kept_votes.find(contest.id) is not None, "control: unharmed it serves"
    key = f"{kept_votes.FOLDER}/{contest.id}.votes"
    with in_force.store().open(key) as file:
        whole = file.read()
    in_force.store().put(key, harm(contest, whole))
    db.session.rollback()
    assert kept_votes.find(contest.id) is None
    votes = db.session.scalar(select(func.count()).select_from(Vote))
    assert counting.read(contest.id).size == votes
    kept_votes.renew(contest.id, least=1)
    assert_as_the_table(contest.id)


@ON_POSTGRESQL
def test_another_contests_file_serves_nobody(app: Flask) -> None:
    (one, voters, designs), (other, _, others) = stage(), stage()
    for voter in voters:
        cast(voter, designs[0], 4)
        cast(voter, others[0], 2)
    kept_votes.renew(one.id, least=1)
    store = in_force.store()
    with store.open(f"{kept_votes.FOLDER}/{one.id}.votes") as file:
        store.put(f"{kept_votes.FOLDER}/{other.id}.votes", file.read())
    assert kept_votes.find(other.id) is None


@ON_POSTGRESQL
def test_it_goes_when_networks_are_forgotten(app: Flask) -> None:
    contest, voters, designs = stage()
    for voter in voters:
        cast(voter, designs[0], 4, NETWORKS[1])
    kept_votes.renew(contest.id, least=1)
    voting.tallied(contest)
    key = f"{kept_votes.FOLDER}/{contest.id}.votes"
    traces.expire(clock.now())
    assert in_force.store().exists(key), "control: it is needed for thirty days"
    traces.expire(clock.now() + traces.KEPT_FOR)
    assert not in_force.store().exists(key)
    assert recount(contest).mismatches == ()


LAYOUT = Layout(1, 1, 1, 6, 6)


def pack(votes: dict[tuple[int, int], int]) -> Packed:
    """(voter, entry) → stars, as numbers; a network that tells who gave it."""
    packed = [
        ((voter - 1) << LAYOUT.voter_at) | ((entry - 1) << LAYOUT.entry_at) | (voter << 3) | stars
        for (voter, entry), stars in votes.items()
    ]
    return np.array(sorted(packed), np.int64)


_PAIRS = st.tuples(st.integers(1, 9), st.integers(1, 9))


@pytest.mark.one_engine
@given(
    st.dictionaries(_PAIRS, st.integers(1, 5)),
    st.dictionaries(_PAIRS, st.integers(0, 5)),
    st.sets(st.integers(1, 9), max_size=3),
    st.dictionaries(_PAIRS, st.integers(1, 5)),
    st.sampled_from([1, 2, 5, 1 << 17]),
)
def test_what_changed_takes_the_place_of_what_was(
    before: dict[tuple[int, int], int],
    changed: dict[tuple[int, int], int],
    erased: set[int],
    now: dict[tuple[int, int], int],
    block: int,
) -> None:
    theirs = {pair: stars for pair, stars in now.items() if pair[0] in erased}
    expected = {
        pair: stars
        for pair, stars in {**before, **changed}.items()
        if stars and pair[0] not in erased
    } | theirs
    gone = np.array(sorted(erased), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_votes, "BLOCK", block)
        replaced = kept_votes.replaced(LAYOUT, pack(before), pack(changed), gone, pack(theirs))
    assert in_one(replaced) == pack(expected).tolist()


@ON_POSTGRESQL
def test_slots_among_votes_lose_none(app: Flask) -> None:
    """Eight cast, change and take back while a worker keeps what it finds, over and over."""
    contest, voters, designs = stage(voters=8, designs=6)
    ready = [(voter, voting.session_of(voter), voter.id) for voter in voters]
    stop, contest_id = threading.Event(), contest.id

    def keep() -> None:
        with app.app_context():
            while not stop.is_set():
                kept_votes.renew(contest_id, least=1)
                stop.wait(0.005)
            db.session.remove()

    def act(voter: Member, session: bytes, seed: int) -> None:
        chance = random.Random(seed)
        for design in designs * 2:
            token = voting.ballot(voter, design)
            ballots.cast(session, token, chance.randint(1, 5), at=clock.now())
            if chance.random() < 0.3:
                with transaction():
                    ballots.retract(db.session.merge(voter), token, at=clock.now())

    keeper = threading.Thread(target=keep)
    keeper.start()
    at_once(app, [partial(act, *one) for one in ready], threads=8)
    stop.set()
    keeper.join(30)
    assert_as_the_table(contest.id)


def _cast_behind_a_later_vote(app: Flask, *, lingers: float) -> tuple[int, int]:
    """A vote takes its line's number and lingers; a later one commits; then comes the slot, and is
    waited for so many seconds.

    Returns how many votes are found once the slow one has committed, and how many there are.
    """
    contest, (slow, quick, *_), (design, *_) = stage()
    session, token = voting.session_of(slow), voting.ballot(slow, design)
    quick_session, quick_token = voting.session_of(quick), voting.ballot(quick, design)
    values = ballots.prepare(session, token, 4, at=clock.now(), network=None)
    contest_id = contest.id
    db.session.rollback()

    def keep() -> None:
        with app.app_context():
            kept_votes.renew(contest_id, least=1)
            db.session.remove()

    with db.engine.connect() as connection:
        ballots._cast_in_one_statement(connection, values)
        ballots.cast(quick_session, quick_token, 5, at=clock.now())
        keeper = threading.Thread(target=keep)
        keeper.start()
        keeper.join(lingers)
        connection.commit()
        keeper.join(20)
    found = kept_votes.find(contest_id)
    assert found is not None
    return found.size, len(in_the_table(found.layout))


@ON_POSTGRESQL
@pytest.mark.usefixtures("nothing_near")
def test_a_mark_waits_for_a_vote_that_holds_an_earlier_line(app: Flask) -> None:
    assert _cast_behind_a_later_vote(app, lingers=0.5) == (2, 2)


@ON_POSTGRESQL
@pytest.mark.usefixtures("nothing_near")
def test_control_without_the_contests_lock_that_vote_is_missed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "get_locked", lambda contest_id: None)
    assert _cast_behind_a_later_vote(app, lingers=20) == (1, 2)


def test_contests_about_to_close_are_found_and_no_others(app: Flask) -> None:
    now = clock.now()
    closes = [
        now,
        now + timedelta(seconds=1),
        now + timedelta(seconds=300),
        now + timedelta(hours=1),
    ]
    contests = [factories.contest(scoring_closes_at=at) for at in closes]
    cancelled = factories.contest(scoring_closes_at=closes[1], cancelled_at=now)
    closed = factories.contest(scoring_closes_at=closes[1])
    with transaction():
        db.session.get_one(Contest, closed.id).closed_at = now
    assert cancelled.id not in kept_votes.closing(now)
    assert kept_votes.closing(now) == [contests[1].id, contests[2].id]


@ON_POSTGRESQL
def test_the_last_minutes_before_a_close_are_kept_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = factories.contest(scoring_closes_at=clock.now() + timedelta(seconds=200))
    design = factories.submission(contest, with_artwork=False)
    cast(factories.member(), design, 4)
    monkeypatch.setattr(kept_votes, "renew", partial(kept_votes.renew, least=1))
    assert kept_votes.find(contest.id) is None, "control: no slot's worker was there"
    with transaction():
        jobs.enqueue(kept_votes.KEEP, at=clock.now())
    jobs.run_due()
    assert_as_the_table(contest.id)
