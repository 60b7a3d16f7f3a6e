"""Agreements: frozen when offered, accepted by all, or passed on to the next in line."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts import erasure
from ideation.accounts import queries as accounts
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from ideation.notices.models import Notice
from ideation.selection import agreements, choosing, deadlines, queries, terms
from ideation.selection.events import AgreementAccepted
from ideation.selection.models import (
    Agreement,
    AgreementState,
    Decision,
    Ground,
    Outcome,
    ReleaseCause,
)
from ideation.submissions.models import Designer
from ideation.submissions.notices import picture_of
from tests import factories
from tests.factories import selection
from tests.notices.told import mails_to
from tests.selection.conftest import Stage
from workers import selection as worker


def offered(stage: Stage, ranks: tuple[int, ...] = (1, 2)) -> list[Agreement]:
    """Chosen by rank, all others passed over by the stars, and offered."""
    at = clock.now()
    with transaction():
        for place, rank in enumerate(ranks, start=1):
            choosing.choose(
                stage.manager, stage.designs[rank - 1], place, Ground.MEMBERS, "Good.", at=at
            )
        rest = [key for rank, key in enumerate(stage.designs, start=1) if rank not in ranks]
        choosing.pass_over(
            stage.manager, stage.contest_id, rest, Ground.OTHERS_SCORED_HIGHER, "", at=at
        )
    with transaction():
        return agreements.offer(stage.manager, stage.contest_id, at=at)


def answer(agreement: Agreement, member_id: int, accept: bool = True, **values: object) -> None:
    values = {"prize_currency": "USD", "language": "zh-Hant", "at": clock.now(), **values}
    with transaction():
        agreements.answer(
            db.session.get_one(Member, member_id),
            agreement.id,
            accept,
            **values,  # type: ignore[arg-type]
        )


def share(stage: Stage, rank: int, member: Member, bp: int) -> None:
    """Give a co-designer a share, not agreed to be named."""
    with transaction():
        design = stage.design(rank)
        design.designers[0].share_bp = 10_000 - bp
        design.designers.append(Designer(member_id=member.id, position=1, share_bp=bp))


def told(member_id: int, kind: str) -> int:
    query = select(Notice).where(Notice.member_id == member_id, Notice.kind == kind)
    return len(db.session.scalars(query).all())


def test_an_offer_freezes_all_that_is_promised(stage: Stage) -> None:
    ada = factories.member("Ada Co")
    share(stage, 1, ada, 2_500)
    first = offered(stage)[0]
    with transaction():
        contest = db.session.get_one(Contest, stage.contest_id)
        contest.rate_bp = 1
        contest.prizes.clear()
        design = stage.design(1)
        design.designers.pop()
    db.session.expire_all()
    assert (first.place, first.rate_bp) == (1, 1000)
    assert first.prizes == [{"currency": "USD", "cash_minor": 200_000, "credit_minor": 50_000}]
    assert [(one.position, one.share_bp) for one in first.parties] == [(0, 7_500), (1, 2_500)]
    assert first.terms_hash == terms.seal(first.terms_version)
    assert {"currency": "EUR", "minimum_minor": 100, "from_minor": 1000} in first.minimums
    assert told(ada.id, "selection.offered") == 1


@pytest.mark.one_engine
def test_the_mail_of_an_offer_shows_the_design(stage: Stage) -> None:
    first = offered(stage)[0]
    cover = picture_of(first.submission.public_id)
    assert cover is not None
    winner = accounts.get(stage.design(1).member_id)
    assert f'src="http://127.0.0.1:8000{cover.path}"' in mails_to(winner)[-1].html


def test_offering_again_offers_nothing_new(stage: Stage) -> None:
    assert len(offered(stage)) == 2
    with transaction():
        assert agreements.offer(stage.manager, stage.contest_id, at=clock.now()) == []


def test_it_is_accepted_when_the_last_designer_accepts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[AgreementAccepted] = []
    monkeypatch.setitem(events._subscribers, AgreementAccepted, [heard.append])
    ada = factories.member("Ada Co")
    share(stage, 1, ada, 2_500)
    first = offered(stage)[0]
    answer(first, ada.id)
    assert first.state is AgreementState.OFFERED
    assert heard == []
    answer(first, stage.design(1).member_id)
    assert first.state is AgreementState.ACCEPTED
    assert [event.agreement_id for event in heard] == [first.id]
    assert (first.prize_currency, first.parties[1].language) == ("USD", "zh-Hant")
    assert agreements.find_accepted(stage.designs[0]) is first
    assert told(stage.manager_id, "selection.signed") == 1


def test_the_prize_needs_a_currency_that_was_promised_from_the_first_designer_alone(
    stage: Stage,
) -> None:
    ada = factories.member("Ada Co")
    share(stage, 1, ada, 2_500)
    first = offered(stage)[0]
    answer(first, ada.id, prize_currency="")
    for currency in ("", "JPY"):
        with pytest.raises(Invalid) as refused:
            answer(first, stage.design(1).member_id, prize_currency=currency)
        assert set(refused.value.fields) == {"prize_currency"}
    assert first.parties[0].answer is None


def test_nobody_answers_twice_or_for_somebody_else(stage: Stage) -> None:
    ada = factories.member("Ada Co")
    share(stage, 1, ada, 2_500)
    first = offered(stage)[0]
    answer(first, ada.id)
    with pytest.raises(Conflict):
        answer(first, ada.id, False)
    with pytest.raises(NotFound):
        answer(first, factories.member("Stranger").id)
    assert first.state is AgreementState.OFFERED


def test_one_designers_no_gives_the_place_to_the_next_in_line_with_an_offer(stage: Stage) -> None:
    ada = factories.member("Ada Co")
    share(stage, 1, ada, 2_500)
    first = offered(stage)[0]
    answer(first, stage.design(1).member_id)
    answer(first, ada.id, False)
    assert first.state is AgreementState.DECLINED
    gone = db.session.get_one(Decision, stage.designs[0])
    assert (gone.outcome, gone.ground) == (Outcome.NOT_CHOSEN, Ground.AGREEMENT_DECLINED)
    released = queries.releases_of(stage.designs)
    assert {key: one.cause for key, one in released.items()} == {
        stage.designs[0]: ReleaseCause.DECLINED
    }
    third = db.session.get_one(Decision, stage.designs[2])
    assert (third.place, third.ground, third.rank) == (1, Ground.NEXT_IN_LINE, 3)
    assert not choosing.is_override(stage.contest, third)
    following = queries.find_living(third.submission_id)
    assert following is not None
    assert following.offered_by == stage.manager_id
    assert told(stage.design(3).member_id, "selection.offered") == 1
    assert told(stage.manager_id, "selection.unsigned") == 1


def test_five_days_of_silence_pass_it_on_once(stage: Stage) -> None:
    first, second = offered(stage)
    answer(second, stage.design(2).member_id)
    just_before = first.expires_at - timedelta(seconds=1)
    with transaction():
        assert agreements.lapse_due(just_before) == []
    with pytest.raises(Conflict):
        answer(first, stage.design(1).member_id, at=first.expires_at)
    clock.move(deadlines.ANSWER_WITHIN + timedelta(minutes=1))
    for _ in range(3):
        worker.lapse_due()
    db.session.expire_all()
    assert first.state is AgreementState.LAPSED
    assert second.state is AgreementState.ACCEPTED
    assert [one.submission_id for one in queries.list_winners(stage.contest_id)] == [
        stage.designs[2],
        stage.designs[1],
    ]
    assert len(queries.list_agreements(stage.contest_id)) == 3


def test_who_was_passed_over_for_a_reason_is_not_next_in_line(stage: Stage) -> None:
    first, _ = offered(stage)
    with transaction():
        choosing.pass_over(
            stage.manager, stage.contest_id, [stage.designs[2]], Ground.PRINT, "", at=clock.now()
        )
    answer(first, stage.design(1).member_id, False)
    assert db.session.get_one(Decision, stage.designs[3]).place == 1


def test_with_nobody_left_in_line_the_place_stays_empty(stage: Stage) -> None:
    first, _ = offered(stage)
    with transaction():
        choosing.pass_over(
            stage.manager, stage.contest_id, stage.designs[2:], Ground.RANGE, "", at=clock.now()
        )
    answer(first, stage.design(1).member_id, False)
    assert [one.place for one in queries.list_winners(stage.contest_id)] == [2]
    assert told(stage.manager_id, "selection.unsigned") == 1


def test_the_place_of_a_designer_who_left_is_offered_to_the_next_in_line(stage: Stage) -> None:
    at = clock.now()
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.MEMBERS, "Good.", at=at)
    with transaction():
        erasure.erase(stage.design(1).member_id, at=at)
    with transaction():
        (offer,) = agreements.offer(stage.manager, stage.contest_id, at=at)
    assert (offer.submission_id, offer.place) == (stage.designs[1], 1)
    assert db.session.get_one(Decision, stage.designs[0]).outcome is Outcome.NOT_CHOSEN


def test_a_design_is_not_chosen_whose_designer_has_left(stage: Stage) -> None:
    with transaction():
        erasure.erase(stage.design(1).member_id, at=clock.now())
    with pytest.raises(Conflict), transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.MEMBERS, "Good.", at=clock.now())


def test_nobody_is_next_in_line_whose_designer_has_left(stage: Stage) -> None:
    with transaction():
        erasure.erase(stage.design(3).member_id, at=clock.now())
    first, _ = offered(stage)
    answer(first, stage.design(1).member_id, False)
    assert db.session.get_one(Decision, stage.designs[3]).place == 1


def test_an_offer_is_taken_back_with_a_reason_and_may_be_made_again(stage: Stage) -> None:
    first, _ = offered(stage)
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(Invalid), transaction():
            agreements.withdraw(stage.manager, first.id, reason, at=clock.now())
    with transaction():
        agreements.withdraw(stage.manager, first.id, "A wrong click, sorry.", at=clock.now())
    assert first.state is AgreementState.WITHDRAWN
    assert queries.releases_of([stage.designs[0]]) == {}
    with pytest.raises(Conflict):
        answer(first, stage.design(1).member_id)
    with transaction():
        (again,) = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
    assert again.submission_id == first.submission_id


def test_what_is_accepted_is_neither_withdrawn_nor_unchosen_nor_moved(stage: Stage) -> None:
    first, _ = offered(stage)
    answer(first, stage.design(1).member_id)
    with pytest.raises(Conflict), transaction():
        agreements.withdraw(stage.manager, first.id, "Changed our mind.", at=clock.now())
    with pytest.raises(Conflict), transaction():
        choosing.unchoose(stage.manager, stage.designs[0], at=clock.now())
    with pytest.raises(Conflict), transaction():
        choosing.choose(
            stage.manager, stage.designs[0], 2, Ground.EDITORS, "Second.", at=clock.now()
        )
    assert first.state is AgreementState.ACCEPTED


def test_only_who_decides_offers_and_withdraws(stage: Stage) -> None:
    first, _ = offered(stage)
    stranger = factories.member("Stranger")
    with pytest.raises(NotAllowed), transaction():
        agreements.offer(db.session.merge(stranger), stage.contest_id, at=clock.now())
    with pytest.raises(NotAllowed), transaction():
        agreements.withdraw(db.session.merge(stranger), first.id, "Because.", at=clock.now())


def test_a_contest_without_a_prize_asks_for_no_currency(app: Flask) -> None:
    agreement = selection.announced_winner(prizes=[])
    assert agreement.state is AgreementState.ACCEPTED
    assert agreement.prize_currency == ""
