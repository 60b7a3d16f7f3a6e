from flask import Flask

from ideation.core import jobs
from ideation.selection.models import AgreementState
from tests.factories import selection


def test_the_whole_way(app: Flask) -> None:
    agreement = selection.announced_winner()
    assert agreement.state is AgreementState.ACCEPTED
    assert jobs.run_due() > 0
