"""Every route that has a page is looked at once: its words, its access, its width at 400 %."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlalchemy import update

from ideation.accounts.models import Member
from ideation.core import i18n
from ideation.core.db import db, transaction
from tests.access import looking, pseudo, walking, world
from tests.access.walking import Stop
from tests.access.world import World
from tests.servers import chromium, live

pytestmark = pytest.mark.one_engine

#: Routes whose page nothing here can show, and why.
ELSEWHERE = {
    "/console/demo": "only in an instance that the demo filled",
}
#: Legal texts and specimens: of their own in each language, not strings of a catalogue.
OWN_IN_EACH_LANGUAGE = {"/terms", "/privacy", "/licence", "/agreements/<public_id>", "/styleguide"}

#: Pages in which no script may run, axe neither: a letter, shown in a frame as mail programs do.
WITHOUT_SCRIPTS = {"/console/inbox/<int:mail_id>/letter"}

_walked: dict[str, Stop] = {}


@pytest.fixture
def stops(
    app: Flask, scene: Callable[[Callable[[], World]], World], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Stop]:
    """Every page as the language in brackets says it, once a process."""
    here = scene(world.furnish)
    if not _walked:
        with monkeypatch.context() as spoken:
            spoken.setattr(i18n, "_catalogue", lambda _tag: pseudo.Pseudo())
            _walked.update(walking.walk(app, here))
    return _walked


def test_every_route_has_its_page_in_the_furnished_house(
    app: Flask, stops: dict[str, Stop]
) -> None:
    missing = walking.pages_of(app) - stops.keys() - ELSEWHERE.keys()
    assert missing == set(), "furnish them in tests/access/world.py, or say why not"
    assert ELSEWHERE.keys().isdisjoint(stops), "these have a page by now"


def test_every_word_is_translated_or_somebodys_own(stops: dict[str, Stop]) -> None:
    known = pseudo.written_by_people()
    found = {
        rule: strange
        for rule, stop in stops.items()
        if rule not in OWN_IN_EACH_LANGUAGE and (strange := pseudo.strangers(stop.body, known))
    }
    assert found == {}


def test_no_sentence_is_glued_together(stops: dict[str, Stop]) -> None:
    found = {
        rule: texts
        for rule, stop in stops.items()
        if rule not in OWN_IN_EACH_LANGUAGE and (texts := pseudo.glued(stop.body))
    }
    assert found == {}


@pytest.mark.browser
def test_axe_finds_nothing_in_any_language_theme_or_width(
    app: Flask, stops: dict[str, Stop], scene: Callable[[Callable[[], World]], World]
) -> None:
    people = walking.browsers(app, scene(world.furnish))
    cookies = {name: one.client.get_cookie("ideation") for name, one in people.items()}
    wrong: list[str] = []
    looks, rules = looking.looks(), sorted(stops.keys() - WITHOUT_SCRIPTS)
    with live.serving(app) as url, chromium.running() as browser:
        for place, look in enumerate(looks):
            _speak(look)
            mine = [stops[rule] for rule in rules[place :: len(looks)]]
            wrong += _looked_at(
                browser, url, look, mine, {k: v and v.value for k, v in cookies.items()}
            )
    assert not wrong, "\n".join(wrong)


def _speak(look: looking.Look) -> None:
    with transaction():
        db.session.execute(update(Member).values(language=look.language, theme=look.theme))


def _looked_at(
    browser: Chromium,
    url: str,
    look: looking.Look,
    stops: list[Stop],
    cookies: dict[str, str | None],
) -> list[str]:
    wrong = []
    for viewer in {stop.viewer for stop in stops}:
        context = looking.open_eyes(browser, url, look, cookies[viewer])
        page = context.new_page()
        for stop in stops:
            if stop.viewer == viewer:
                wrong += [
                    f"{stop.rule} {look}: {one}" for one in looking.complaints(page, stop.address)
                ]
        context.close()
    return wrong


@pytest.mark.browser
def test_control_what_is_wrong_is_found() -> None:
    with chromium.running() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 256})
        page.add_init_script(looking.AXE_SCRIPT)
        body = (
            "<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'>"
            "<p style='color:#aaa;background:#fff'>Faint</p><div style='width:900px'>Wide</div>"
            "<button style='width:9px;height:9px' aria-label=a></button>"
            "<button style='width:9px;height:9px' aria-label=b></button></main>"
        )
        page.route(
            "http://house.example/",
            lambda route: route.fulfill(body=body, content_type="text/html"),
        )
        found = " ".join(looking.complaints(page, "http://house.example/"))
    for rule in ("image-alt", "color-contrast", "target-size", "scrolls sideways"):
        assert rule in found


def test_control_bare_and_glued_words_are_found() -> None:
    said = pseudo.Pseudo().ugettext
    page = (
        f"<p>{said('Hello %(name)s')}</p><p>Oops, bare</p><b title='Also bare'></b><i>Ann Lind</i>"
    )
    assert pseudo.strangers(page, "ann lind") == ["Oops, bare", "Also bare"]
    assert pseudo.glued(f"<p>{said('By')} Ann</p>") and pseudo.glued(f"<p>3 {said('stars')}</p>")
    assert pseudo.glued(f"<p>{said('Score')} · {said('Rank')}</p>") == []
