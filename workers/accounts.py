"""What accounts put off until after the answer."""

from ideation.accounts import passwords
from ideation.core import clock, jobs
from ideation.core.db import transaction


@jobs.handler(passwords.SEND_RESET)
def send_reset(member_id: int) -> None:
    """Write the mail with the link, where there is somebody to write to."""
    with transaction():
        passwords.send_reset(member_id, at=clock.now())
