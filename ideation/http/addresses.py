"""What an address may hold."""

from werkzeug.routing import IntegerConverter


class Whole(IntegerConverter):
    """``<int:…>``: a number that fits into a key of the database; a longer one is no such page."""

    regex = r"\d{1,18}"
