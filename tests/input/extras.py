"""What nobody is asked for: every column of every table, with a value that would matter."""

import enum
from collections.abc import Iterable

from sqlalchemy import JSON, Boolean, Column, DateTime, Enum, Integer, LargeBinary

from ideation.core.db import Model

MARK = "slipped-in"
#: Names that frameworks elsewhere believe, and words for whoever is in charge.
CUSTOMARY = {
    "admin": "1",
    "is_admin": "true",
    "isAdmin": "true",
    "is_staff": "1",
    "is_operator": "1",
    "user_id": "1",
    "userId": "1",
    "memberId": "1",
    "member[role]": "operator",
    "member.role": "operator",
    "role[]": "operator",
    "roles": "operator",
    "grants": "operator",
    "permission": "instance.operate",
    "_method": "DELETE",
    "__class__": "Member",
    "price": "1",
    "amount": "1",
    "total": "1",
    "discount": "100",
    "owner": "1",
    "actor": "1",
    "at": "2001-01-01T00:00:00+00:00",
}


def columns(member_id: int) -> dict[str, str]:
    """Column → a value; whose id is asked for gets this member's."""
    found = dict(CUSTOMARY)
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            found[column.name] = _value(column, member_id)
    return found


def without(extras: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    """What the form does not hold anyway."""
    known = set(names)
    return {name: value for name, value in extras.items() if name not in known}


def _value(column: Column[object], member_id: int) -> str:
    kind = column.type
    if column.name == "role":
        return "operator"
    if isinstance(kind, Enum):
        values = kind.enum_class
        last = list(values)[-1] if values else kind.enums[-1]
        return str(last.value if isinstance(last, enum.Enum) else last)
    if isinstance(kind, Boolean):
        return "1"
    if isinstance(kind, DateTime) or column.name.endswith("_at"):
        return "2001-01-01T00:00:00+00:00"
    if isinstance(kind, JSON):
        return f'{{"{MARK}": 1}}'
    if column.foreign_keys or column.name.endswith("_id") or isinstance(kind, Integer):
        return str(member_id)
    return "AAAA" if isinstance(kind, LargeBinary) else MARK
