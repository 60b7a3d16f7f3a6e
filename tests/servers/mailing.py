"""An SMTP server that keeps what it is given, as slowly as asked, or not at all."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.ports import free_port


@dataclass
class Mailbox:
    """What arrived, and how the server answers."""

    messages: list[Message] = field(default_factory=list)
    seconds: float = 0
    answer: str = "250 OK"
    url: str = ""

    @property
    def message_ids(self) -> list[str]:
        """Message-IDs in order of arrival."""
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail."""
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=default))
        time.sleep(self.seconds)
        return self.answer


@contextlib.contextmanager
def running() -> Iterator[Mailbox]:
    """A server on a free port of this machine."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailbox.url = f"smtp://127.0.0.1:{port}?tls=off"
        yield mailbox
    finally:
        controller.stop()
