"""A later tally differs from the last by the decision that made it, and by nothing else."""

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from ideation.accounts import erasure
from ideation.accounts.grants import Role
from ideation.accounts.models import Grant, Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.submissions.models import Submission
from ideation.voting import tallying, traces, weight_files
from ideation.voting.models import Quarantine, Tally, Vote
from ideation.voting.recount import recount
from ideation.voting.weighing import Reason
from tests import factories
from tests.factories import voting

DAY = timedelta(days=1)
SHARED = b"one laptop"


class Stage:
    """Five accounts of one browser and three honest ones, who all score three designs."""

    def __init__(self) -> None:
        contest = factories.contest()
        designs = [factories.submission(contest) for _ in range(3)]
        self.contest_id = contest.id
        self.design_ids = [design.id for design in designs]
        self.socks = [self._voter(designs, 5, SHARED) for _ in range(5)]
        self.honest = [self._voter(designs, stars, b"") for stars in (2, 3, 4)]

    def _voter(self, designs: list[Submission], stars: int, device: bytes) -> int:
        member = factories.member()
        voting.votes(member, [(design, stars) for design in designs], device=device)
        return member.id

    def first(self) -> Tally:
        tally = voting.tallied(db.session.get_one(Contest, self.contest_id))
        with transaction():
            contest = db.session.get_one(Contest, self.contest_id)
            contest.tallied_at = contest.closed_at
        return tally

    def next(self, cause: str = "case:1:keep") -> Tally:
        with transaction():
            return tallying.refreeze(self.contest_id, cause, at=clock.now())


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    yield Stage()


def found(tally: Tally, member_id: int) -> set[tuple[int, Reason]]:
    weights = weight_files.weight_of_voter(tally, member_id).values()
    return {(weight.weight_120, weight.reason) for weight in weights}


def test_a_cluster_cannot_erase_itself_out_of_its_cap(stage: Stage) -> None:
    first = stage.first()
    assert found(first, stage.socks[0]) == {(48, Reason.CLUSTER)}
    for sock in stage.socks[1:]:
        with transaction():
            erasure.erase(sock, at=clock.now())
    second = stage.next()
    for sock in stage.socks:
        assert found(second, sock) == {(48, Reason.CLUSTER)}
    assert (second.digest, second.weights_digest) == (first.digest, first.weights_digest)


def test_what_came_after_the_close_stands_against_nobody(stage: Stage) -> None:
    suspended, promoted, pardoned = stage.honest
    with transaction() as current:
        current.get_one(Member, pardoned).suspended_at = clock.now()
    first = stage.first()
    assert found(first, pardoned) == {(0, Reason.SUSPENDED)}
    with transaction() as current:
        current.get_one(Member, suspended).suspended_at = clock.now()
        current.get_one(Member, pardoned).suspended_at = None
        current.add(Grant(member_id=promoted, role=Role.PRODUCT_MANAGER, granted_at=clock.now()))
    clock.move(DAY)
    for member_id in stage.honest:  # a laptop at the award ceremony
        with transaction():
            member = db.session.get_one(Member, member_id)
        voting.session_of(member, device=SHARED)
    second = stage.next()
    assert (second.digest, second.weights_digest) == (first.digest, first.weights_digest)


def test_a_ruling_still_puts_aside_and_gives_back_what_shares_a_browser(stage: Stage) -> None:
    first = stage.first()
    with transaction() as current:
        for sock in stage.socks[3:]:
            current.add(
                Quarantine(contest_id=stage.contest_id, member_id=sock, case_id=1, at=clock.now())
            )
    second = stage.next("case:1:exclude")
    assert found(second, stage.socks[4]) == {(0, Reason.QUARANTINED)}
    assert found(second, stage.socks[0]) == {(80, Reason.CLUSTER)}, "two votes among three left"
    with transaction() as current:
        current.execute(update(Quarantine).values(lifted_at=clock.now()))
    assert stage.next("case:1:restore").weights_digest == first.weights_digest


def test_once_the_traces_are_gone_who_was_capped_stays_capped(stage: Stage) -> None:
    with transaction() as current:
        current.execute(
            update(Vote)
            .where(Vote.member_id.in_(stage.honest))
            .values(network=secrets.token_bytes())
        )
    first = stage.first()
    assert found(first, stage.honest[0]) == {(80, Reason.CLUSTER)}, "one network"
    with transaction() as current:
        held = Quarantine(
            contest_id=stage.contest_id, member_id=stage.socks[0], case_id=1, at=clock.now()
        )
        current.add(held)
    stage.next("case:1:exclude")
    clock.move(31 * DAY)
    assert traces.expire(clock.now()) == 1
    third = stage.next("case:2:keep")
    assert found(third, stage.socks[1]) == {(60, Reason.CLUSTER)}, "as in the tally before"
    with transaction() as current:
        current.execute(update(Quarantine).values(lifted_at=clock.now()))
    fourth = stage.next("case:1:restore")
    assert found(fourth, stage.socks[0]) == {(48, Reason.CLUSTER)}, "as when it last counted"
    assert found(fourth, stage.honest[0]) == {(80, Reason.CLUSTER)}
    assert recount().mismatches == ()


def test_what_is_half_forgotten_counts_as_forgotten(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.first()

    def killed(contest_id: int) -> None:
        with transaction() as current:
            of_some = (Vote.contest_id == contest_id) & (Vote.member_id < stage.socks[4])
            current.execute(update(Vote).where(of_some).values(device=None))
        raise KeyboardInterrupt

    monkeypatch.setattr(traces, "_forget_votes", killed)
    with pytest.raises(KeyboardInterrupt):
        traces.expire(clock.now() + 31 * DAY)
    assert stage.next().weights_digest == first.weights_digest
