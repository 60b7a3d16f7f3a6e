"""The console: product managers', moderators' and operators' pages, every route guarded."""

from ideation.console import menu
from ideation.console.blueprint import blueprint

__all__ = ["blueprint", "menu"]
