"""While the demo is filled its pages say so; afterwards, that what they show is made up."""

import pytest
from flask import Flask

from ideation.core import clock, instance
from ideation.core.db import transaction
from ideation.demo import filling
from tests import factories

FILLING = "The demo is being filled"
FILLED = "This is a demo"


@pytest.mark.one_engine
def test_a_page_says_that_more_is_coming_until_the_demo_is_whole(app: Flask) -> None:
    browser = factories.Browser(app)
    page = browser.get("/contests").text
    assert FILLING not in page
    assert FILLED not in page

    with transaction():
        filling.claim(clock.now(), "1")
    page = browser.get("/contests").text
    assert FILLING in page
    assert FILLED not in page

    with transaction():
        instance.establish(instance.DEMO_WHOLE, clock.now())
    page = browser.get("/contests").text
    assert FILLING not in page
    assert FILLED in page
