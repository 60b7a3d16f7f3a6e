"""Filling: an edition in every phase, through the same rules as people, on an empty instance."""

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import delete, func, select

from ideation.accounts.models import Member, SessionRow
from ideation.audit.models import AuditEntry
from ideation.contests.models import Contest
from ideation.contests.phases import Phase
from ideation.core import clock, config, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.mail.models import Mail, MailState
from ideation.core.outbox import OutboxRow
from ideation.core.storage import in_force
from ideation.core.storage.local import LocalStorage
from ideation.demo import filling, marking, plan, summary, weeks
from ideation.demo.filling import Wanted
from ideation.demo.progress import Progress
from ideation.demo.takings import Takings
from ideation.ledger.models import LedgerTransaction
from ideation.moderation.models import Case
from ideation.orders.models import Order
from ideation.payments.models import Payment
from ideation.products.models import Run
from ideation.royalties import verify as proving
from ideation.royalties.models import Payout
from ideation.search import seeking
from ideation.search.models import Kind
from ideation.selection.models import Agreement
from ideation.sharing import looking
from ideation.submissions.models import Submission
from ideation.voting import weight_files
from ideation.voting.models import Tally
from ideation.voting.weighing import Reason
from tests import factories
from workers import schedule


@pytest.fixture(autouse=True)
def _files(app: Flask, settings: config.Settings) -> None:
    """The demo is filled by several processes: what one stores, the others must find."""
    in_force.use(LocalStorage(settings.home / "files"))


def _fill(app: Flask, **values: object) -> list[str]:
    wanted = Wanted(size=plan.TINY, **values)  # type: ignore[arg-type]
    return filling.fill(wanted, app.app_context, Progress(io.StringIO()))


def test_it_has_every_phase_and_agrees_with_its_recount(app: Flask, tmp_path: Path) -> None:
    assert marking.fills_by_itself()
    refused = _fill(app, designs=_folder(tmp_path))

    _expect_the_folder_s_pictures_but_for(refused)
    assert seeking.find("kyte", 1, clock.now())[Kind.DESIGN], "searched before any worker came"
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
    reasons = {
        vote.reason
        for tally in db.session.scalars(select(Tally))
        for vote in weight_files.weights_of(tally)
    }
    assert Reason.COUNTED in reasons

    _expect_a_shop_whose_books_agree(made.takings)
    _expect_nothing_left_for_the_clock()

    assert marking.is_marked()
    assert not marking.is_unfinished()
    assert not marking.fills_by_itself()
    with pytest.raises(Conflict, match="is here already"):
        _fill(app)

    # Nothing of it reaches into the future, and nobody can come in as one of the cast.
    now = clock.now()
    for instant in (Submission.updated_at, Order.placed_at, LedgerTransaction.at, AuditEntry.at):
        assert db.session.scalar(select(func.max(instant))) <= now
    assert db.session.scalar(select(Member).where(Member.password_hash.is_not(None))) is None
    live = select(SessionRow).where(SessionRow.ended_at.is_(None), SessionRow.expires_at > now)
    assert db.session.scalar(live) is None
    states = set(db.session.scalars(select(Mail.state)))
    assert states <= {MailState.WAITING, MailState.HELD}


def _folder(tmp_path: Path) -> Path:
    """Pictures for the first entries, one of them too small; what the others show is drawn."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (300, 240 + number), "teal").save(folder / f"kite_{number}.png")
    Image.new("RGB", (40, 40), "teal").save(folder / "too_small.png")
    return folder


def _expect_the_folder_s_pictures_but_for(refused: list[str]) -> None:
    assert [line.partition(":")[0] for line in refused] == ["too_small.png"]
    titles = set(db.session.scalars(select(Submission.title).where(Submission.sources != "")))
    assert titles == {"Kite", "Kite 2", "Kite 3"}
    assert (db.session.scalar(select(func.count()).where(Submission.sources == "")) or 0) > 10


def _expect_a_shop_whose_books_agree(takings: Takings) -> None:
    assert takings.disagreements == ()
    assert takings.winners >= 5 and takings.open_offers == 1
    assert takings.runs == {"open": 1, "go": 1, "failed": 1}
    assert {"confirmed", "dispatched", "delivered", "cancelled", "failed"} <= set(takings.orders)
    assert takings.collected and takings.refunded
    assert sum(balance.paid for balance in takings.owed.values()) > 0
    assert takings.dues is not None and takings.dues.payable_minor > 0
    assert takings.dues.adds_up


def _expect_nothing_left_for_the_clock() -> None:
    """What lies behind was played to its end: workers and cron find nothing to change in it."""
    jobs.run_due()
    before = _states()
    for _ in range(2):
        schedule.enqueue_due(clock.now())
        _draw_no_cards()
        jobs.run_due()
    assert _states() == before
    assert proving.verify().disagreements == ()
    failed = select(OutboxRow.job, OutboxRow.error).where(OutboxRow.error.is_not(None))
    assert db.session.execute(failed).all() == []


def _draw_no_cards() -> None:
    """Those to share take a while to draw, and change nothing of what lies behind."""
    with transaction():
        db.session.execute(delete(OutboxRow).where(OutboxRow.job == looking.LOOK.name))


def _states() -> dict[str, int]:
    db.session.rollback()
    columns = (Run.state, Order.state, Payment.state, Agreement.state, Payout.state)
    return {
        f"{column}:{state}": number
        for column in columns
        for state, number in db.session.execute(select(column, func.count()).group_by(column))
    }


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
