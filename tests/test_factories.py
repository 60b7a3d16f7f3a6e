from flask import Flask

from ideation.accounts.grants import Role
from tests import factories


def test_the_stage_can_be_set_in_every_phase(app: Flask) -> None:
    for phase in ("upcoming", "entry", "scoring", "decision", "results"):
        contest = factories.contest(phase)
        assert factories.submission(contest).contest_id == contest.id
    assert factories.member(roles=(Role.OPERATOR,)).grants[0].role is Role.OPERATOR
    assert factories.series().id
