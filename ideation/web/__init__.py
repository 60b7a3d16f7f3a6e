"""Public pages: one module a resource, named as its templates are."""

from ideation.web.blueprint import blueprint

__all__ = ["blueprint"]
