"""The morning's digests."""

from ideation.core import jobs
from ideation.notices import digests
from workers.each import each


@jobs.handler(digests.WRITE)
def write_digests() -> None:
    """One member a transaction, wherever it is morning now."""
    each((digests.due, digests.write))
