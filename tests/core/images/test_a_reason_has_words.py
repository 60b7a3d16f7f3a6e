import pytest

from ideation.core.images.limits import AVATAR, Limits
from ideation.core.images.messages import explain
from ideation.core.images.refusal import Refusal


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_reason_tells_what_is_wrong_and_what_to_do(reason: Refusal) -> None:
    sentence = str(explain(reason))
    assert sentence.count(".") >= 2
    assert "%(" not in sentence


def test_a_reason_from_the_database_is_explained_with_its_limits() -> None:
    assert "20 MB" in str(explain("too_heavy"))
    assert "5 MB" in str(explain("too_heavy", AVATAR))
    assert "321 pixels" in str(explain(Refusal.TOO_SMALL, Limits(min_side=321)))


def test_an_unknown_reason_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no_such_reason"):
        explain("no_such_reason")
