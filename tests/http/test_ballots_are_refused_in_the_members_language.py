import pytest
from flask import Flask

from tests import factories


@pytest.mark.one_engine
def test_a_refused_ballot_speaks_as_its_member_does(app: Flask) -> None:
    contest = factories.contest()
    browser = factories.Browser(app, factories.member(language="zh-Hans"))
    browser.get("/", headers={"Accept-Language": "en"})
    answer = browser.post(
        f"/contests/{contest.slug}/votes",
        {"ballot": "forged", "stars": "4"},
        headers={"Accept": "application/json", "Accept-Language": "en"},
    )
    assert answer.status_code == 403
    assert "选票" in answer.json["detail"] or "评分" in answer.json["detail"]
