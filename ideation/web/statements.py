"""Statements: a month in one currency, to read, to print, and as a file to reckon with."""

import csv
import io
from datetime import date
from email.utils import parseaddr

from flask import abort, make_response, render_template
from werkzeug.wrappers import Response

from ideation.core import cells, clock, config
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.session import signed_in
from ideation.products.words import variant_name
from ideation.royalties import statements, words
from ideation.royalties.bank_file import amount_words
from ideation.royalties.movements import PayoutLine
from ideation.royalties.statements import Statement
from ideation.web.blueprint import blueprint


@blueprint.get("/my/earnings/statements", endpoint="statements")
@who(Who.SIGNED_IN)
def list_statements() -> str:
    """Every statement that is out, the latest first."""
    months = statements.months(signed_in().id, clock.now())
    return render_template(
        "web/earnings/statements.html",
        months=[(date(year, month, 1), currency) for year, month, currency in months],
    )


@blueprint.get("/my/earnings/<int:year>-<int:month>/<currency>")
@who(Who.SIGNED_IN)
def statement(year: int, month: int, currency: str) -> str:
    """One month, whole; prints on paper."""
    return render_template(
        "web/earnings/statement.html",
        statement=_out(year, month, currency),
        month=date(year, month, 1),
        currency=currency,
        ready_at=statements.ready_at(year, month),
        contact=parseaddr(config.current().mail_from)[1],
        steps=words.steps,
        percent=words.percent,
        stage_names=words.STAGES,
        payout_states=words.PAYOUT_STATES,
        variant_name=variant_name,
    )


@blueprint.get("/my/earnings/<int:year>-<int:month>/<currency>/csv")
@who(Who.SIGNED_IN)
def statement_csv(year: int, month: int, currency: str) -> Response:
    """The same lines for a spreadsheet: UTF-8 with a mark, which Excel needs to see that."""
    text = io.StringIO()
    csv.writer(text).writerows(_rows(_out(year, month, currency)))
    response = make_response("\N{BYTE ORDER MARK}" + text.getvalue())
    response.mimetype = "text/csv"
    name = f"statement-{year}-{month:02d}-{currency}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _out(year: int, month: int, currency: str) -> Statement:
    """The member's statement, once it is out. Raises NotFound; 404 for a month still running."""
    if statements.ready_at(year, month) > clock.now():
        abort(404)
    return statements.statement(signed_in().id, year, month, currency)


def _rows(one: Statement) -> list[list[str]]:
    """Opening, every line, closing; the last column adds up from the first row to the last."""

    def row(day: str, what: str, piece: str, how: str, minor: int) -> list[str]:
        texts = map(cells.bare, (what, piece, how))
        return [day, *texts, one.currency, amount_words(minor, one.currency)]

    found = [[_("Date"), _("What"), _("Product"), _("Sum"), _("Currency"), _("Amount")]]
    found.append(row("", _("Owed to you before"), "", "", one.opening.owed))
    for line in one.lines:
        piece = f"{line.product.name} – {variant_name(line.product, line.variant)}"
        what = _("Sale") if line.kind == "sale" else _("Refund")
        how = words.in_one_line(line)
        found.append(row(line.at.date().isoformat(), what, piece, how, line.amount_minor))
    for prize in one.prizes:
        share = words.percent(prize.share_bp)
        found.append(row(prize.at.date().isoformat(), _("Prize"), "", share, prize.cash_minor))
    for payout in one.payouts:
        if payout.change_minor:
            day = payout.at.date().isoformat()
            found.append(row(day, _payout_words(payout), "", payout.public_id, payout.change_minor))
    found.append(row("", _("Owed to you after"), "", "", one.closing.owed))
    return found


def _payout_words(payout: PayoutLine) -> str:
    return str(words.PAYOUT_STATES[payout.step])
