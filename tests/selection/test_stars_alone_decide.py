"""The pick rule of votes: places follow from the tally, and nobody chooses."""

from dataclasses import replace

import numpy as np
from flask import Flask

from ideation.accounts import erasure
from ideation.accounts.models import Member
from ideation.contests.models import PickRule
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.selection import agreements, announcing, choosing, queries
from ideation.selection.models import AgreementState, Decision, Ground
from ideation.voting import counting, tallying
from tests import factories
from tests.factories import selection
from tests.factories.voting import tallied, votes
from tests.selection.conftest import Stage, ranked


def by_stars(count: int = 4, winners: int = 2) -> Stage:
    return ranked(count, winners=winners, pick_rule=PickRule.VOTES)


def places(stage: Stage) -> list[tuple[int | None, int, Ground]]:
    return [
        (one.place, stage.designs.index(one.submission_id) + 1, one.ground)
        for one in queries.list_winners(stage.contest_id)
    ]


def test_the_tally_fills_the_places_and_everybody_has_a_reason(app: Flask) -> None:
    stage = by_stars()
    assert places(stage) == [(1, 1, Ground.MEMBERS), (2, 2, Ground.MEMBERS)]
    assert choosing.missing_decisions(stage.contest_id) == []
    assert not any(
        choosing.is_override(stage.contest, one)
        for one in queries.decisions_of(stage.contest_id).values()
    )


def test_it_needs_offers_and_answers_alone_to_be_announced(app: Flask) -> None:
    stage = by_stars()
    with transaction():
        offers = [
            one.id for one in agreements.offer(stage.manager, stage.contest_id, at=clock.now())
        ]
    for key in offers:
        selection.accepted(queries.get_agreement(key))
    with transaction():
        assert announcing.announce(stage.manager, stage.contest_id, at=clock.now())


def test_a_decline_moves_the_place_to_the_next_in_rank(app: Flask) -> None:
    stage = by_stars()
    with transaction():
        first, _ = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
    with transaction():
        agreements.answer(
            db.session.get_one(Member, stage.design(1).member_id),
            first.id,
            False,
            language="en",
            at=clock.now(),
        )
    assert places(stage) == [(1, 3, Ground.NEXT_IN_LINE), (2, 2, Ground.MEMBERS)]
    assert queries.find_living(stage.designs[2]) is not None


def test_a_later_tally_fills_anew_what_no_agreement_binds(app: Flask) -> None:
    stage = by_stars()
    with transaction():
        offers = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
        agreements.withdraw(stage.manager, offers[1].id, "Wait a day.", at=clock.now())
    cast = counting.read(stage.contest_id)
    fell = np.isin(cast.entries[cast.entry], stage.designs[:2])  # as if a ring had lifted both
    counted = tallying.count_cast(
        stage.contest_id, replace(cast, stars=np.where(fell, 1, cast.stars).astype(np.int8))
    )
    with transaction():
        tallying.freeze(counted, "quarantine", at=clock.now())
    (one, first, _), (two, second, ground) = places(stage)
    assert (one, first) == (1, 1)  # its agreement was offered, and an offer stands
    assert queries.find_living(stage.designs[0]).state is AgreementState.OFFERED
    _, ranks = choosing.latest_ranks(stage.contest_id)
    best = min((key for key in stage.designs[1:]), key=lambda key: ranks[key])
    assert (two, stage.designs[second - 1]) == (2, best)
    assert ground is Ground.MEMBERS


def test_a_design_nobody_can_sign_for_does_not_take_a_place(app: Flask) -> None:
    contest = factories.contest("scoring", winners=1, pick_rule=PickRule.VOTES)
    best, next_best = selection.entries(contest, 2)
    votes(factories.member("Voter"), [(best, 5), (next_best, 2)])
    with transaction():
        contest.closed_at = clock.now()
        db.session.merge(contest)
    with transaction():
        db.session.merge(contest).scoring_closes_at = clock.now()
    with transaction():
        erasure.erase(best.member_id, at=clock.now())
    tallied(contest)
    assert [one.submission_id for one in queries.list_winners(contest.id)] == [next_best.id]
    assert db.session.get_one(Decision, best.id).ground is Ground.AGREEMENT_DECLINED
