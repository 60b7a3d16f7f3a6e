"""The zones people live in, for lists to choose from."""

import functools
import zoneinfo


@functools.cache
def names() -> dict[str, str]:
    """IANA name → how it is written, UTC first."""
    known = zoneinfo.available_timezones()
    places = sorted(name for name in known if "/" in name and not name.startswith("Etc/"))
    return {name: name.replace("_", " ") for name in ("UTC", *places)}
