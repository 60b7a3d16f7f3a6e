"""One search finds designs, contests, products and members, however they are spelled."""

import pytest
from flask import Flask

from ideation.accounts.models import Member, Standing
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.search import indexing, seeking
from ideation.search.models import Change, Kind, Posting, Spelling
from ideation.submissions.models import State, Submission
from tests import factories

LOT = 12345


def found(query: str, kind: Kind = Kind.DESIGN, lot: int = LOT) -> list[int]:
    return seeking.find(query, lot, clock.now())[kind].keys


@pytest.fixture
def wall(app: Flask) -> dict[str, int]:
    contest = factories.contest("results", tallied_at=clock.now())
    titles = ["Octopus in a teacup", "夜行的設計師", "雾里的小镇", "Café at night", "Bus 2026"]
    designs = {title: factories.submission(contest, title=title).id for title in titles}
    indexing.read_all()
    return designs


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("octopus", "Octopus in a teacup"),
        ("octopuss", "Octopus in a teacup"),
        ("ocotpus", "Octopus in a teacup"),
        ("octo", "Octopus in a teacup"),
        ("TEACUP octopus", "Octopus in a teacup"),
        ("teecup", "Octopus in a teacup"),
        ("設計", "夜行的設計師"),
        ("设计", "夜行的設計師"),
        ("夜行的设计师", "夜行的設計師"),
        ("霧裡", "雾里的小镇"),
        ("镇", "雾里的小镇"),
        ("cafe", "Café at night"),
        ("2026", "Bus 2026"),
    ],
)
def test_it_finds_what_was_meant(wall: dict[str, int], query: str, title: str) -> None:
    assert found(query) == [wall[title]]


@pytest.mark.parametrize(
    "query", ["计设", "octopus bus", "2025", "o", "hovercraft", "bat", "%", ""]
)
def test_it_finds_nothing_else(wall: dict[str, int], query: str) -> None:
    assert found(query) == []


def test_exact_words_come_before_beginnings_and_slips(app: Flask) -> None:
    contest = factories.contest("results", tallied_at=clock.now())
    titles = ["Night", "Nights", "Knight", "Nihgt"]
    ids = {title: factories.submission(contest, title=title).id for title in titles}
    indexing.read_all()
    assert found("night") == [ids["Night"], ids["Nights"], ids["Nihgt"]]


def test_what_is_hidden_is_never_found_even_before_the_index_knows(app: Flask) -> None:
    contest = factories.contest("entry")
    filling = factories.contest("entry", is_whole=False)
    for state in set(State) - {State.APPROVED}:
        factories.submission(contest, title="Quince", state=state)
    factories.submission(filling, title="Quince")
    shown = factories.submission(contest, title="Quince").id
    indexing.read_all()
    assert found("quince") == [shown]
    with transaction():
        db.session.get_one(Submission, shown).state = State.WITHDRAWN
    assert found("quince") == []
    indexing.read_all()
    assert db.session.query(Posting).filter_by(kind=Kind.DESIGN).count() == 0


def test_a_change_of_words_is_followed(app: Flask) -> None:
    design = factories.submission(factories.contest("entry"), title="Quince", tags=["fruit"]).id
    indexing.read_all()
    with transaction():
        db.session.get_one(Submission, design).title = "Medlar"
    indexing.read_all()
    assert found("quince") == []
    assert found("medlar") == found("fruit") == [design]
    assert db.session.query(Change).count() == 0


def test_members_are_found_by_name_and_handle_until_they_leave(app: Flask) -> None:
    ada = factories.member("Ottoline Vass")
    factories.member("Ottoline Unsure", confirmed=False)
    factories.member("Ottoline Gone", standing=Standing.SUSPENDED)
    indexing.read_all()
    assert found("otoline", Kind.MEMBER) == [ada.id]
    assert found("ottoline-vass", Kind.MEMBER) == [ada.id]
    with transaction():
        person = db.session.get_one(Member, ada.id)
        person.name, person.standing = "", Standing.ERASED
    indexing.read_all()
    assert found("ottoline", Kind.MEMBER) == []
    assert db.session.query(Spelling).filter_by(word="ottoline").count() == 0


def test_a_designers_name_does_not_lead_to_what_is_being_scored(app: Flask) -> None:
    maker = factories.member("Ottoline Vass")
    factories.submission(factories.contest("scoring"), maker, title="Quince")
    indexing.read_all()
    assert found("ottoline", Kind.DESIGN) == []


def test_contests_are_found_by_their_brief(app: Flask) -> None:
    contest = factories.contest("scoring")
    with transaction():
        db.session.get_one(Contest, contest.id).briefs[0].title = "Small cities"
    indexing.read_all()
    assert found("citeis", Kind.CONTEST) == [contest.id]
    with transaction():
        one = db.session.get_one(Contest, contest.id)
        assert one.entry_opens_at is not None
        one.cancelled_at = one.entry_opens_at.replace(year=one.entry_opens_at.year - 1)
    assert found("cities", Kind.CONTEST) == []


def test_designs_are_found_once_their_contest_is_whole(app: Flask) -> None:
    contest = factories.contest("scoring", is_whole=False)
    design = factories.submission(contest, title="Quince")
    indexing.read_all()
    assert found("quince") == []
    with transaction():
        db.session.get_one(Contest, contest.id).is_whole = True
    indexing.read_all()
    assert found("quince") == [design.id]


def test_designs_being_scored_hang_in_an_order_of_the_viewers_own(app: Flask) -> None:
    contest = factories.contest("scoring")
    ids = [factories.submission(contest, title="Quince").id for _ in range(12)]
    indexing.read_all()
    assert found("quince") == found("quince")
    assert found("quince", lot=1) != found("quince", lot=2)
    assert sorted(found("quince", lot=1)) == ids


def test_changes_that_wait_are_read_by_one_at_a_time_and_none_is_lost(app: Flask) -> None:
    contest = factories.contest("entry")
    ids = [factories.submission(contest, title="Quince").id for _ in range(3)]
    with transaction():
        assert indexing.read_changes() > 0
    with transaction():
        assert indexing.read_changes() == 0
    assert found("quince") == ids[::-1]
