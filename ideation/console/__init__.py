"""The console: product managers', moderators' and operators' pages, every route guarded."""

from ideation.console import (
    audit,
    inbox,
    jobs,
    members,
    menu,
)
from ideation.console.blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "inbox",
    "jobs",
    "members",
    "menu",
]
