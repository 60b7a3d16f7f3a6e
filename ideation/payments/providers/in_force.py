"""Which provider new cards go to, and the provider of a name that an older row holds."""

from collections.abc import Mapping

from ideation.core import config
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.payments.providers.base import Provider
from ideation.payments.providers.sandbox.provider import Sandbox

_PROVIDERS: Mapping[str, Provider] = {provider.name: provider for provider in (Sandbox(),)}


def get(name: str) -> Provider:
    """The provider of that name. Raises NotFound."""
    if name not in _PROVIDERS:
        raise NotFound(lazy("There is no such payment provider."))
    return _PROVIDERS[name]


def current() -> Provider:
    """The one that the setting IDEATION_PAYMENTS names."""
    return get(config.current().payments)
