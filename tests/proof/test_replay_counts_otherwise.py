"""Another prior, rule, eligibility or quarantine: who would have won."""

import pytest
from flask import Flask
from sqlalchemy import delete, update

from ideation.accounts.grants import Role
from ideation.accounts.models import DeviceUse, Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.proof import replaying
from ideation.proof.replaying import Aside, Question, Replay, Rule
from ideation.submissions.models import Submission
from ideation.voting import queries, tallying
from ideation.voting.models import Quarantine, Vote
from tests import factories
from tests.factories import Browser, voting


def contest_of(designs: int, winners: int = 1) -> tuple[Contest, list[Submission]]:
    contest = factories.contest(winners=winners)
    return contest, [factories.submission(contest, with_artwork=False) for _ in range(designs)]


def ranks(again: Replay) -> list[int]:
    return [line.entry for line in again.lines if line.after]


def test_the_question_as_it_was_gives_the_tally_again(app: Flask) -> None:
    contest, designs = contest_of(4)
    for number in range(8):
        marks = [(each, 1 + (number + at * at) % 5) for at, each in enumerate(designs)]
        voting.votes(factories.member(confirmed=number != 3), marks)
    tally = voting.tallied(contest)
    again = replaying.replay(contest, Question())
    assert all(line.before == line.after for line in again.lines) and again.comes_in == ()
    assert (again.mean, again.prior, again.counted) == (tally.mean, tally.prior, tally.counted)
    assert again.knows_clusters


def test_a_plain_mean_lets_two_marks_win(app: Flask) -> None:
    contest, (few, many, other) = contest_of(3)
    for number in range(12):
        voting.votes(factories.member(), [(many, 5 if number else 4), (other, 2)])
    for _ in range(2):
        voting.votes(factories.member(), [(few, 5)])
    voting.tallied(contest)
    again = replaying.replay(contest, Question(rule=Rule.MEAN))
    assert ranks(again)[0] == few.id and again.lines[0].after == replaying.Place(1, 50_000)
    assert (again.comes_in, again.drops_out) == ((few.id,), (many.id,))


def test_another_prior_is_used(app: Flask) -> None:
    contest, designs = contest_of(3)
    for number in range(6):
        marks = [(each, 1 + (number + at) % 5) for at, each in enumerate(designs)]
        voting.votes(factories.member(), marks)
    tally = voting.tallied(contest)
    again = replaying.replay(contest, Question(prior=70))
    assert again.prior == 70 != tally.prior
    direct = tallying.count(contest.id, prior=70).result
    assert {line.entry: line.after.score for line in again.lines if line.after} == {
        row.entry: row.score for row in direct.rows
    }
    with pytest.raises(ValueError, match="5 to 70"):
        replaying.replay(contest, Question(prior=3))


def test_eligibility_can_be_wider_and_narrower(app: Flask) -> None:
    contest, (one, two, three) = contest_of(3)
    for _ in range(3):
        voting.votes(factories.member(), [(one, 4), (two, 3), (three, 3)])
    for _ in range(4):
        voting.votes(factories.member(), [(two, 5)])
    for _ in range(5):
        voting.votes(factories.member(confirmed=False), [(one, 1), (two, 1), (three, 5)])
    voting.tallied(contest)
    assert replaying.replay(contest, Question()).counted == 13
    assert replaying.replay(contest, Question(without_light=True)).counted == 9
    wide = replaying.replay(contest, Question(with_unconfirmed=True))
    assert wide.counted == 28 and ranks(wide)[0] == three.id


def quarantine(contest: Contest, members: list[Member], *, is_lifted: bool = False) -> None:
    at = clock.now()
    with transaction():
        for member in members:
            lifted_at = at if is_lifted else None
            row = Quarantine(
                contest_id=contest.id, member_id=member.id, case_id=1, at=at, lifted_at=lifted_at
            )
            db.session.add(row)


def test_quarantine_can_be_nobodys_or_everybodys(app: Flask) -> None:
    contest, (one, two, three) = contest_of(3)
    honest = [factories.member() for _ in range(4)]
    ring = [factories.member() for _ in range(5)]
    restored = factories.member()
    for voter in honest:
        voting.votes(voter, [(one, 5), (two, 2), (three, 3)])
    for voter in (*ring, restored):
        voting.votes(voter, [(one, 1), (two, 5), (three, 1)])
    quarantine(contest, ring)
    quarantine(contest, [restored], is_lifted=True)
    voting.tallied(contest)
    counted = {aside: replaying.replay(contest, Question(aside=aside)) for aside in Aside}
    assert [counted[aside].counted for aside in Aside] == [15, 30, 12]
    assert ranks(counted[Aside.AS_IS])[0] == one.id
    assert ranks(counted[Aside.NOBODY])[0] == two.id
    assert counted[Aside.NOBODY].comes_in == (two.id,)


def test_once_browsers_are_forgotten_what_was_capped_stays_so(app: Flask) -> None:
    contest, designs = contest_of(3)
    for _ in range(6):
        voting.votes(factories.member(), [(each, 5) for each in designs], device=b"one laptop")
    for _ in range(3):
        voting.votes(factories.member(), [(each, 2) for each in designs])
    voting.tallied(contest)
    known = replaying.replay(contest, Question())
    with transaction():
        db.session.execute(update(Vote).values(device=None))
        db.session.execute(delete(DeviceUse))
    again = replaying.replay(contest, Question())
    assert known.knows_clusters and not again.knows_clusters
    assert again.mean == known.mean == queries.get_tally(contest.id, 1).mean
    free = tallying.count(contest.id).result
    assert free.c != known.mean, "control: counted afresh, nothing holds them"


def test_nothing_is_replayed_before_it_is_counted(app: Flask) -> None:
    contest, _ = contest_of(1)
    with pytest.raises(Conflict):
        replaying.replay(contest, Question())
    auditor = Browser(app, factories.member(roles=(Role.AUDITOR,)))
    page = auditor.get(f"/console/contests/{contest.slug}/replay")
    assert page.status_code == 404 and "Nothing to replay yet" in page.text


def test_the_page_shows_both_and_says_who_would_win(app: Flask) -> None:
    contest, (few, many, other) = contest_of(3)
    for number in range(12):
        voting.votes(factories.member(), [(many, 5 if number else 4), (other, 2)])
    for _ in range(2):
        voting.votes(factories.member(), [(few, 5)])
    voting.tallied(contest)
    browser = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    address = f"/console/contests/{contest.slug}/replay"
    assert "The same designs would win." in browser.get(address).text
    page = browser.get(f"{address}?rule=mean").text
    assert "would win" in page and "would not" in page and few.title in page
    wrong = browser.get(f"{address}?prior=900")
    assert wrong.status_code == 422 and "from 5 to 70" in wrong.text
