"""What a voter reads of votes set aside, what everybody reads, and what nobody reads too early."""

from collections.abc import Callable

import pytest
from flask import Flask

from ideation.core import clock
from ideation.core.db import transaction
from ideation.integrity import cases, rulings
from ideation.integrity.models import Judgement
from tests.factories import Browser
from tests.integrity.conftest import Stage, closed, found, member, staged

pytestmark = pytest.mark.one_engine


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    return scene(staged)


def test_a_voter_reads_why_and_appeals_once(app: Flask, stage: Stage) -> None:
    closed(stage)
    browser = Browser(app, member(stage.ring_ids[0]))
    mine = browser.get(f"/contests/{stage.contest.slug}/my-votes").text
    assert "10 of your votes are under review" in mine
    url = f"/reviews/{stage.case.public_id}"
    assert url in mine
    page = browser.get(url).text
    assert "more alike than chance explains" in page
    others = [member(key) for key in stage.ring_ids[1:]]
    assert not any(one.handle in page for one in others)
    empty = browser.post(f"{url}/appeal", {"appeal": " "})
    assert empty.status_code == 422
    assert browser.post(f"{url}/appeal", {"appeal": "We are a class."}).status_code == 303
    page = browser.get(url).text
    assert "We are a class." in page and "It waits for an answer" in page
    again = browser.post(f"{url}/appeal", {"appeal": "Once more."})
    assert (again.status_code, "Once more." in again.text) == (409, False)


def test_a_case_that_is_undecided_and_appealed_waits_once_as_on_the_desk(
    app: Flask, stage: Stage
) -> None:
    closed(stage)
    url = f"/reviews/{stage.case.public_id}"
    for key in stage.ring_ids[:2]:
        posted = Browser(app, member(key)).post(f"{url}/appeal", {"appeal": "We are a class."})
        assert posted.status_code == 303
    page = Browser(app).get(f"/contests/{stage.contest.slug}/results").text
    assert cases.count_waiting(stage.contest.id) == 1
    assert "1 decision is still to be made" in page


def test_it_is_nobody_elses_page(app: Flask, stage: Stage) -> None:
    closed(stage)
    url = f"/reviews/{stage.case.public_id}"
    stranger = Browser(app, member(stage.honest_ids[0]))
    assert stranger.get(url).status_code == 404
    assert stranger.post(f"{url}/appeal", {"appeal": "Let me."}).status_code == 404
    assert Browser(app).get(url).status_code == 302


def test_before_the_close_a_case_changes_no_byte_for_its_voter(app: Flask, stage: Stage) -> None:
    browser = Browser(app, member(stage.ring_ids[0]))
    pages = [f"/contests/{stage.contest.slug}/my-votes", "/notices", "/"]

    def bodies() -> list[str]:
        return [_plain(browser.get(page).text) for page in pages]

    before = bodies()
    found(stage)
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.EXCLUDE, "Seen.", at=clock.now())
    assert bodies() == before
    assert browser.get(f"/reviews/{stage.case.public_id}").status_code == 404


def test_the_result_says_how_many_and_never_who(app: Flask, stage: Stage) -> None:
    closed(stage)
    url = f"/contests/{stage.contest.slug}/results"
    page = Browser(app).get(url).text
    assert "Which votes counted" in page
    assert "7 under review" in page
    assert "Ring (1)" in page
    assert not any(member(key).handle in page for key in stage.ring_ids)
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.EXCLUDE, "A ring.", at=clock.now())
    assert "7 set aside" in Browser(app).get(url).text
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.RESTORE, "Wrong.", at=clock.now())
    page = Browser(app).get(url).text
    assert "under review" not in page
    assert "Votes set aside count again" in page


def _plain(body: str) -> str:
    """Without the tokens that every page draws anew."""
    return "\n".join(
        line for line in body.splitlines() if "csrf" not in line and 'name="ballot"' not in line
    )
