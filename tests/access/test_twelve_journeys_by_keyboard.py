"""Twelve things that people come for, each by real key presses, the focus seen at each stop."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import ScalarResult, Select, func, select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.contests.models import Contest, Format
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.moderation import queue
from ideation.moderation.models import Claim, ModerationDecision, Rule, Verdict
from ideation.orders.models import Order, OrderState
from ideation.selection import agreements
from ideation.selection.models import Agreement, AgreementState, Decision, Outcome
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import State, Submission
from ideation.voting.models import Vote
from tests import factories
from tests.access.hands import Hands
from tests.factories import people, pictures, products, selection
from tests.servers import chromium, live

pytestmark = [pytest.mark.one_engine, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    """One Chromium for the module."""
    with chromium.running() as browser:
        yield browser


@dataclass
class Place:
    """A house that answers, and who comes to it."""

    app: Flask
    url: str
    browser: Chromium

    def hands(self, member: Member | None = None) -> Hands:
        """Somebody at a keyboard, signed in where they are a member."""
        context = self.browser.new_context(base_url=self.url, locale="en-GB")
        context.set_default_timeout(20_000)
        if member is not None:
            cookie = factories.Browser(self.app, member).client.get_cookie("ideation")
            assert cookie is not None
            context.add_cookies([{"name": "ideation", "value": cookie.value, "url": self.url}])
        return Hands(context.new_page())


def kept(query: Select[Any]) -> ScalarResult[Any]:
    """What the database holds now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(query)


@pytest.fixture
def place(app: Flask, browser: Chromium) -> Iterator[Place]:
    with live.serving(app) as url:
        yield Place(app, url, browser)
        for context in browser.contexts:
            context.close()
    db.session.rollback()


def test_to_sign_up_and_confirm(place: Place) -> None:
    one = place.hands()
    page = one.page
    page.goto("/join")
    one.fill(page.locator("[name=name]"), "Ada Lind")
    one.fill(page.locator("[name=email]"), "ada@example.org")
    one.fill(page.locator("[name=password]"), people.PASSWORD)
    one.choose(page.locator("[name=agree]"), "Space")
    one.choose(page.locator("main .form__actions [type=submit]"))
    expect(page).to_have_url(re.compile("/welcome"))
    one.choose(page.locator("main a[href*='/confirm']").first)
    expect(page).to_have_url(re.compile("/confirm"))
    code = re.search(r"(?<!\d)\d{3} ?\d{3}(?!\d)", page.locator("main").inner_text())
    assert code, "a loopback instance shows the code"
    one.fill(page.locator("[name=code]"), code.group())
    one.press("Enter")
    expect(page).not_to_have_url(re.compile("/confirm"))
    assert kept(select(Member.email_confirmed_at)).one() is not None


