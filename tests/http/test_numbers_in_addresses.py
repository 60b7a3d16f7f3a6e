"""An address is anybody's to write."""

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from tests import factories


@pytest.mark.parametrize(
    "path",
    ["/my/earnings/{}-1/USD", "/orders/x/invoice/{}", "/console/inbox/{}", "/console/shipping/{}"],
)
def test_a_number_too_long_for_any_key_is_no_page(app: Flask, path: str) -> None:
    browser = factories.Browser(app, factories.member("Ora", roles=(Role.OPERATOR,)))
    assert browser.get(path.format("9" * 20)).status_code == 404
