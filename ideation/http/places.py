"""Where a visitor most likely is: a guess to fill in a country with, which they may change."""

from babel.core import get_global
from flask import request

from ideation.core import i18n

_BY_LANGUAGE = {"en": "US", "zh-Hans": "CN", "zh-Hant": "TW"}


def likely_country() -> str:
    """The country of the browser's clock, else of its language, else of ours: an ISO code."""
    territories = get_global("zone_territories")
    by_clock = territories.get(i18n.zone_name(), "")
    if len(by_clock) == 2:
        return str(by_clock)
    for tag in request.accept_languages.values():
        _, _, region = tag.replace("_", "-").rpartition("-")
        if len(region) == 2 and region.isalpha() and "-" in tag.replace("_", "-"):
            return region.upper()
    return _BY_LANGUAGE[i18n.language()]
