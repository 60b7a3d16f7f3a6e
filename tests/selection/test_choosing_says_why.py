"""Choosing: places, reasons, and what departs from the ranking."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Grant
from ideation.audit.models import AuditEntry
from ideation.contests.models import PickRule
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.selection import choosing, queries, rights
from ideation.selection.models import Decision, Ground, Outcome
from ideation.submissions.models import Designer
from tests import factories
from tests.factories import selection
from tests.selection.conftest import Stage, ranked

WHY = "The fog is in the right place."


def choose(
    stage: Stage, rank: int, place: int, ground: Ground = Ground.MEMBERS, note: str = WHY
) -> Decision:
    with transaction():
        return choosing.choose(
            stage.manager, stage.designs[rank - 1], place, ground, note, at=clock.now()
        )


def pass_over(stage: Stage, ranks: list[int], ground: Ground, note: str = "") -> int:
    with transaction():
        return choosing.pass_over(
            stage.manager,
            stage.contest_id,
            [stage.designs[rank - 1] for rank in ranks],
            ground,
            note,
            at=clock.now(),
        )


def test_a_choice_keeps_place_reason_rank_and_tally(stage: Stage) -> None:
    decision = choose(stage, 1, 1)
    assert (decision.outcome, decision.place, decision.rank) == (Outcome.WINNER, 1, 1)
    assert decision.note == WHY
    assert decision.tally_id is not None
    assert decision.issued_at is None
    assert not choosing.is_override(stage.contest, decision)


def test_a_place_that_differs_from_the_rank_is_marked_and_in_the_trail(stage: Stage) -> None:
    assert choosing.is_override(stage.contest, choose(stage, 4, 1, Ground.EDITORS))
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "contest.winner_chosen")
    ).one()
    assert entry.detail["rank"] == 4
    assert entry.detail["place"] == 1
    assert entry.detail["is_override"]
    assert entry.reason == WHY


def test_the_order_of_places_against_the_ranks_is_marked_too(stage: Stage) -> None:
    assert choosing.is_override(stage.contest, choose(stage, 2, 1))
    assert choosing.is_override(stage.contest, choose(stage, 1, 2))


@pytest.mark.parametrize("note", ["", "   \n"])
def test_a_winner_needs_a_reason(stage: Stage, note: str) -> None:
    with pytest.raises(Invalid) as refused:
        choose(stage, 1, 1, note=note)
    assert set(refused.value.fields) == {"note"}


def test_members_stars_are_not_named_for_what_they_did_not_choose(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        choose(stage, 3, 1, Ground.MEMBERS)
    assert set(refused.value.fields) == {"ground"}


@pytest.mark.parametrize("place", [0, 3, -1])
def test_no_place_is_given_that_was_not_promised(stage: Stage, place: int) -> None:
    with pytest.raises(Invalid) as refused:
        choose(stage, 1, place, Ground.EDITORS)
    assert "place" in refused.value.fields


@pytest.mark.parametrize("ground", [Ground.OVERDUE, Ground.RANGE, Ground.NEXT_IN_LINE])
def test_no_other_ground_makes_a_winner(stage: Stage, ground: Ground) -> None:
    with pytest.raises(Invalid):
        choose(stage, 1, 1, ground)


def test_a_place_is_given_once(stage: Stage) -> None:
    choose(stage, 1, 1)
    with pytest.raises(Conflict):
        choose(stage, 2, 1)
    with transaction():
        choosing.unchoose(stage.manager, stage.designs[0], at=clock.now())
    assert choose(stage, 2, 1).place == 1


def test_a_choice_moves_to_another_place_with_its_reason(stage: Stage) -> None:
    choose(stage, 1, 1)
    moved = choose(stage, 1, 2, note="Second, on reflection.")
    assert (moved.place, moved.note) == (2, "Second, on reflection.")
    assert len(queries.list_winners(stage.contest_id)) == 1


def test_everybody_else_gets_a_reason_in_bulk(stage: Stage) -> None:
    choose(stage, 1, 1)
    assert choosing.missing_decisions(stage.contest_id) == list(stage.designs[1:])
    assert pass_over(stage, [3, 4, 5], Ground.OTHERS_SCORED_HIGHER) == 3
    assert choosing.missing_decisions(stage.contest_id) == [stage.designs[1]]


def test_passing_over_within_the_winners_says_why(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        pass_over(stage, [2], Ground.OTHERS_SCORED_HIGHER, "No.")
    assert set(refused.value.fields) == {"ground"}
    with pytest.raises(Invalid) as refused:
        pass_over(stage, [2], Ground.PRINT)
    assert set(refused.value.fields) == {"note"}
    assert pass_over(stage, [2], Ground.PRINT, "Nine colours, and six can be printed.") == 1


def test_a_winner_is_not_passed_over(stage: Stage) -> None:
    choose(stage, 1, 1)
    with pytest.raises(Conflict):
        pass_over(stage, [1, 3], Ground.RANGE, "Why not.")
    assert stage.designs[2] not in queries.decisions_of(stage.contest_id)


@pytest.mark.parametrize("phase", ["scoring", "tallying"])
def test_nothing_is_chosen_before_a_tally(app: Flask, phase: str) -> None:
    contest = factories.contest(phase)
    stage = Stage(contest.id, (factories.submission(contest).id,), selection.manager().id)
    with pytest.raises(Conflict):
        choose(stage, 1, 1, Ground.EDITORS)


def test_only_who_decides_in_the_space_chooses(stage: Stage) -> None:
    for role in (Role.MODERATOR, Role.STEWARD, Role.FINANCE):
        stranger = factories.member("Stranger", roles=(role,))
        with pytest.raises(NotAllowed), transaction():
            choosing.choose(
                db.session.merge(stranger),
                stage.designs[0],
                1,
                Ground.MEMBERS,
                WHY,
                at=clock.now(),
            )
    elsewhere = factories.member("Elsewhere")
    with transaction():
        db.session.add(
            Grant(
                member_id=elsewhere.id,
                role=Role.PRODUCT_MANAGER,
                scope=stage.contest.space_id + 1,
                granted_at=clock.now(),
            )
        )
    with pytest.raises(NotAllowed), transaction():
        choosing.pass_over(
            db.session.merge(elsewhere),
            stage.contest_id,
            stage.designs,
            Ground.RANGE,
            WHY,
            at=clock.now(),
        )


def test_nobody_chooses_their_own_design(stage: Stage) -> None:
    operator = factories.member("Op", roles=(Role.OPERATOR,))
    with transaction():
        design = stage.design(1)
        design.designers[0].share_bp = 4_000
        design.designers.append(
            Designer(member_id=operator.id, position=1, share_bp=6_000, agreed_at=clock.now())
        )
    with pytest.raises(NotAllowed), transaction():
        choosing.choose(
            db.session.merge(operator), stage.designs[0], 1, Ground.MEMBERS, WHY, at=clock.now()
        )


def test_after_the_announcement_nothing_changes(stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1), stage.design(2)])
    for act in (
        lambda: choose(stage, 3, 2, Ground.EDITORS),
        lambda: choose(stage, 1, 1, note="Another reason."),
        lambda: pass_over(stage, [3], Ground.BRIEF, "Another reason."),
    ):
        with pytest.raises(Conflict):
            act()
    with pytest.raises(Conflict), transaction():
        choosing.unchoose(stage.manager, stage.designs[0], at=clock.now())


def test_after_the_date_the_rights_are_back_and_nothing_can_be_chosen(stage: Stage) -> None:
    due = stage.contest.decision_due_at
    assert due is not None
    late = due + timedelta(minutes=1)
    with transaction():
        assert rights.release_overdue(late) == [stage.contest_id]
    with pytest.raises(Conflict), transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.MEMBERS, WHY, at=late)


def test_where_stars_alone_decide_nobody_chooses(app: Flask) -> None:
    stage = ranked(4, winners=2, pick_rule=PickRule.VOTES)
    with pytest.raises(Conflict):
        choose(stage, 3, 1, Ground.EDITORS)
    with pytest.raises(Conflict), transaction():
        choosing.unchoose(stage.manager, stage.designs[0], at=clock.now())
    with pytest.raises(Invalid):
        pass_over(stage, [3], Ground.LIKENESS, "Too close.")
