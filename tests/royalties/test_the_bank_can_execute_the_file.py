import csv
import io
from datetime import datetime, timedelta

import pytest
from flask import Flask

from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.royalties import accruing, bank_file, payouts
from ideation.royalties.payout_details import DetailsKind
from tests.factories import products, royalties
from tests.factories.members import member

DAY = timedelta(days=1)


def _earns(designer: Member, currencies: tuple[str, ...]) -> datetime:
    run, at = products.run(products.product(products.winner(designer))), clock.now()
    desk = royalties.warehouse()
    orders = [royalties.sale(run, units={"M": 20}, currency=one, at=at) for one in currencies]
    royalties.lock(run, at=at)
    for order in orders:
        royalties.dispatch(order, desk, at=at)
    with transaction():
        accruing.mature_due(at + 46 * DAY)
    return at + 46 * DAY


def _file(staff: Member, batch_id: int, at: datetime) -> list[dict[str, str]]:
    with transaction():
        text = bank_file.export_csv(db.session.merge(staff), batch_id, at=at)
    return list(csv.DictReader(io.StringIO(text)))


def test_amounts_have_the_digits_of_their_currency(app: Flask) -> None:
    lin, staff = member("Lin"), royalties.finance()
    at = _earns(lin, ("USD", "JPY", "KWD"))
    royalties.bank_account(lin, staff, at=at - 20 * DAY)
    batch = royalties.payday(staff, at.date(), at=at, up_to="approved")
    rows = _file(staff, batch.id, at)
    assert [(row["currency"], row["amount"]) for row in rows] == [
        ("JPY", "6400"),
        ("KWD", "15.000"),
        ("USD", "48.00"),
    ]
    first = rows[0]
    assert first["iban"] == royalties.IBAN and first["account_number"] == ""
    assert first["execution_date"] == at.date().isoformat()
    assert first["reference"] == f"ROYALTIES {batch.payouts[0].public_id}".upper()
    assert len(first["reference"]) <= 35, "what banks carry of it"


def test_accounts_without_an_iban_name_their_bank(app: Flask) -> None:
    ada, staff = member("Ada"), royalties.finance()
    at = _earns(ada, ("USD",))
    royalties.bank_account(
        ada,
        staff,
        at=at - 20 * DAY,
        kind=DetailsKind.ACCOUNT,
        account="000123456789",
        bic="CHASUS33",
        bank="First Bank",
        country="US",
        address="1 Main St\nSpringfield",
    )
    batch = royalties.payday(staff, at.date(), at=at, up_to="approved")
    (row,) = _file(staff, batch.id, at)
    assert (row["iban"], row["account_number"], row["bic"]) == ("", "000123456789", "CHASUS33")
    assert (row["bank_name"], row["bank_country"]) == ("First Bank", "US")
    assert row["beneficiary_address"] == "1 Main St Springfield"


def test_what_is_settled_is_not_in_a_second_copy(app: Flask) -> None:
    lin, staff = member("Lin"), royalties.finance()
    at = _earns(lin, ("USD", "JPY"))
    royalties.bank_account(lin, staff, at=at - 20 * DAY)
    batch_id = royalties.payday(staff, at.date(), at=at, up_to="approved").id
    assert _file(staff, batch_id, at) == _file(staff, batch_id, at)
    with transaction():
        first = payouts.get_batch(batch_id).payouts[0].id
        payouts.mark_paid(db.session.merge(staff), first, at=at)
    assert [row["currency"] for row in _file(staff, batch_id, at)] == ["USD"]
    with transaction():
        payouts.mark_all_paid(db.session.merge(staff), batch_id, at=at)
    with pytest.raises(Conflict, match="Only an approved batch"):
        _file(staff, batch_id, at)
