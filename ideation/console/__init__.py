"""The console: product managers', moderators' and operators' pages, every route guarded."""

from ideation.console.blueprint import blueprint

__all__ = ["blueprint"]
