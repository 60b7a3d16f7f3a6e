"""On a phone a wide table keeps in sight what a row is about."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from ideation.accounts.grants import Role
from tests import factories
from tests.access import looking
from tests.servers import chromium, live

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

WIDE = ("/console/members", "/console/audit", "/console/contests", "/console/inbox")
#: Moves the table aside; tells where its first column is, what one touches there and at its edge.
_ACROSS = """(distance) => {
  const wrap = [...document.querySelectorAll(".table-wrap")]
    .find((one) => one.scrollWidth > one.clientWidth + 40);
  if (!wrap) return null;
  const cell = wrap.querySelector("tbody tr > :first-child");
  const before = cell.getBoundingClientRect().left;
  wrap.scrollIntoView({ block: "center", behavior: "instant" });
  wrap.scrollLeft = distance;
  const { left, right, top, height } = cell.getBoundingClientRect();
  const middle = top + height / 2;
  const lies = (x) => cell.contains(document.elementFromPoint(x, middle));
  return { moved: Math.round(left - before), share: right / innerWidth,
    isCovered: lies(left - 4), lies: lies(left + 8) };
}"""


@pytest.fixture
def page(app: Flask) -> Iterator[Page]:
    """The console of somebody with every role, on a phone on which scripts do not run."""
    operator = factories.member("Olga Maximiliane Operator", roles=tuple(Role))
    for name in ("Ada Lind", "Konstantin Alexander von Wolkenstein", "林小雨"):
        factories.member(name)
    factories.contest("scoring")
    own = factories.Browser(app, operator)
    own.post("/console/beginning/mail")
    cookie = own.client.get_cookie("ideation")
    assert cookie is not None
    with live.serving(app) as url, chromium.running() as browser:
        context = browser.new_context(
            base_url=url, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        )
        context.add_cookies([{"name": "ideation", "value": cookie.value, "url": url}])
        yield context.new_page()
        context.close()


def test_what_a_row_is_about_stays_while_its_columns_pass(page: Page) -> None:
    wide = 0
    for address in WIDE:
        page.goto(address)
        found = page.evaluate(_ACROSS, 100)
        if found is None:
            continue
        wide += 1
        assert found["moved"] == 0 and found["lies"], address
        assert found["share"] < 0.6, f"{address}: there is room for the others"
        assert found["isCovered"], f"{address}: nothing shows through beside it"
        assert page.evaluate("document.documentElement.scrollWidth") == 390, address
        assert page.evaluate(looking._MOVES) == [], address
    assert wide >= 3


def test_control_a_column_that_goes_along_is_seen(page: Page) -> None:
    page.goto("/console/members")
    page.evaluate("""() => document.querySelectorAll(".table tr > :first-child")
        .forEach((one) => { one.style.position = "static"; })""")
    assert page.evaluate(_ACROSS, 100)["moved"] == -100
