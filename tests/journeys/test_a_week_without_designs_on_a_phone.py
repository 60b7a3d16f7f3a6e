"""The first day of a contest, on a phone: there are no prints to stand on the rule yet."""

import pytest
from flask import Flask

from tests import factories
from tests.servers import chromium, live

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.mark.parametrize("width", [390, 1280])
def test_buttons_keep_clear_of_the_rule_below_them(app: Flask, width: int) -> None:
    factories.contest("entry")
    with live.serving(app) as url, chromium.running() as browser:
        page = browser.new_page(base_url=url, viewport={"width": width, "height": 844})
        page.goto("/")
        assert page.locator(".hero__prints").count() == 0
        button = page.locator(".hero .actions").bounding_box()
        facts = page.locator(".hero .facts").bounding_box()
        assert button and facts
        assert facts["y"] - button["y"] - button["height"] >= 16
