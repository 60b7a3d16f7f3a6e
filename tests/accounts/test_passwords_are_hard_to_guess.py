import pytest

from ideation.accounts import credentials
from ideation.core.errors import Invalid


def test_the_ten_thousand_commonest_passwords_are_refused() -> None:
    ten_thousand = credentials.COMMON[:10_000]
    assert len(set(ten_thousand)) == 10_000
    for password in ten_thousand:
        with pytest.raises(Invalid):
            credentials.hashed(password)


def test_common_passwords_that_are_long_enough_are_refused_for_being_common() -> None:
    long_ones = [one for one in credentials.COMMON if len(one) >= credentials.LEAST]
    assert len(long_ones) > 1000
    for password in (long_ones[0], long_ones[-1], long_ones[0].upper()):
        with pytest.raises(Invalid) as refusal:
            credentials.hashed(password)
        assert "first that others would try" in str(refusal.value)


@pytest.mark.parametrize(
    "password",
    ["ada.lind2026", "Ada Lind!!!!", "lindlindlindlind", "aaaaaaaaaaaaa", "short", "x" * 201],
)
def test_names_repetition_and_wrong_lengths_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        credentials.hashed(password, "Ada Lind", "ada.lind@example.org")


def test_a_phrase_of_ones_own_is_taken_and_never_stored_readably() -> None:
    stored = credentials.hashed("seven quiet otters", "Ada Lind", "ada@example.org")
    assert stored.startswith("$argon2id$")
    assert "otters" not in stored
