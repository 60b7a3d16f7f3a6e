"""Reading a contest's votes: what stands against each, who shares a browser or a network."""

from __future__ import annotations

import pytest
from flask import Flask

from ideation.accounts import erasure
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.submissions.models import State, Submission
from ideation.voting import counting, fast_weighing, tallying, weight_files
from ideation.voting.models import Quarantine, Vote, VouchedNetwork
from ideation.voting.recount import recount
from ideation.voting.weighing import CODES, Reason
from tests import factories
from tests.factories import voting


def from_network(network: bytes, member_id: int | None = None) -> None:
    with transaction() as session:
        query = session.query(Vote).filter(Vote.network.is_(None))
        if member_id is not None:
            query = query.filter(Vote.member_id == member_id)
        for vote in query.all():
            vote.network = network


def weights(contest_id: int) -> dict[tuple[int, int], tuple[int, Reason]]:
    db.session.rollback()  # look anew: ballots are cast on a connection of their own
    cast = counting.read(contest_id)
    weighed = fast_weighing.weigh(cast)
    return {
        (int(cast.entries[entry]), int(cast.voters[voter])): (int(weight), CODES[reason])
        for entry, voter, weight, reason in zip(
            cast.entry, cast.voter, weighed.weight, weighed.reason.tolist(), strict=True
        )
    }


def test_all_votes_are_read_with_their_stars(app: Flask) -> None:
    contest, other = factories.contest(), factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    factories.submission(contest, state=State.DRAFT)
    unvoted = factories.submission(contest)
    voting.votes(factories.member(), [(factories.submission(other), 1)])
    expected: dict[tuple[int, int], int] = {}
    for number in range(5):
        voter = factories.member()
        marks = [(design, 1 + (number + place) % 5) for place, design in enumerate(designs)]
        voting.votes(voter, marks)
        expected |= {(design.id, voter.id): stars for design, stars in marks}
    db.session.rollback()  # look anew: ballots are cast on a connection of their own
    cast = counting.read(contest.id)
    assert cast.ranked == sorted([*(design.id for design in designs), unvoted.id])
    places = zip(cast.entry, cast.voter, cast.stars.tolist(), strict=True)
    assert {(int(cast.entries[e]), int(cast.voters[v])): s for e, v, s in places} == expected


def test_a_contest_without_votes_or_designs_is_read_too(app: Flask) -> None:
    cast = counting.read(factories.contest().id)
    assert (cast.size, cast.ranked, fast_weighing.weigh(cast).weight.size) == (0, [], 0)


def test_three_votes_from_one_network_weigh_two_and_a_vouched_network_weighs_in_full(
    app: Flask,
) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    voters = [factories.member() for _ in range(4)]
    for voter in voters:
        voting.votes(voter, [(design, 4) for design in designs])
        from_network(b"school network..")
    outsider = factories.member()
    voting.votes(outsider, [(design, 4) for design in designs])
    from_network(b"a home's network")
    capped = weights(contest.id)
    assert {weight for (_, voter), weight in capped.items() if voter != outsider.id} == {
        (60, Reason.CLUSTER)
    }
    assert capped[designs[0].id, outsider.id] == (120, Reason.COUNTED)
    with transaction():
        db.session.add(
            VouchedNetwork(network=b"school network..", name="A school", by_id=None, at=clock.now())
        )
    assert set(weights(contest.id).values()) == {(120, Reason.COUNTED)}
    with transaction():
        db.session.query(VouchedNetwork).one().ended_at = clock.now()
    assert weights(contest.id) == capped


def test_a_network_is_the_votes_own_and_is_not_passed_on(app: Flask) -> None:
    """One commuter who votes from home and from the office does not weld both into one."""
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(4)]
    home, office = b"home network....", b"office network.."
    commuter = factories.member()
    for network, some in ((home, designs[:2]), (office, designs[2:])):
        voting.votes(commuter, [(design, 4) for design in some])
        from_network(network)
        for _ in range(2 if network == home else 1):
            neighbour = factories.member()
            voting.votes(neighbour, [(design, 4) for design in designs])
            from_network(network)
    found = weights(contest.id)
    assert {found[design.id, commuter.id][0] for design in designs[:2]} == {80}
    assert {found[design.id, commuter.id][0] for design in designs[2:]} == {120}


def test_the_larger_of_browser_and_network_caps(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    family = [factories.member() for _ in range(3)]
    for voter in family:
        voting.votes(voter, [(design, 4) for design in designs], device=b"family tablet")
    neighbours = [factories.member() for _ in range(2)]
    for voter in neighbours:
        voting.votes(voter, [(design, 4) for design in designs])
    from_network(b"one network.....")
    assert {weight for weight, _ in weights(contest.id).values()} == {48}, "two votes among five"


def test_quarantine_and_restoring_are_inverse(app: Flask) -> None:
    contest, voters = contest_with_votes()
    first = voting.tallied(contest)
    held = [voter.id for voter in voters[:3]]
    with transaction():
        db.session.add_all(
            Quarantine(contest_id=contest.id, member_id=one, case_id=1, at=clock.now())
            for one in held
        )
        db.session.flush()
        second = tallying.refreeze(contest.id, "quarantine:1", at=clock.now())
    assert second.digest != first.digest
    assert second.votes_digest == first.votes_digest
    assert {
        vote.member_id
        for vote in weight_files.weights_of(second)
        if vote.reason is Reason.QUARANTINED
    } == set(held)
    looked = tallying.count(contest.id, quarantined=())
    assert looked.result.digest == first.digest, "a look without it, before it is lifted"
    with transaction():
        for one in db.session.query(Quarantine).all():
            one.lifted_at = clock.now()
        db.session.flush()
        third = tallying.refreeze(contest.id, "restore:1", at=clock.now())
    assert (third.number, third.digest) == (3, first.digest)
    assert third.weights_digest == first.weights_digest
    assert tallying.count(contest.id, quarantined=held).result.digest == second.digest
    assert recount().mismatches == ()


@pytest.mark.parametrize("who", ["voter", "held"])
def test_every_numbered_tally_is_recounted_equal_after_an_erasure(app: Flask, who: str) -> None:
    contest, voters = contest_with_votes()
    voting.tallied(contest)
    held = voters[0]
    with transaction():
        db.session.add(
            Quarantine(contest_id=contest.id, member_id=held.id, case_id=1, at=clock.now())
        )
        db.session.flush()
        tallying.refreeze(contest.id, "quarantine:1", at=clock.now())
    with transaction():
        gone = db.session.query(Submission).order_by(Submission.id).first()
        assert gone is not None
        gone.state = State.WITHDRAWN
        db.session.flush()
        tallying.refreeze(contest.id, "withdrawal:1", at=clock.now())
    with transaction():
        erasure.erase((held if who == "held" else voters[4]).id, at=clock.now())
    found = recount()
    assert (found.tallies, found.mismatches) == (3, ())


def contest_with_votes() -> tuple[Contest, list[Member]]:
    contest = factories.contest(winners=2)
    designs = [factories.submission(contest) for _ in range(5)]
    voters = [factories.member() for _ in range(7)]
    for number, voter in enumerate(voters):
        shared = b"one laptop" if number > 3 else b""
        marks = [(design, 1 + (number * 2 + at) % 5) for at, design in enumerate(designs)]
        voting.votes(voter, marks, device=shared)
    return contest, voters
