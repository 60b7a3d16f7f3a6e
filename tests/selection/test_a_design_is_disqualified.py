"""A design leaves a result that stands: counted anew, its place goes on, an appeal undoes it."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.contests.models import PickRule
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.mail.models import Mail
from ideation.integrity import words
from ideation.proof import batching, files
from ideation.selection import (
    agreements,
    announcing,
    choosing,
    disqualifying,
    queries,
    receipts,
    reinstating,
    rights,
)
from ideation.selection.models import (
    AgreementState,
    Disqualification,
    Fault,
    Ground,
    Outcome,
)
from ideation.submissions.models import State
from ideation.voting import queries as voting
from ideation.voting.recount import recount
from tests import factories
from tests.factories import checker, selection
from tests.proof.test_files_are_counted_by_strangers import close, saved, scored
from tests.selection.conftest import Stage, ranked

WHY = "The moth is Mira Holm's print of 2019."


def disqualify(stage: Stage, rank: int, **values: object) -> Disqualification:
    with transaction():
        actor = values.pop("actor", None) or stage.manager
        return disqualifying.disqualify(
            actor,  # type: ignore[arg-type]
            stage.designs[rank - 1],
            Fault.COPIED,
            str(values.pop("note", WHY)),
            at=clock.now(),
        )


def appeal(stage: Stage, rank: int, words_: str = "It is mine: see my sketchbook.") -> None:
    with transaction():
        reinstating.appeal(_designer(stage, rank), stage.designs[rank - 1], words_, at=clock.now())


def answer(stage: Stage, made: Disqualification, *, upheld: bool) -> None:
    act = reinstating.reinstate if upheld else reinstating.reject
    with transaction():
        act(stage.manager, stage.contest_id, made.public_id, "We compared again.", at=clock.now())


def ranking(stage: Stage) -> list[int]:
    tally = voting.find_tally(stage.contest_id)
    assert tally is not None
    return [row.submission_id for row in sorted(voting.all_rows(tally), key=lambda row: row.rank)]


def test_the_next_tally_is_frozen_without_it_and_says_why(stage: Stage) -> None:
    made = disqualify(stage, 2)
    tallies = voting.list_tallies(stage.contest_id)
    assert sorted(one.number for one in tallies) == [1, 2] and made.tally_number == 2
    latest = voting.find_tally(stage.contest_id)
    assert latest is not None and latest.cause == f"disqualification:{made.public_id}"
    assert str(words.cause(latest.cause)) == "A design was disqualified"
    assert ranking(stage) == [stage.designs[n] for n in (0, 2, 3, 4)]
    assert len(voting.get_tally(stage.contest_id, 1).rows) == 5, "the first stays as it was"
    assert recount().mismatches == ()
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "contest.disqualified")
    ).one()
    assert (entry.subject_id, entry.reason) == (stage.designs[1], WHY)


def test_its_receipt_is_out_at_once_and_its_designers_are_told_how_to_appeal(stage: Stage) -> None:
    disqualify(stage, 2)
    slip = receipts.receipt(stage.designs[1], clock.now())
    assert slip.decision.ground is Ground.DISQUALIFIED and slip.row is not None
    status = rights.status(stage.design(2), clock.now())
    assert status.standing is rights.Standing.OUT
    jobs.run_due()
    mail = db.session.scalars(
        select(Mail).where(Mail.to == _designer(stage, 2).email, Mail.subject.contains("disqual"))
    ).one()
    assert WHY in mail.text and "appeal" in mail.text
    assert f"/designs/{stage.design(2).public_id}/receipt" in mail.text


def test_a_chosen_winner_falls_out_and_the_next_in_line_has_its_place(stage: Stage) -> None:
    _choose(stage, (1, 2))
    disqualify(stage, 1)
    places = {one.place: one.submission_id for one in queries.list_winners(stage.contest_id)}
    assert places == {1: stage.designs[2], 2: stage.designs[1]}
    assert queries.list_agreements(stage.contest_id) == [], "nothing had been offered yet"


@pytest.mark.parametrize("is_signed", [False, True])
def test_an_agreement_falls_with_it_and_the_next_is_offered_theirs(
    stage: Stage, is_signed: bool
) -> None:
    _choose(stage, (1, 2))
    with transaction():
        first = agreements.offer(stage.manager, stage.contest_id, at=clock.now())[0].id
    if is_signed:
        selection.accepted(queries.get_agreement(first))
    disqualify(stage, 1)
    assert queries.get_agreement(first).state is AgreementState.VOID
    offered = queries.find_living(stage.designs[2])
    assert offered is not None and offered.place == 1
    with pytest.raises(Conflict, match="disqualified"), transaction():
        agreements.answer(_designer(stage, 1), first, True, language="en", at=clock.now())


@pytest.mark.one_engine
def test_where_stars_alone_decide_the_new_tally_gives_the_place(app: Flask) -> None:
    stage = ranked(4, winners=2, pick_rule=PickRule.VOTES)
    with transaction():
        agreements.offer(stage.manager, stage.contest_id, at=clock.now())
    disqualify(stage, 1)
    places = {one.submission_id for one in queries.list_winners(stage.contest_id)}
    assert places == {stage.designs[1], stage.designs[2]}
    assert queries.find_living(stage.designs[2]) is not None, "and is offered at once"
    answer(stage, disqualify(stage, 2), upheld=True)
    winners = {one.submission_id for one in queries.list_winners(stage.contest_id)}
    assert winners == {stage.designs[2], stage.designs[3]}, "who was promised a place keeps it"


@pytest.mark.one_engine
def test_the_last_design_of_a_contest_can_go_too(app: Flask) -> None:
    stage = ranked(1, winners=1)
    _choose(stage, (1,))
    disqualify(stage, 1)
    assert ranking(stage) == [] and queries.list_winners(stage.contest_id) == []
    assert recount().mismatches == ()


def test_an_upheld_appeal_brings_it_back_to_be_decided_anew(stage: Stage) -> None:
    made = disqualify(stage, 2)
    appeal(stage, 2)
    assert any("no answer yet" in str(one) for one in announcing.obstacles(stage.contest_id))
    answer(stage, made, upheld=True)
    assert stage.design(2).state is State.APPROVED
    assert ranking(stage) == list(stage.designs)
    latest = voting.find_tally(stage.contest_id)
    assert latest is not None and latest.cause == f"appeal:{made.public_id}"
    assert stage.designs[1] in choosing.missing_decisions(stage.contest_id)
    assert not any("no answer yet" in str(one) for one in announcing.obstacles(stage.contest_id))
    with transaction():
        choosing.choose(
            stage.manager, stage.designs[1], 1, Ground.MEMBERS, "It stays.", at=clock.now()
        )
    assert recount().mismatches == ()
    again = disqualify(stage, 2)
    assert again.id != made.id, "a second time is a second decision, with an appeal of its own"


def test_a_rejected_appeal_is_answered_once_and_stays_out(stage: Stage) -> None:
    made = disqualify(stage, 2)
    with pytest.raises(Conflict, match="Nobody has appealed"):
        answer(stage, made, upheld=False)
    appeal(stage, 2)
    with pytest.raises(Conflict):
        appeal(stage, 2, "And again.")
    answer(stage, made, upheld=False)
    with pytest.raises(Conflict):
        answer(stage, made, upheld=False)
    assert stage.design(2).state is State.DISQUALIFIED
    _announce(stage, (1, 3))
    assert queries.releases_of([stage.designs[1]]) == {}, "nothing of it was held"
    answer(stage, made, upheld=True)  # proof that comes late
    assert stage.design(2).state is State.APPROVED
    assert rights.status(stage.design(2), clock.now()).standing is rights.Standing.RELEASED


def test_after_the_announcement_a_winner_stays_and_others_go_without_moving_anyone(
    stage: Stage,
) -> None:
    _announce(stage, (1, 2))
    clock.move(timedelta(hours=1))
    with pytest.raises(Conflict, match="file a claim"):
        disqualify(stage, 1)
    before = [(one.submission_id, one.place, one.rank) for one in _winners(stage)]
    made = disqualify(stage, 3)
    assert [(one.submission_id, one.place, one.rank) for one in _winners(stage)] == before
    decision = queries.find_decision(stage.designs[2])
    assert decision is not None and decision.ground is Ground.RANGE, "its receipt does not change"
    assert decision.outcome is Outcome.NOT_CHOSEN and made.tally_number == 2


def test_strangers_count_to_the_same_without_it(app: Flask, tmp_path: Path) -> None:
    contest, _ = scored()
    batching.seal(contest.id, at=clock.now())
    close(contest)
    with transaction():
        first = queries.list_entries(contest.id)[0]
        disqualifying.disqualify(None, first, Fault.RULES, WHY, at=clock.now())
    jobs.run_due()
    db.session.rollback()
    for kind in files.KINDS:
        ran = checker.run(saved(contest, kind, tmp_path, 2))
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout


@pytest.mark.one_engine
def test_what_cannot_be_is_refused_with_a_reason(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        disqualify(stage, 1, note=" ")
    assert set(refused.value.fields) == {"note"}
    with pytest.raises(NotAllowed):
        disqualify(stage, 1, actor=factories.member("Else"))
    disqualify(stage, 1)
    with pytest.raises(Conflict, match="not part of the result"):
        disqualify(stage, 1)
    with pytest.raises(NotAllowed), transaction():
        reinstating.appeal(_designer(stage, 3), stage.designs[0], "Not mine.", at=clock.now())
    contest = factories.contest("scoring")
    (early,) = selection.entries(contest, 1)
    with pytest.raises(Conflict, match="not counted yet"), transaction():
        disqualifying.disqualify(None, early.id, Fault.BRIEF, WHY, at=clock.now())


def _designer(stage: Stage, rank: int) -> Member:
    return db.session.get_one(Member, stage.design(rank).member_id)


def _choose(stage: Stage, ranks: tuple[int, ...]) -> None:
    with transaction():
        for place, rank in enumerate(ranks, start=1):
            choosing.choose(
                stage.manager,
                stage.designs[rank - 1],
                place,
                Ground.MEMBERS if rank <= 2 else Ground.EDITORS,
                "It stays with you.",
                at=clock.now(),
            )


def _announce(stage: Stage, ranks: tuple[int, ...]) -> None:
    selection.announced(stage.contest, [stage.design(rank) for rank in ranks])


def _winners(stage: Stage) -> list[object]:
    return list(queries.list_winners(stage.contest_id))
