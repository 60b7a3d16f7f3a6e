from flask import Flask
from sqlalchemy import select

from ideation.core.db import db
from ideation.ledger import balances as ledger
from ideation.notices.models import Notice
from ideation.royalties import balances
from ideation.royalties.balances import Balance
from ideation.royalties.models import Prize
from ideation.royalties.verify import verify
from tests.factories.members import member
from tests.factories.selection import announced_winner


def test_cash_is_payable_at_once_and_store_credit_is_owed(app: Flask) -> None:
    designer = member("Lin")
    announced_winner(designer)
    assert balances.of(designer.id) == {"USD": Balance(payable=200_000, credit=50_000)}
    assert ledger.sums()["expense:prizes", "USD"] == 250_000
    told = select(Notice.kind).where(Notice.member_id == designer.id)
    assert "royalties.prize" in db.session.scalars(told).all()
    assert verify().disagreements == ()


def test_designers_of_one_winner_split_it_to_the_unit(app: Flask) -> None:
    lin, ada, mo = member("Lin"), member("Ada"), member("Mo")
    announced_winner(lin, co_designers={ada: 3333, mo: 3333})
    parts = {one.member_id: (one.cash_minor, one.credit_minor) for one in db.session.query(Prize)}
    assert parts == {
        lin.id: (66_680, 16_670),
        ada.id: (66_660, 16_665),
        mo.id: (66_660, 16_665),
    }
    assert verify().disagreements == ()


def test_a_contest_without_prizes_owes_nothing(app: Flask) -> None:
    designer = member("Lin")
    announced_winner(designer, prizes=[])
    assert balances.of(designer.id) == {}
    assert verify().disagreements == ()
