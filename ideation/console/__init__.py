"""The console: product managers', moderators' and operators' pages, every route guarded."""

from ideation.console import (
    audit,
    claims,
    contests,
    decision,
    home,
    inbox,
    jobs,
    members,
    menu,
    moderation,
    orders,
    owed,
    parcels,
    payments,
    payouts,
    series,
    shipping,
)
from ideation.console.blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "claims",
    "contests",
    "decision",
    "home",
    "inbox",
    "jobs",
    "members",
    "menu",
    "moderation",
    "orders",
    "owed",
    "parcels",
    "payments",
    "payouts",
    "series",
    "shipping",
]
