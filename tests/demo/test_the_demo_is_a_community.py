"""Filling: an edition in every phase, through the same rules as people, on an empty instance."""

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from ideation.accounts.models import Member, SessionRow
from ideation.contests.models import Contest
from ideation.contests.phases import Phase
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.mail.models import Mail, MailState
from ideation.demo import filling, marking, plan, summary, weeks
from ideation.demo.filling import Wanted
from ideation.demo.progress import Progress
from ideation.moderation.models import Case
from ideation.submissions.models import Submission
from ideation.voting.models import TallyWeight
from tests import factories


def _fill(app: Flask, **values: object) -> list[str]:
    wanted = Wanted(size=plan.TINY, **values)  # type: ignore[arg-type]
    return filling.fill(wanted, app.app_context, Progress(io.StringIO()))


def test_it_has_every_phase_and_agrees_with_its_recount(app: Flask) -> None:
    assert marking.fills_by_itself()
    assert _fill(app) == []

    made = summary.take()
    assert made.is_whole
    assert set(made.phases) == {
        Phase.UPCOMING.value,
        Phase.ENTRY.value,
        Phase.SCORING.value,
        Phase.DECISION.value,
        Phase.RESULTS.value,
    }
    assert made.tallies == 4
    assert made.votes > 50
    assert made.intents > 0
    assert made.log_lines >= made.votes
    assert {"draft", "submitted", "approved", "declined", "withdrawn"} <= set(made.submissions)
    assert made.pictures.keys() == {"ready"}
    assert (db.session.scalar(select(func.count()).where(Case.closed_at.is_(None))) or 0) >= 2
    reasons = set(db.session.scalars(select(TallyWeight.reason)))
    assert "counted" in reasons

    assert marking.is_marked()
    assert not marking.is_unfinished()
    assert not marking.fills_by_itself()
    with pytest.raises(Conflict, match="is here already"):
        _fill(app)

    # Nothing of it reaches into the future, and nobody can come in as one of the cast.
    now = clock.now()
    assert db.session.scalar(select(func.max(Submission.updated_at))) <= now
    assert db.session.scalar(select(Member).where(Member.password_hash.is_not(None))) is None
    live = select(SessionRow).where(SessionRow.ended_at.is_(None), SessionRow.expires_at > now)
    assert db.session.scalar(live) is None
    states = set(db.session.scalars(select(Mail.state)))
    assert states <= {MailState.WAITING, MailState.HELD}


@pytest.mark.one_engine
def test_pictures_of_a_folder_are_handed_in_and_what_is_refused_is_named(
    app: Flask, tmp_path: Path
) -> None:
    for number in range(3):
        Image.new("RGB", (300, 240 + number), "teal").save(tmp_path / f"kite_{number}.png")
    Image.new("RGB", (40, 40), "teal").save(tmp_path / "too_small.png")

    refused = _fill(app, designs=tmp_path)

    assert [line.partition(":")[0] for line in refused] == ["too_small.png"]
    titles = set(db.session.scalars(select(Submission.title).where(Submission.sources != "")))
    assert titles == {"Kite", "Kite 2", "Kite 3"}
    assert summary.take().is_whole


@pytest.mark.one_engine
def test_an_instance_with_members_of_its_own_is_left_alone(app: Flask) -> None:
    factories.member("Somebody Real")
    with pytest.raises(Conflict, match="members of its own"):
        _fill(app)
    assert not marking.is_marked()
    assert db.session.scalar(select(func.count(Contest.id))) == 0


@pytest.mark.one_engine
def test_a_demo_that_was_stopped_on_the_way_is_not_filled_twice(app: Flask) -> None:
    with transaction():
        filling.claim(clock.now(), "1")
    assert marking.is_unfinished()
    assert not marking.fills_by_itself()
    with pytest.raises(Conflict, match="stopped on the way"):
        _fill(app)


@pytest.mark.one_engine
def test_a_past_edition_is_hidden_until_it_is_whole(app: Flask) -> None:
    now = clock.now()
    on_paper = plan.make(now, "1", plan.TINY)
    with transaction():
        made = weeks.make_editions(on_paper)
    past = db.session.get_one(Contest, made[on_paper.of(Phase.RESULTS)[0]]).slug

    browser = factories.Browser(app)
    assert browser.get(f"/contests/{past}").status_code == 404
    assert past not in browser.get("/contests").text

    weeks.show(made[on_paper.of(Phase.RESULTS)[0]])
    assert browser.get(f"/contests/{past}").status_code == 200


@pytest.mark.one_engine
def test_a_seed_always_plans_the_same_demo(app: Flask) -> None:
    now = clock.now()
    assert plan.make(now, "7", plan.Size()) == plan.make(now, "7", plan.Size())
    assert plan.make(now, "7", plan.Size()) != plan.make(now, "8", plan.Size())
