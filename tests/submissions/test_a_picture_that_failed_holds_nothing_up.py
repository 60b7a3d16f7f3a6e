"""A picture may fail when entries have closed and its designer can no longer remove it."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.submissions import outcomes, queries
from ideation.submissions.models import Artwork, ArtworkState, State, Submission
from tests import factories
from tests.factories import pictures

READY, FAILED, PROCESSING = ArtworkState.READY, ArtworkState.FAILED, ArtworkState.PROCESSING


def _handed_in(*states: ArtworkState) -> Submission:
    contest, designer = factories.contest("entry"), factories.member()
    submission = pictures.submitted(contest, designer, pictures=len(states))
    with transaction():
        ours = select(Artwork).where(Artwork.submission_id == submission.id)
        found = db.session.scalars(ours.order_by(Artwork.position)).all()
        for artwork, state in zip(found, states, strict=True):
            artwork.state = state
    return submission


def _approve(submission: Submission) -> Submission:
    moderator = factories.member()
    with transaction():
        outcomes.approve(queries.get_locked(submission.id), moderator.id, at=clock.now())
    return db.session.get_one(Submission, submission.id)


def test_the_others_are_approved_and_the_first_of_them_is_the_cover(app: Flask) -> None:
    approved = _approve(_handed_in(FAILED, READY, READY))
    assert approved.state is State.APPROVED
    assert [one.state for one in approved.artworks] == [READY, READY, FAILED]
    assert [one.alt_text[-1] for one in approved.artworks] == ["1", "2", "0"]


@pytest.mark.one_engine
@pytest.mark.parametrize("states", [(READY, PROCESSING), (FAILED, PROCESSING), (FAILED,)])
def test_what_is_not_ready_or_has_nothing_to_show_waits(
    app: Flask, states: tuple[ArtworkState, ...]
) -> None:
    submission = _handed_in(*states)
    with pytest.raises(Conflict):
        _approve(submission)
