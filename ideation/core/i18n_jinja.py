"""The languages inside Jinja: ``_``, ``ngettext`` and ``{% trans %}``, for pages and mail alike.

Ours rather than Jinja's own "newstyle" callables, so that counts are written the language's way:
``%(n)s`` (or ``%(num)s``) in a plural is ``1,204``, not ``1204``.
"""

from typing import Any

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from ideation.core import i18n


def install(environment: Environment) -> None:
    """Teach an environment to translate; values filled in are escaped where pages are."""
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {"_": _gettext, "gettext": _gettext, "ngettext": _ngettext}
    environment.globals["gap"] = i18n.gap


@pass_eval_context
def _gettext(context: EvalContext, message: str, **values: Any) -> str:
    return _filled(context, i18n.gettext(message), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, n: int, **values: Any) -> str:
    count = i18n.number(n)
    values = {**values, "n": count, "num": count}
    return _filled(context, i18n.plural_pattern(one, many, n), values)


def _filled(context: EvalContext, pattern: str, values: dict[str, Any]) -> str:
    text = Markup(pattern) if context.autoescape else pattern  # noqa: S704  # nosec  # our own catalogue
    return text % values if values else text
