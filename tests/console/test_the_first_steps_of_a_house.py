"""From the setup link to an open contest: four steps, left and taken up again, no script needed."""

import pytest
from flask import Flask

from ideation.accounts import queries as accounts
from ideation.accounts import setup
from ideation.accounts.grants import Role
from ideation.console import first_steps
from ideation.console.first_steps import Step
from ideation.contests import queries as contests
from ideation.contests.phases import Phase, phase
from ideation.core import clock, identity
from ideation.core.db import db, transaction
from ideation.core.mail.models import Mail, MailState
from tests import factories
from tests.factories import Browser
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.one_engine

SERIES = {
    "theme": "Small cities",
    "brief": "A tee about the town you would miss.",
    "name": "The weekly",
    "weekday": "0",
    "opens": "00:00",
    "zone": "Europe/Lisbon",
    "entry_days": "7",
    "scoring_days": "7",
    "decision_days": "7",
    "currency": "USD",
    "cash": "500",
    "winners": "3",
}


@pytest.fixture
def operator(app: Flask) -> Browser:
    """A browser in which the house was just set up."""
    with transaction():
        secret = setup.create_setup_link(clock.now())
    browser = factories.Browser(app)
    person = {"name": "Mara Vidal", "email": "mara@example.org", "password": PASSWORD, "agree": "1"}
    answer = browser.post(f"/setup/{secret}", person)
    assert answer.headers["Location"] == "/console/beginning"
    return browser


def _article() -> str:
    return str(contests.list_articles()[0].id)


def test_the_setup_link_leads_through_all_steps_to_a_contest_that_is_on(
    operator: Browser,
) -> None:
    assert operator.get("/console/beginning").headers["Location"].endswith("/house")
    house = {"name": "Tidewater", "accent": "#0b6bb8", "language": "zh-Hant", "zone": "Asia/Taipei"}
    answer = operator.post("/console/beginning/house", house)
    assert answer.headers["Location"].endswith("/series")
    assert identity.current().name == "Tidewater"

    page = operator.get("/console/beginning/series").text
    there = clock.now()
    assert f'value="{there:%H}:00"' in page, "it is proposed that entries open this very hour"
    proposed = SERIES | {
        "article_id": _article(),
        "zone": "UTC",
        "weekday": str(there.weekday()),
        "opens": f"{there:%H}:00",
    }
    answer = operator.post("/console/beginning/series", proposed)
    assert answer.headers["Location"].endswith("/mail")
    (running,) = contests.list_running(clock.now())
    assert phase(running, clock.now()) is Phase.ENTRY
    assert running.briefs[0].title == "Small cities"
    assert [(one.currency, one.cash_minor) for one in running.prizes] == [("USD", 50_000)]
    assert running.winners == 3

    assert operator.post("/console/beginning/mail/later").headers["Location"].endswith("/team")
    answer = operator.post("/console/beginning/team", {"role": "moderator", "email": ""})
    assert answer.status_code == 303
    assert operator.get("/console/beginning").headers["Location"].endswith("/end")
    assert "Small cities" in operator.get("/console/beginning/end").text


def test_a_step_that_is_left_keeps_its_words_and_comes_back_on_no_other_day(
    operator: Browser,
) -> None:
    typed = {"theme": "Small cities", "brief": "", "opens": "09:30"}
    answer = operator.post("/console/beginning/series/later", typed)
    assert answer.headers["Location"].endswith("/mail")
    page = operator.get("/console/beginning/series").text
    assert 'value="Small cities"' in page
    assert 'value="09:30"' in page
    assert first_steps.read(clock.now()).next is Step.HOUSE
    operator.post("/console/beginning/house/later")
    assert first_steps.read(clock.now()).next is Step.MAIL, "what was left is not asked again"


def test_words_are_kept_while_they_are_typed(operator: Browser) -> None:
    answer = operator.post("/console/beginning/series/words", {"theme": "Tides"})
    assert answer.status_code == 204
    assert 'value="Tides"' in operator.get("/console/beginning/series").text
    assert Step.SERIES not in first_steps.read(clock.now()).left


def test_what_is_wrong_stands_beside_its_field_with_the_rest_as_typed(operator: Browser) -> None:
    wrong = SERIES | {"theme": "", "opens": "noon", "article_id": _article()}
    answer = operator.post("/console/beginning/series", wrong)
    assert answer.status_code == 422
    assert 'id="f-theme-error"' in answer.text
    assert 'id="f-opens-error"' in answer.text
    assert '<a href="#f-theme">Theme of the first week – This is needed.</a>' in answer.text
    assert "the town you would miss" in answer.text
    assert not contests.list_series()
    answer = operator.post("/console/beginning/house", {"name": "", "accent": "#ffff00"})
    assert answer.status_code == 422
    assert 'id="f-name-error"' in answer.text
    assert 'id="f-accent-error"' in answer.text


def test_the_dates_can_be_looked_at_before_anything_is_saved(operator: Browser) -> None:
    asked = SERIES | {"article_id": _article(), "action": "preview", "scoring_days": "3"}
    answer = operator.post("/console/beginning/series", asked)
    assert answer.status_code == 200
    assert "Scoring ends" in answer.text
    assert "3 designs win each week" in answer.text
    assert "3 × $500 = $1,500 in prizes a week." in answer.text
    assert not contests.list_series()


def test_progress_is_read_from_facts_that_were_made_elsewhere(operator: Browser) -> None:
    factories.series()
    factories.member("Second", roles=(Role.MODERATOR,))
    assert first_steps.read(clock.now()).done == {Step.SERIES, Step.TEAM}


def test_a_second_series_of_the_same_name_gets_an_address_of_its_own(operator: Browser) -> None:
    for _ in range(2):
        operator.post("/console/beginning/series", SERIES | {"article_id": _article()})
    assert sorted(one.slug for one in contests.list_series()) == ["the-weekly", "the-weekly-2"]


def test_without_a_mail_server_the_page_says_what_does_not_work(operator: Browser) -> None:
    page = operator.get("/console/beginning/mail").text
    assert "No mail server is set yet" in page
    assert "IDEATION_MAIL_URL=smtp://" in page


def test_a_test_message_tells_what_became_of_it(
    operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.post("/console/beginning/mail")
    (mail,) = db.session.query(Mail).filter_by(template="test").all()
    assert mail.to == "mara@example.org"
    settings = first_steps.config.current()
    object.__setattr__(settings, "mail_url", "smtp://mail.example.org")
    for state, said in (
        (MailState.WAITING, "on its way"),
        (MailState.FAILED, "did not take"),
        (MailState.SENT, "It left"),
    ):
        with transaction():
            mail = db.session.query(Mail).filter_by(template="test").one()
            mail.state, mail.error = state, "535 wrong password"
        assert said in operator.get("/console/beginning/mail").text
    assert Step.MAIL in first_steps.read(clock.now()).done


def test_today_leads_to_the_step_that_is_open(operator: Browser) -> None:
    assert "Setting up goes on with: The house." in operator.get("/console/").text
    for step in Step:
        operator.post(f"/console/beginning/{step.value}/later")
    assert "Setting up goes on" not in operator.get("/console/").text


def test_only_who_runs_the_house_sets_it_up(app: Flask) -> None:
    manager = factories.Browser(app, factories.member("Manager", roles=(Role.PRODUCT_MANAGER,)))
    for step in Step:
        assert manager.get(f"/console/beginning/{step.value}").status_code == 403
    assert (
        factories.Browser(app, factories.member("Plain"))
        .get("/console/beginning/series")
        .status_code
        == 404
    )
    assert accounts.has_team() is False
