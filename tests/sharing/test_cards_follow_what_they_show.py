"""Share cards are drawn by the worker, once; anew when what they show changes; gone with it."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock, events, jobs
from ideation.core.db import db, transaction
from ideation.core.storage import in_force
from ideation.sharing import cards, facts
from ideation.sharing.looking import look
from ideation.sharing.models import Kind, ShareCard
from ideation.submissions import withdrawal
from ideation.submissions.models import Rendition, State, Submission
from ideation.voting.events import TallyFrozen
from tests import factories
from tests.factories import Browser, voting


def _store_pictures() -> None:
    """Files for the renditions that factories make as rows alone."""
    data = io.BytesIO()
    Image.new("RGB", (300, 400), "#2446c7").save(data, "JPEG")
    for key in db.session.scalars(select(Rendition.key).where(Rendition.format == "jpeg")).all():
        in_force.store().put(key, data.getvalue())
    db.session.rollback()


def _work() -> None:
    with transaction():
        look(clock.now())
    jobs.run_due()


def _rows(kind: Kind = Kind.DESIGN) -> dict[str, str]:
    query = select(ShareCard.language, ShareCard.key).where(ShareCard.kind == kind)
    found = {row.language: row.key for row in db.session.execute(query)}
    db.session.rollback()
    return found


def test_a_worker_draws_one_a_language_and_everyone_gets_it(app: Flask) -> None:
    design = factories.submission(factories.contest("scoring"))
    _store_pictures()
    _work()
    keys = _rows()
    assert set(keys) == {"en", "zh-Hans", "zh-Hant"}
    answer = Browser(app).get(f"/media/{keys['en']}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert "immutable" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    page = Browser(app).get(f"/designs/{design.public_id}").text
    assert f'<meta property="og:image" content="http://127.0.0.1:8000/media/{keys["en"]}">' in page


@pytest.mark.one_engine
def test_the_first_page_and_a_members_are_passed_on_with_a_card(app: Flask) -> None:
    ana = factories.member()
    factories.submission(factories.contest("entry"), ana)
    _store_pictures()
    _work()
    for path, kind, type_ in (
        ("/", Kind.CONTEST, "website"),
        (f"/members/{ana.handle}", Kind.DESIGN, "profile"),
    ):
        page, key = Browser(app).get(path).text, _rows(kind)["en"]
        assert f'<meta property="og:image" content="http://127.0.0.1:8000/media/{key}">' in page
        assert f'<meta property="og:url" content="http://127.0.0.1:8000{path}">' in page
        assert f'<meta property="og:type" content="{type_}">' in page


@pytest.mark.one_engine
def test_a_member_whose_designs_are_hidden_is_passed_on_without_one(app: Flask) -> None:
    ana = factories.member()
    factories.submission(factories.contest("scoring"), ana)
    _store_pictures()
    _work()
    assert "og:image" not in Browser(app, ana).get(f"/members/{ana.handle}").text


@pytest.mark.one_engine
def test_a_result_is_passed_on_with_its_contests_card(app: Flask) -> None:
    contest = factories.contest("scoring")
    design = factories.submission(contest)
    voting.votes(factories.member(), [(design, 4)])
    voting.tallied(contest)
    _store_pictures()
    _work()
    path, key = f"/contests/{contest.slug}/results", _rows(Kind.CONTEST)["en"]
    page = Browser(app).get(path).text
    assert f'<meta property="og:image" content="http://127.0.0.1:8000/media/{key}">' in page
    assert f'<meta property="og:url" content="http://127.0.0.1:8000{path}">' in page
    assert '<meta property="og:description" content="1 design, 1 member gave stars.">' in page


def test_what_is_drawn_is_not_asked_for_again(app: Flask) -> None:
    factories.submission(factories.contest("scoring"))
    _store_pictures()
    _work()
    with transaction():
        assert look(clock.now() + timedelta(days=2)) == 0


def test_before_close_a_card_holds_neither_name_nor_score(app: Flask) -> None:
    designer = factories.member("Lin Mei")
    design = factories.submission(factories.contest("scoring"), designer)
    found = facts.find(Kind.DESIGN, design.id, clock.now())
    assert found is not None
    assert (found.line, found.stars) == ("", "")
    won = factories.products.winner(designer)
    after = facts.find(Kind.DESIGN, won.id, clock.now())
    assert after is not None
    assert after.line == "Lin Mei", "control: after the close it does"


def test_a_new_title_gets_a_new_address_and_the_old_file_goes(app: Flask) -> None:
    design = factories.submission(factories.contest("scoring"))
    _store_pictures()
    _work()
    before = _rows()
    with transaction() as session:
        session.get_one(Submission, design.id).title = "Another"
        cards.outdate(Kind.DESIGN, [design.id], at=clock.now())
    _work()
    after = _rows()
    assert set(after) == set(before)
    assert not set(after.values()) & set(before.values())
    assert not any(in_force.store().exists(key) for key in before.values())
    assert all(in_force.store().exists(key) for key in after.values())


def test_a_frozen_tally_has_its_contests_cards_looked_at(app: Flask) -> None:
    contest = factories.contest("decision", tallied_at=clock.now())
    factories.submission(contest)
    _store_pictures()
    _work()
    with transaction():
        events.publish(TallyFrozen(contest.id, 2, clock.now()))
    asked = db.session.scalars(select(ShareCard.asked_at).where(ShareCard.kind == Kind.DESIGN))
    assert all(at is not None for at in asked)


def test_what_was_taken_out_of_a_result_loses_its_card(app: Flask) -> None:
    contest = factories.contest("decision", tallied_at=clock.now())
    design = factories.submission(contest)
    _store_pictures()
    _work()
    assert _rows()
    with transaction() as session:
        session.get_one(Submission, design.id).state = State.DECLINED
        events.publish(TallyFrozen(contest.id, 2, clock.now()))
    _work()
    assert _rows() == {}


def test_a_withdrawn_design_takes_its_card_along(app: Flask) -> None:
    designer = factories.member("Lin Mei")
    design = factories.submission(factories.contest("scoring"), designer)
    _store_pictures()
    _work()
    keys = _rows()
    with transaction() as session:
        member = session.get_one(Member, designer.id)
        withdrawal.withdraw(member, session.get_one(Submission, design.id), at=clock.now())
    jobs.run_due()
    assert _rows() == {}
    assert not any(in_force.store().exists(key) for key in keys.values())
    assert Browser(app).get(f"/media/{keys['en']}").status_code == 404


def test_what_was_taken_back_while_it_was_drawn_leaves_nothing(app: Flask) -> None:
    design = factories.submission(factories.contest("scoring"))
    _store_pictures()
    drawn = cards.make(Kind.DESIGN, design.id, at=clock.now())
    assert all(in_force.store().exists(key) for key in drawn.keys.values())
    with transaction() as session:
        withdrawal.take_out(session.get_one(Submission, design.id), at=clock.now())
    with transaction():
        cards.record(drawn, at=clock.now())
    jobs.run_due()
    assert _rows() == {}
    assert not any(in_force.store().exists(key) for key in drawn.keys.values())


@pytest.mark.one_engine
def test_a_picture_that_cannot_be_drawn_is_tried_once_a_day(app: Flask) -> None:
    factories.submission(factories.contest("scoring"))
    _work()  # its rendition's file is missing
    assert set(_rows().values()) == {""}
    with transaction():
        assert look(clock.now()) == 0


@pytest.mark.one_engine
def test_a_contest_shows_a_few_designs_whatever_anybody_thinks_of_them(app: Flask) -> None:
    contest = factories.contest("scoring")
    for _ in range(5):
        factories.submission(contest)
    first = facts.find(Kind.CONTEST, contest.id, clock.now())
    assert first is not None
    assert len(first.pictures) == 3
    assert facts.find(Kind.CONTEST, contest.id, clock.now() + timedelta(hours=1)) == first
    with transaction() as session:
        session.get_one(Contest, contest.id).cancelled_at = clock.now()
    assert facts.find(Kind.CONTEST, contest.id, clock.now()) is None
