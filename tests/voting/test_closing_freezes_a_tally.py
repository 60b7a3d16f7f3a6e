"""From the last vote to a frozen tally, through the jobs that do it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from ideation.accounts import erasure
from ideation.accounts.grants import Role
from ideation.accounts.models import Grant, Member
from ideation.contests import lifecycle
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.notices.models import Notice
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import intents, tallying, traces, weight_files
from ideation.voting.models import Tally, TallyRow, Vote
from ideation.voting.recount import recount
from ideation.voting.weighing import Reason
from tests import factories
from tests.factories import voting


def reasons(submission: Submission) -> dict[int, str]:
    return {vote.member_id: vote.reason.value for vote in weighed(submission)}


def weighed(submission: Submission) -> list[weight_files.WeighedVote]:
    tally = db.session.scalars(select(Tally).order_by(Tally.number)).first()
    assert tally is not None
    return [vote for vote in weight_files.weights_of(tally) if vote.submission_id == submission.id]


def test_closing_is_seen_as_tallying_until_the_worker_has_counted(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    for stars in (5, 4, 5):
        voting.votes(factories.member(), zip(designs, (stars, 3, 1), strict=True))
    clock.move(timedelta(days=5))
    with transaction():
        assert lifecycle.close(contest.id, clock.now())
    contest = db.session.get_one(Contest, contest.id)
    assert phase(contest, clock.now()) is Phase.TALLYING
    jobs.run_due()
    db.session.expire_all()
    assert phase(contest, clock.now()) is Phase.DECISION
    tally = db.session.scalars(select(Tally)).one()
    assert (tally.number, tally.cause, tally.voters, tally.counted) == (1, "close", 3, 9)
    assert [row.submission_id for row in tally.rows] == [design.id for design in designs]
    assert tally.rows[0].histogram == [0, 0, 0, 1, 2]
    told = db.session.scalars(select(Notice).where(Notice.kind == "voting.result")).all()
    assert {notice.params["rank"] for notice in told} == {1, 2, 3}
    assert told[0].link == f"/contests/{contest.slug}/results"


@pytest.mark.only("postgresql")
def test_a_tally_does_not_wait_for_who_holds_an_entry(app: Flask) -> None:
    design = factories.submission(factories.contest())
    voting.votes(factories.member(), [(design, 4)])
    held, contest_id = design.id, design.contest_id
    db.session.commit()
    with db.engine.begin() as connection:
        connection.execute(select(Submission.id).where(Submission.id == held).with_for_update())
        clock.move(timedelta(days=5))
        with transaction():
            lifecycle.close(contest_id, clock.now())
        counted = tallying.count(contest_id)
        with transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            tally = tallying.freeze(counted, tallying.CLOSE, at=clock.now())
    assert [row.submission_id for row in tally.rows] == [held]


def test_a_tally_is_frozen_once_and_the_next_has_the_next_number(app: Flask) -> None:
    contest = factories.contest()
    design = factories.submission(contest)
    voting.votes(factories.member(), [(design, 5)])
    with pytest.raises(Conflict), transaction():
        tallying.freeze(tallying.count(contest.id), tallying.CLOSE, at=clock.now())
    first = voting.tallied(contest)
    for _ in range(2):
        with transaction():
            again = tallying.freeze(tallying.count(contest.id), tallying.CLOSE, at=clock.now())
        assert again.id == first.id
    with transaction():
        db.session.get_one(Submission, design.id).state = State.WITHDRAWN
    with transaction():
        second = tallying.freeze(
            tallying.count(contest.id), f"withdrawal:{design.id}", at=clock.now()
        )
    assert (second.number, second.counted, second.cause) == (2, 0, f"withdrawal:{design.id}")
    assert db.session.get_one(Tally, first.id).counted == 1
    assert reasons(design) and recount().mismatches == ()
    jobs.run_due()
    assert db.session.scalar(select(func.count()).where(Notice.kind == "voting.result")) == 1


def test_what_does_not_count_says_why(app: Flask) -> None:
    contest = factories.contest()
    design = factories.submission(contest)
    voters: dict[Reason, Member] = {}
    for reason in (
        Reason.LIGHT,
        Reason.UNCONFIRMED,
        Reason.SUSPENDED,
        Reason.INSIDER,
        Reason.OWN,
    ):
        voters[reason] = factories.member(confirmed=reason is not Reason.UNCONFIRMED)
        voting.votes(voters[reason], [(design, 5)])
    late = factories.member(confirmed=False)
    voting.votes(late, [(design, 5)])
    with transaction():
        at = clock.now()
        db.session.get_one(Member, voters[Reason.SUSPENDED].id).suspended_at = at
        db.session.add_all(
            [
                Grant(
                    member_id=voters[Reason.INSIDER].id,
                    role=Role.PRODUCT_MANAGER,
                    scope=0,
                    granted_at=at,
                ),
                Designer(
                    submission_id=design.id,
                    member_id=voters[Reason.OWN].id,
                    position=1,
                    share_bp=1,
                ),
            ]
        )
        db.session.get_one(Member, late.id).email_confirmed_at = at + timedelta(hours=1)
    voting.tallied(contest)
    expected = {member.id: reason.value for reason, member in voters.items()}
    assert reasons(design) == {**expected, late.id: "unconfirmed"}
    row = db.session.scalars(select(TallyRow)).one()
    assert (row.counted, row.uncounted) == (1, 5)


def test_accounts_that_shared_a_browser_weigh_two_votes_together(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    for _ in range(6):
        voting.votes(factories.member(), [(each, 5) for each in designs], device=b"one laptop")
    voting.votes(factories.member(), [(each, 5) for each in designs])
    voting.tallied(contest)
    weights = [vote.weight for vote in weighed(designs[0])]
    assert sorted(weights) == [40] * 6 + [120]


def test_what_members_would_buy_is_counted_with_the_votes(app: Flask) -> None:
    contest = factories.contest()
    design = factories.submission(contest)
    fans = [factories.member() for _ in range(3)]
    for fan in fans:
        with transaction():
            intents.say(fan, design, intents.Wish("M", 2600, "USD"), at=clock.now())
    with transaction():
        intents.unsay(fans[0], design, at=clock.now())
    voting.tallied(contest)
    assert db.session.scalars(select(TallyRow.intents)).one() == 2
    with pytest.raises(Conflict), transaction():
        intents.unsay(fans[1], design, at=clock.now())


def test_an_erased_voter_still_counts_and_leaves_no_device_after_thirty_days(app: Flask) -> None:
    contest = factories.contest()
    design = factories.submission(contest)
    voter = factories.member()
    voting.votes(voter, [(design, 4)])
    first = voting.tallied(contest)
    erase(voter)
    with transaction():
        second = tallying.freeze(tallying.count(contest.id), "check:1", at=clock.now())
    assert (second.counted, second.digest) == (1, first.digest)
    assert recount().mismatches == ()
    assert traces.expire(clock.now() + traces.KEPT_FOR) == 1
    assert db.session.scalars(select(Vote.device)).all() == [None]


def erase(voter: Member) -> None:
    with transaction():
        erasure.erase(voter.id, at=clock.now())
