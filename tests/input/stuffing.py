"""Hostile words in every column that people fill, past every rule that would have cleaned them."""

import json
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, select, text, update

from ideation.core.db import Model, db, transaction
from tests.input import payloads

#: Columns of text that we fill, from lists of our own: names of kinds, keys, hashes, codes.
_NAMES = """
action action_url addresses answer_key args avatar_key body_key brand cause checks code color
colour content_type country currency digest email email_key error event_id evidence_key failure
field fingerprint format handle hash hint job key kind language last4 link link_hash log_head
message_id name_key original_key outcome page_url password_hash placeholder previous
previous_hash prize_currency provider provider_reference public_id queue reference return_path
rule_version scope sha256 share_code signal size sku slug spelling storage_key subject_kind
template term terms_hash terms_version theme tie_seed_hash to token unsubscribe_url version
votes_digest weights_digest word zone
"""
OURS = frozenset(_NAMES.split())
#: Columns whose name says one thing in one table and another elsewhere, and tables that are ours.
OUR_COLUMNS = frozenset(
    {
        "instance_facts.name",
        "instance_facts.value",
        "provider_events.subject",
        "provider_events.body",
        "sandbox_deliveries.subject",
        "sandbox_deliveries.body",
        "mails.subject",
        "mails.text",
        "mails.html",
        "idempotency_keys.answer",
        "tokens.payload",
        "deck_keys.keys",
        "deal_lists.bands",
        "deal_lists.survivors",
        "decks.open",
        "decks.skipped",
        "decks.way",
        "live_counts.body",
        "tally_rows.histogram",
        "agreements.minimums",
        "agreements.prizes",
        "articles.slug",
        "articles.sizes",
        "articles.colours",
        "articles.print_area",
        "products.colours",
        "products.placement",
        "submissions.placement",
        "shipping_zones.countries",
        "integrity_cases.evidence",
        "audit_entries.detail",
        "ledger_accounts.code",
    }
)


#: Of facts that are kept as JSON, what people wrote.
_WRITTEN = {
    "invoices.body": {"name", "buyer"},
    "notices.params": {"title", "contest", "name", "reason", "note", "member", "product", "words"},
}


_GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def columns() -> list[tuple[Table, Column[Any]]]:
    """Every column that holds what somebody wrote."""
    return [
        (table, column)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not isinstance(column.type, Enum)
        and column.name not in OURS
        and f"{table.name}.{column.name}" not in OUR_COLUMNS
        and not column.primary_key
    ]


def stuff() -> set[str]:
    """Fill them all; returns the columns of which there was a row."""
    done = set()
    with transaction():
        for name in db.session.scalars(text(_GUARDS)).all():
            db.session.execute(text(f'DROP TRIGGER "{name}"'))
        for table, column in columns():
            keys = list(table.primary_key.columns)
            for number, row in enumerate(db.session.execute(select(table)).mappings().all()):
                if row[column] is None:
                    continue
                db.session.execute(
                    update(table)
                    .where(*(key == row[key] for key in keys))
                    .values({column: _hostile(column, row[column], number)})
                )
                done.add(f"{table.name}.{column.name}")
    return done


def _hostile(column: Column[Any], value: Any, number: int) -> Any:
    if column.name in {"links", "tracking_url"}:
        return list(payloads.ADDRESSES) if column.name == "links" else payloads.ADDRESSES[0]
    if column.name == "tags":
        return [payloads.words(number + n, 60) for n in range(3)]
    if isinstance(column.type, JSON):
        written = _WRITTEN.get(f"{column.table}.{column.name}")
        return _leaves(value, number) if written is None else _under(value, written, number)
    lines = payloads.LINES if number % 3 == 1 else ""
    return lines + payloads.words(number)


def _under(value: Any, written: set[str], number: int) -> Any:
    """Only what stands under these names."""
    if isinstance(value, list):
        return [_under(one, written, number) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _leaves(one, number) if name in written else _under(one, written, number)
        for name, one in value.items()
    }


def _leaves(value: Any, number: int) -> Any:
    """The same shape with other words, but for codes of two letters."""
    if isinstance(value, dict):
        return {name: _leaves(one, number) for name, one in value.items()}
    if isinstance(value, list):
        return [_leaves(one, number) for one in value]
    is_words = isinstance(value, str) and len(value) != 2
    return payloads.words(number) if is_words else json.loads(json.dumps(value))
