"""Wall time as operators type it, in a contest's own zone: read, and written back."""

from datetime import date, datetime

from ideation.contests.schedule import find_zone, wall_to_utc
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy

_FIELD = "%Y-%m-%dT%H:%M"


#: Beyond them a year is a slip of the finger, and calendars run out.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def read_day(text: str) -> date:
    """The day of ``2026-11-23``. Raises Invalid for what is none, or lies beyond our years."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(lazy("Write a day such as 2026-11-23.")) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(
            lazy("Choose a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )
    return day


def read(text: str, zone: str) -> datetime:
    """The instant of ``2026-11-23T12:00`` (a blank serves for the T) in a zone, in UTC.

    A time that the clock shows twice is the first of the two. Raises Invalid for what is no time,
    for a year beyond ours, and for one that the clock skips: to guess there would move a
    deadline without a word.
    """
    try:
        wanted = datetime.strptime(text.strip().replace(" ", "T")[:16], _FIELD)  # noqa: DTZ007
    except ValueError as error:
        raise Invalid(lazy("Write a day and a time, such as 2026-11-23 12:00.")) from error
    read_day(wanted.date().isoformat())
    try:
        instant = wall_to_utc(wanted.date(), wanted.hour * 60 + wanted.minute, zone)
    except ValueError as error:
        raise Invalid(lazy("Choose a time zone such as Europe/Lisbon.")) from error
    there = instant.astimezone(find_zone(zone))
    if there.replace(tzinfo=None) != wanted:
        raise Invalid(
            lazy(
                "That day the clocks in %(zone)s go forward: %(wanted)s does not exist there. "
                "The next time that does is %(next)s.",
                zone=zone,
                wanted=f"{wanted:%H:%M}",
                next=f"{there:%H:%M}",
            )
        )
    return instant


def write(at: datetime | None, zone: str) -> str:
    """An instant as the value of a date and time field; empty for None."""
    return at.astimezone(find_zone(zone)).strftime(_FIELD) if at else ""
