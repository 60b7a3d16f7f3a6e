"""The console: product managers', moderators' and operators' pages, every route guarded."""

from ideation.console import (
    audit,
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
    "contests",
    "home",
    "inbox",
    "jobs",
    "members",
    "menu",
    "moderation",
    "series",
]
