"""Sending mail."""

from ideation.core import config, jobs
from ideation.core.mail import compose, deliver


@jobs.handler(compose.SEND)
def send(mail_id: int) -> None:
    """Hand one mail to the server, or hold it where none is set."""
    settings = config.current()
    deliver.deliver(mail_id, settings.mail_url, settings.mail_from)
