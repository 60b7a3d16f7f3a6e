"""Announcing: refused while anything is missing, done once, told to everybody."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.contests.phases import Phase, phase
from ideation.core import clock, events, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotAllowed
from ideation.notices.models import Notice
from ideation.selection import agreements, announcing, choosing, queries, rights
from ideation.selection.events import WinnersAnnounced
from ideation.selection.models import Decision, Ground, ReleaseCause
from ideation.submissions.models import Designer
from ideation.voting import intents, tallying
from ideation.voting.intents import Wish
from tests import factories
from tests.factories import selection
from tests.selection.conftest import Stage


def announce(stage: Stage) -> bool:
    with transaction():
        return announcing.announce(stage.manager, stage.contest_id, at=clock.now())


def kinds_of(member_id: int) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member_id).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_every_obstacle_is_a_sentence_until_none_is_left(stage: Stage) -> None:
    def said() -> list[str]:
        return [str(words) for words in announcing.obstacles(stage.contest_id)]

    assert said() == [
        "No winner is chosen yet.",
        "5 designs have no reason yet, and so their designers no receipt.",
    ]
    at = clock.now()
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 2, Ground.EDITORS, "Good.", at=at)
    assert said()[0] == "Place 1 is empty, while a place after it is given."
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.EDITORS, "Good.", at=at)
        choosing.pass_over(
            stage.manager, stage.contest_id, stage.designs[1:], Ground.RANGE, "No room.", at=at
        )
    assert said() == [f"“{stage.design(1).title}” was offered no agreement yet."]
    with transaction():
        (offer,) = agreements.offer(stage.manager, stage.contest_id, at=at)
    (waiting,) = said()
    assert "waits for an answer" in waiting
    assert stage.design(1).member.name in waiting
    selection.accepted(offer)
    assert said() == []


def test_it_is_refused_while_a_receipt_is_missing(stage: Stage) -> None:
    at = clock.now()
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.EDITORS, "Good.", at=at)
        choosing.pass_over(
            stage.manager, stage.contest_id, stage.designs[2:], Ground.RANGE, "", at=at
        )
        (offer,) = agreements.offer(stage.manager, stage.contest_id, at=at)
    selection.accepted(offer)
    with pytest.raises(Conflict):
        announce(stage)
    assert stage.contest.announced_at is None


def test_it_is_refused_while_an_agreement_is_open(stage: Stage) -> None:
    selection.decided(stage.contest, [stage.design(1)])
    with transaction():
        agreements.offer(stage.manager, stage.contest_id, at=clock.now())
    with pytest.raises(Conflict):
        announce(stage)


def test_announced_once_it_stays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[WinnersAnnounced] = []
    monkeypatch.setitem(events._subscribers, WinnersAnnounced, [heard.append])
    selection.announced(stage.contest, [stage.design(2), stage.design(1)])
    assert phase(stage.contest, clock.now()) is Phase.RESULTS
    first = stage.contest.announced_at
    assert not announce(stage)
    assert stage.contest.announced_at == first
    assert len(heard) == 1
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "contest.announced")
    ).one()
    assert entry.detail["winners"] == [[1, stage.designs[1], 2], [2, stage.designs[0], 1]]


def test_receipts_are_out_and_the_rights_of_all_others_back(stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1)])
    decided = queries.decisions_of(stage.contest_id)
    assert set(decided) == set(stage.designs)
    assert {one.issued_at for one in decided.values()} == {stage.contest.announced_at}
    released = queries.releases_of(stage.designs)
    assert set(released) == set(stage.designs[1:])
    assert {one.cause for one in released.values()} == {ReleaseCause.NOT_CHOSEN}


def test_entrants_winners_and_who_would_buy_are_told_once(app: Flask) -> None:
    contest = factories.contest("scoring", winners=1)
    design, other = selection.entries(contest, 2)
    co_designer, fan, cold = (factories.member(name) for name in ("Co", "Fan", "Cold"))
    with transaction():
        db.session.merge(other).designers = [
            Designer(member_id=other.member_id, position=0, share_bp=9_000),
            Designer(member_id=co_designer.id, position=1, share_bp=1_000),
        ]
    with transaction():
        intents.say(db.session.merge(fan), db.session.merge(design), Wish(), at=clock.now())
        intents.say(db.session.merge(cold), db.session.merge(other), Wish(), at=clock.now())
    selection.announced(contest, [design])
    for _ in range(2):
        with transaction():
            jobs.enqueue(announcing.TELL_ANNOUNCED, at=clock.now(), contest_id=contest.id)
        jobs.run_due()
    assert kinds_of(design.member_id).count("selection.won") == 1
    for member_id in (other.member_id, co_designer.id):
        assert kinds_of(member_id).count("selection.decided") == 1
    assert kinds_of(fan.id) == ["selection.wish_won"]
    assert kinds_of(cold.id) == []
    notice = db.session.scalars(select(Notice).where(Notice.member_id == co_designer.id)).all()
    assert f"/designs/{other.public_id}/receipt" in {one.link for one in notice}


def test_only_who_decides_announces(stage: Stage) -> None:
    selection.decided(stage.contest, [stage.design(1)])
    stranger = factories.member("Stranger")
    with pytest.raises(NotAllowed), transaction():
        announcing.announce(db.session.merge(stranger), stage.contest_id, at=clock.now())


def test_a_later_tally_moves_the_ranks_until_the_announcement_and_never_after(
    stage: Stage,
) -> None:
    selection.decided(stage.contest, [stage.design(1), stage.design(2)])
    with transaction():
        for voter in db.session.scalars(select(Member).where(Member.name == "Voter")):
            voter.suspended_at = clock.now()
    counted = tallying.count(stage.contest_id)
    with transaction():
        second = tallying.freeze(counted, "quarantine", at=clock.now())
    number_two = second.id
    assert {one.tally_id for one in queries.decisions_of(stage.contest_id).values()} == {number_two}
    with transaction():
        offers = [
            one.id for one in agreements.offer(stage.manager, stage.contest_id, at=clock.now())
        ]
    for key in offers:
        selection.accepted(queries.get_agreement(key))
    assert announce(stage)
    counted = tallying.count(stage.contest_id)
    with transaction():
        third = tallying.freeze(counted, "later", at=clock.now())
    assert third.number == 3
    assert {one.tally_id for one in queries.decisions_of(stage.contest_id).values()} == {number_two}


def test_a_promised_place_stays_empty_only_where_everybody_else_was_told_why(stage: Stage) -> None:
    at, contest_id = clock.now(), stage.contest_id
    last = stage.contest.winners
    others = stage.designs[last - 1 :]
    with transaction():
        for place, key in enumerate(stage.designs[: last - 1], 1):
            choosing.choose(stage.manager, key, place, Ground.EDITORS, "Good.", at=at)
        choosing.pass_over(stage.manager, contest_id, others[:1], Ground.PRINT, "Too fine.", at=at)
        choosing.pass_over(
            stage.manager, contest_id, others[1:], Ground.OTHERS_SCORED_HIGHER, "", at=at
        )
        offers = [one.id for one in agreements.offer(stage.manager, contest_id, at=at)]
    for key in offers:
        selection.accepted(queries.get_agreement(key))
    (said,) = announcing.obstacles(contest_id)
    assert f"Place {last} was promised and is empty" in str(said)
    with pytest.raises(Conflict, match="was promised and is empty"):
        announce(stage)
    with transaction():
        choosing.pass_over(stage.manager, contest_id, others[1:], Ground.RANGE, "", at=at)
    assert announcing.obstacles(contest_id) == []
    assert announce(stage)


def test_members_choice_that_a_later_tally_unseats_is_an_obstacle(stage: Stage) -> None:
    at = clock.now()
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.MEMBERS, "Good.", at=at)
        db.session.get_one(Decision, stage.designs[0]).rank = 3
    said = [str(words) for words in announcing.obstacles(stage.contest_id)]
    assert any("ranks 3 in the latest tally" in words for words in said)


def test_after_the_date_what_is_signed_can_still_be_announced(stage: Stage) -> None:
    at = clock.now()
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.EDITORS, "Good.", at=at)
        (offer,) = agreements.offer(stage.manager, stage.contest_id, at=at)
    selection.accepted(offer)
    due = stage.contest.decision_due_at
    assert due is not None
    clock.move(due - clock.now() + timedelta(minutes=2))
    jobs.run_due()
    with transaction():
        jobs.enqueue(rights.RELEASE, at=clock.now())
    jobs.run_due()
    assert announcing.obstacles(stage.contest_id) == []
    assert announce(stage)
    assert queries.find_accepted(stage.designs[0]) is not None
