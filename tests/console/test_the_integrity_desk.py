"""The integrity desk in the console: what is shown, to whom, and how it is decided by hand."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.core import clock
from ideation.core.db import transaction
from ideation.integrity import appeals, cases, inspecting, rulings, signals
from ideation.integrity.models import Judgement
from ideation.integrity.signals import Evidence, Finding
from ideation.voting import queries
from tests import factories
from tests.factories import Browser
from tests.integrity.conftest import Stage, closed, found, member, staged
from tests.statements import asked

pytestmark = pytest.mark.one_engine


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    return scene(staged)


def path(stage: Stage, rest: str = "") -> str:
    return f"/console/contests/{stage.contest.slug}/integrity{rest}"


def seen_on(page: str) -> str:
    """What the case's page sends along with a decision."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_manager_looks_at_a_case_and_decides(app: Flask, stage: Stage) -> None:
    closed(stage)
    browser = Browser(app, stage.manager)
    page = browser.get(path(stage)).text
    assert "set aside by rule" in page
    url = path(stage, f"/{stage.case.public_id}")
    page = browser.get(url).text
    assert "The 7 voters" in page
    assert '<svg class="graph"' in page
    assert "Other designs are among the first 3 with these votes" in page
    assert "by the ring rule, at the close" in page
    form = {"judgement": "restore", "note": "A drawing class.", "seen": seen_on(page)}
    assert browser.post(f"{url}/rulings", form).status_code == 303
    assert stage.case.judgement is Judgement.RESTORE
    assert len(queries.list_tallies(stage.contest_id)) == 2
    page = browser.get(path(stage, "?which=settled")).text
    assert "restored" in page


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app: Flask, stage: Stage) -> None:
    closed(stage)
    browser = Browser(app, stage.manager)
    url = path(stage, f"/{stage.case.public_id}/rulings")
    seen = rulings.as_seen(stage.case)
    answer = browser.post(url, {"judgement": "restore", "note": "", "seen": seen})
    assert (answer.status_code, "Say why" in answer.text) == (422, True)
    late = browser.post(url, {"judgement": "restore", "note": "My reason.", "seen": "0-0"})
    assert late.status_code == 409
    assert "Somebody else has just decided" in late.text
    assert "My reason.</textarea>" in late.text
    assert stage.case.judgement is Judgement.EXCLUDE


def test_an_appeal_is_answered_on_the_case(app: Flask, stage: Stage) -> None:
    closed(stage)
    with transaction():
        one = appeals.appeal(
            member(stage.ring_ids[0]), stage.case.id, "It was me alone.", at=clock.now()
        )
        key = one.public_id
    browser = Browser(app, stage.manager)
    url = path(stage, f"/{stage.case.public_id}")
    assert "It was me alone." in browser.get(url).text
    form = {f"outcome-{key}": "one", f"note-{key}": "You are right."}
    assert browser.post(f"{url}/appeals/{key}/answer", form).status_code == 303
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids[1:])


def test_a_case_is_put_together_from_handles(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    pair = [member(key).handle for key in stage.honest_ids[:2]]
    wrong = browser.post(path(stage, "/reports"), {"handles": "@nobody-here", "note": "Seen."})
    assert (wrong.status_code, "Nobody with a vote here" in wrong.text) == (422, True)
    made = browser.post(
        path(stage, "/reports"), {"handles": f"@{pair[0]}\n{pair[1]}", "note": "Told by mail."}
    )
    assert made.status_code == 303
    assert cases.members_of(stage.case) == list(stage.honest_ids[:2])
    assert "Told by mail." in browser.get(path(stage, f"/{stage.case.public_id}")).text


def test_nobody_sees_an_address_or_a_hash(app: Flask, stage: Stage) -> None:
    closed(stage)
    page = Browser(app, stage.manager).get(path(stage, f"/{stage.case.public_id}")).text
    for voter in stage.ring_ids:
        assert str(member(voter).email) not in page
    assert "example.org" not in page


def test_the_decision_page_warns_of_what_waits_and_compares(app: Flask, stage: Stage) -> None:
    closed(stage)
    browser = Browser(app, stage.manager)
    url = f"/console/contests/{stage.contest.slug}/decision"
    page = browser.get(url).text
    assert "Look at these first" in page
    assert "With them other designs would be among the first 3" in page
    assert "The margin:" in page
    assert path(stage) in browser.get("/console/").text


def test_lists_are_empty_in_words_and_narrowed_by_signal(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    assert "Nothing was found" in browser.get(path(stage)).text
    found(stage)
    assert "Ring" in browser.get(path(stage, "?signal=ring")).text
    assert "Nothing here" in browser.get(path(stage, "?signal=pace")).text
    assert "Nothing here" in browser.get(path(stage, "?which=excluded&page=9")).text


def test_a_look_can_be_asked_for_while_stars_are_given(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    assert browser.post(path(stage, "/looks")).status_code == 303
    closed(stage)
    assert browser.post(path(stage, "/looks")).status_code == 409


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MODERATOR, Role.STEWARD, Role.AUDITOR, None])
def test_nobody_else_gets_in(app: Flask, stage: Stage, role: Role | None) -> None:
    found(stage)
    browser = Browser(app, factories.member("Other", roles=(role,) if role else ()))
    refused = 403 if role else 404
    for address in (path(stage), path(stage, f"/{stage.case.public_id}")):
        assert browser.get(address).status_code == refused
    rulings = path(stage, f"/{stage.case.public_id}/rulings")
    assert browser.post(rulings, {"judgement": "keep", "note": "Fine."}).status_code == refused


def test_pages_ask_as_often_however_large_the_group(app: Flask, stage: Stage) -> None:
    found(stage, stage.finding(stage.ring_ids[:3], signal="device", key="device:1"))
    counts = []
    for group in (stage.ring_ids[:3], stage.ring_ids):
        found(stage, stage.finding(group, signal="device", key="device:1"))
        browser = Browser(app, stage.manager)
        for url in (path(stage), path(stage, f"/{stage.case.public_id}")):
            browser.get(url)
            with asked() as statements:
                assert browser.get(url).status_code == 200
            counts.append(
                len([one for one in statements if not one.startswith(("PRAGMA", "BEGIN"))])
            )
    assert counts[:2] == counts[2:]
    assert max(counts) <= 80


def test_a_signal_that_failed_is_on_the_desk_until_somebody_took_note(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_evidence: Evidence) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setitem(signals.SIGNALS, "pace", fail)
    closed(stage, *inspecting.look(stage.contest_id))
    failed = next(one for one in cases.list_all(stage.contest_id) if cases.is_failure(one))
    browser = Browser(app, stage.manager)
    assert "could not look" in browser.get(path(stage)).text
    url = path(stage, f"/{failed.public_id}")
    page = browser.get(url).text
    assert "stopped with an error" in page and 'value="exclude"' not in page
    form = {"judgement": "keep", "note": "Looked by hand.", "seen": seen_on(page)}
    assert browser.post(f"{url}/rulings", form).status_code == 303
    assert "could not look" not in browser.get(path(stage)).text
    assert 'name="judgement"' not in browser.get(url).text