def test_to_sign_in_and_change_the_theme(place: Place) -> None:
    people.joined("Ada Lind")
    one = place.hands()
    page = one.page
    page.goto("/sign-in")
    one.fill(page.locator("[name=email]"), "ada.lind@example.org")
    one.fill(page.locator("[name=password]"), people.PASSWORD)
    one.press("Enter")
    expect(page).not_to_have_url(re.compile("/sign-in"))
    dark = page.locator("[name=theme][value=dark]").first
    one.choose(dark.locator("xpath=ancestor::details").locator("summary"))
    one.choose(dark, "Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_to_upload_a_picture_and_hand_it_in(place: Place, tmp_path: Path) -> None:
    contest, designer = factories.contest("entry"), factories.member("Ada Lind")
    picture = tmp_path / "bus.png"
    picture.write_bytes(pictures.png())
    one = place.hands(designer)
    page = one.page
    page.on("filechooser", lambda _: None)  # catch choosers from now on, not just after Enter
    page.goto(f"/contests/{contest.slug}/submissions/new")
    one.choose(page.locator(".begin [type=submit]"))
    expect(page).to_have_url(re.compile("/edit$"))
    one.go(page.locator("#f-pictures"))
    with page.expect_file_chooser() as chooser:
        one.press("Enter")
    chooser.value.set_files(picture)
    expect(page.locator(".upload__alt input")).to_be_visible(timeout=30_000)
    db.session.rollback()
    assert jobs.run_due() > 0
    one.fill(page.locator(".upload__alt input"), "A bus at night")
    one.fill(page.locator("[name=title]"), "Night bus")
    one.pick(page.locator("[name=colour]"), "navy")
    one.choose(page.locator("[name=original]"), "Space")
    one.choose(page.locator("[name=licence]"), "Space")
    one.choose(page.locator("[formaction$='/entry']"))
    expect(page).to_have_url(re.compile(r"/designs/\w+$"))
    assert kept(select(Submission.state)).one() is State.SUBMITTED


def test_to_score_ten_and_take_one_back(place: Place) -> None:
    contest = factories.contest("scoring")
    for _ in range(12):
        factories.submission(contest)
    one = place.hands(factories.member())
    page = one.page
    page.goto(f"/contests/{contest.slug}/score")
    one.go(page.locator("[name=stars]").first)  # the radios can be reached as well
    progress = page.locator("[data-progress-words]")
    for number, key in enumerate("5432154321", start=1):
        expect(page.locator("[data-stage]")).to_be_visible()  # not the lull of a slow network
        one.press(key)
        expect(progress).to_have_text(f"{number} of 12")
    # After all ten votes; an answer too soon for the limit is given again.
    with page.expect_response(lambda it: it.url.endswith("/retractions") and it.ok):
        one.press("u")
        expect(progress).to_have_text("9 of 12")
    assert kept(select(func.count()).select_from(Vote)).one() == 9


def test_to_search_on_a_wall_and_open_a_design(place: Place) -> None:
    contest = factories.contest("scoring", format=Format.OPEN)
    for title in ("Fog over the harbour", "Night bus", "小城之夜"):
        factories.submission(contest, title=title)
    one = place.hands()
    page = one.page
    page.goto(f"/contests/{contest.slug}/entries")
    one.fill(page.locator("main [name=q]"), "harbuor")
    one.press("Enter")
    expect(page.locator(".card__title")).to_have_text(["Fog over the harbour"])
    one.choose(page.locator(".card__title"))
    expect(page.locator("h1")).to_contain_text("Fog over the harbour")


def test_to_pre_order_as_a_guest(place: Place) -> None:
    product = products.run().product
    one = place.hands()
    page = one.page
    page.goto(f"/products/{product.slug}")
    one.fill(page.locator("[data-piece] input").first, "2")
    one.choose(page.locator(".product__order [type=submit]"))
    expect(page.locator("[name=country_code]").first).to_be_attached()
    if page.input_value("select[name=country_code]") != "PT":
        one.go(page.locator("select[name=country_code]"))
        one.page.keyboard.type("Portug")
        one.press("Tab")
        expect(page).to_have_url(re.compile("country_code=PT"))
    for name, value in (
        ("name", "Rosa Lind"),
        ("street_address", "Rua do Ouro 12"),
        ("postal_code", "1100-060"),
        ("city", "Lisboa"),
        ("email", "rosa@example.org"),
    ):
        one.fill(page.locator(f"main [name={name}]"), value)
    one.choose(page.locator("form[method=post]:has([name=key]) .form__actions [type=submit]"))
    expect(page).to_have_url(re.compile("/review"))
    one.choose(page.locator("form[action$='/cards'] [type=submit]"))
    one.choose(page.locator("[name=kind][value=succeeds]"))
    expect(page).to_have_url(re.compile(r"/orders/\w+"))
    assert kept(select(Order.email)).one() == "rosa@example.org"


def test_to_have_it_sent_elsewhere(place: Place) -> None:
    buyer = factories.member("Rosa Lind")
    order = factories.order(member=buyer)
    one = place.hands(buyer)
    page = one.page
    page.goto(f"/orders/{order.public_id}")
    one.choose(page.locator("a[href$='/address']").first)
    one.fill(page.locator("main [name=city]"), "Porto")
    one.press("Enter")
    expect(page).to_have_url(re.compile(rf"/orders/{order.public_id}$"))
    expect(page.locator("main")).to_contain_text("Porto")


def test_to_cancel_an_order(place: Place) -> None:
    buyer = factories.member("Rosa Lind")
    order = factories.order(member=buyer)
    one = place.hands(buyer)
    page = one.page
    page.goto(f"/orders/{order.public_id}")
    one.choose(page.locator("a[href$='/cancellation']").first)
    one.choose(page.locator("form[action$='/cancellation'] [type=submit]"))
    expect(page).to_have_url(re.compile(rf"/orders/{order.public_id}$"))
    assert kept(select(Order.state)).one() is OrderState.CANCELLED


def test_to_accept_an_agreement(place: Place) -> None:
    designer, contest = factories.member("Ada Lind"), factories.contest("scoring", winners=1)
    selection.decided(contest, [factories.submission(contest, designer)])
    with transaction():
        (offered,) = agreements.offer(None, contest.id, at=clock.now())
        name = offered.public_id
    one = place.hands(designer)
    page = one.page
    page.goto(f"/agreements/{name}")
    one.choose(page.locator("[name=agreed]"), "Space")
    one.choose(page.locator("form:has([name=agreed]) [type=submit]").first)
    expect(page.locator("main")).to_contain_text("Signed")
    assert kept(select(Agreement.state)).one() is AgreementState.ACCEPTED


def test_to_report_copied_work(place: Place) -> None:
    design = factories.submission(factories.contest("results"))
    one = place.hands()
    page = one.page
    page.goto(f"/designs/{design.public_id}/claim")
    one.fill(page.locator("main [name=name]"), "Zoe Hart")
    one.fill(page.locator("main [name=email]"), "zoe@example.org")
    one.fill(page.locator("main [name=words]"), "This is my poster of 2019, see my shop.")
    one.choose(page.locator("main [name=true]"), "Space")
    one.choose(page.locator("main form[action$='/claim'] [type=submit]"))
    expect(page).not_to_have_url(re.compile("/claim$"))
    assert kept(select(Claim.name)).one() == "Zoe Hart"


def test_to_moderate_twelve_designs_with_two_keys_each(place: Place) -> None:
    contest = factories.contest("entry")
    waiting = [_waiting(contest, f"Design {n:02}") for n in range(12)]
    one = place.hands(factories.member("Mo", roles=(Role.MODERATOR,)))
    page = one.page
    page.goto("/console/moderation")
    one.choose(page.locator("main a.button--primary"))
    title = page.locator("h1")
    expect(title).to_have_text("Design 00")
    one.press("?")
    expect(page.locator("dialog[open] kbd").first).to_be_visible()
    one.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    one.press("d", "2")  # a slip …
    expect(title).to_have_text("Design 01")
    one.press("u")  # … taken back before anybody heard of it
    expect(title).to_have_text("Design 00")
    for number in range(12):
        expect(title).to_have_text(f"Design {number:02}")
        one.press(*(("d", "2") if number % 4 == 3 else ("a",)))
    expect(page).to_have_url(re.compile("/console/moderation$"))
    expect(page.locator("main")).to_contain_text("Nothing waits")
    decided = kept(select(ModerationDecision)).all()
    assert len(decided) == len(waiting), "each once, none lost"
    assert sum(decision.verdict is Verdict.APPROVED for decision in decided) == 9
    declined = [one for one in decided if one.verdict is Verdict.DECLINED]
    assert {one.rule for one in declined} == {Rule.OFF_BRIEF}
    assert all("Read the brief once more" in one.reason for one in declined)


def test_to_choose_a_winner(place: Place) -> None:
    contest = factories.contest("scoring", winners=1)
    first, _second = selection.entries(contest, 2)
    selection.tallied(contest)
    one = place.hands(selection.manager())
    page = one.page
    page.goto(f"/console/contests/{contest.slug}/decision")
    one.choose(page.locator(f"#ranking a[href*='compare={first.public_id}']").first)
    one.fill(page.locator("#closer textarea"), "It reads from across the street.")
    one.choose(page.locator("#closer form [type=submit]"))
    expect(page.locator(".places")).to_contain_text("It reads from across the street.")
    winners = select(Decision.submission_id).where(Decision.outcome == Outcome.WINNER)
    assert kept(winners).all() == [first.id]


def test_control_a_page_that_catches_the_focus_or_hides_it_is_found(browser: Chromium) -> None:
    page = browser.new_page()
    page.set_content(
        "<button id=a onkeydown='event.preventDefault()'>A</button><button id=b>B</button>"
    )
    with pytest.raises(AssertionError, match="stuck at"):
        Hands(page).go(page.locator("#b"))
    page.set_content("<style>* { outline: none !important }</style><button id=a>A</button>")
    with pytest.raises(AssertionError, match="no focus to be seen"):
        Hands(page).go(page.locator("#a"))
    page.close()


def _waiting(contest: Contest, title: str) -> Submission:
    one = factories.submission(contest, state=State.SUBMITTED, title=title)
    with transaction():
        space, at = one.contest.space_id, clock.now()
        queue.open_case(SUBJECT, one.id, space_id=space, at=at, due_at=None)
    return one
