"""``ideation ledger verify`` prints its sums and ends with 1, naming the row, where one is off."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from ideation.cli import main
from ideation.core import config
from ideation.core.db import db, is_postgresql
from tests.factories import products, royalties


@pytest.fixture
def environment(settings: config.Settings) -> dict[str, str]:
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    return {
        "IDEATION_HOME": str(settings.home),
        "IDEATION_DATABASE_URL": settings.database_url,
        "IDEATION_REDIS_URL": settings.redis_url,
        "IDEATION_SECRET_KEY": settings.secret_key,
    }


def _verify(environment: dict[str, str]) -> Result:
    db.session.remove()
    return CliRunner().invoke(main, ["ledger", "verify"], env=environment)


def test_the_sums_of_each_currency_are_printed(app: Flask, environment: dict[str, str]) -> None:
    run = products.run()
    royalties.sale(run, units={"S": 20, "M": 20, "L": 10})
    royalties.sale(run, units={"M": 20}, currency="JPY")
    said = _verify(environment)
    assert said.exit_code == 0, said.output
    lines = [" ".join(line.split()) for line in said.output.splitlines()]
    assert lines[0] == "JPY"
    for line in ("sales 64,000", "royalties pending 6,400", "sales 1,200.00"):
        assert line in lines
    assert lines[-1] == (
        "Everything agrees (transactions: 6, entries: 14, facts: 6, order lines: 4)."
    )


def test_a_difference_ends_with_1_and_names_the_row(
    app: Flask, environment: dict[str, str]
) -> None:
    royalties.sale(products.run(), units={"M": 5})
    on = " ON accruals" if is_postgresql() else ""
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_accruals_update{on}"))
        connection.execute(text("UPDATE accruals SET amount_minor = 99999"))
    said = _verify(environment)
    assert said.exit_code == 1
    assert "accrual 1, royalty of member" in said.output
    assert "amount is 99999, the rule gives 1200" in said.output
    assert "Pay nobody by these books." in said.output
    doctor = CliRunner().invoke(main, ["doctor"], env=environment).output
    assert "- The books: 4 things do not agree. Run `ideation ledger verify`" in doctor


def test_an_empty_instance_is_in_order(app: Flask, environment: dict[str, str]) -> None:
    assert _verify(environment).exit_code == 0
