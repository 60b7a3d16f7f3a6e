"""Public pages: one module a resource, named as its templates are."""

from ideation.web import (
    confirmation,
    health,
    leaving,
    legal,
    members,
    notices,
    preferences,
    registration,
    reset,
    security,
    settings,
    setup,
    sign_in,
)
from ideation.web.blueprint import blueprint

__all__ = [
    "blueprint",
    "confirmation",
    "health",
    "leaving",
    "legal",
    "members",
    "notices",
    "preferences",
    "registration",
    "reset",
    "security",
    "settings",
    "setup",
    "sign_in",
]
