"""The console: product managers', moderators' and operators' pages, every route guarded."""

from ideation.console import (
    audit,
    claims,
    contests,
    home,
    inbox,
    jobs,
    members,
    menu,
    moderation,
    series,
)
from ideation.console.blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "claims",
    "contests",
    "home",
    "inbox",
    "jobs",
    "members",
    "menu",
    "moderation",
    "series",
]
