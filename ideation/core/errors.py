"""What a rule may say "no" with. Raised by rules, translated to a response once, at the edge."""

from collections.abc import Mapping
from typing import TypeAlias

from ideation.core.i18n import LazyString

Words: TypeAlias = str | LazyString


class DomainError(Exception):
    """A refusal in the member's language; ``status`` is the HTTP status the edge answers with."""

    status = 400

    def __init__(self, message: Words, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__.lower()

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """The thing does not exist, or not for this member."""

    status = 404


class NotAllowed(DomainError):
    """The thing exists, and this member may not do that with it."""

    status = 403


class Conflict(DomainError):
    """The thing's state does not allow it now: too late, already done, somebody was faster."""

    status = 409


class Gone(DomainError):
    """The thing existed and whoever asks could see it; on purpose nothing of it is left to show."""

    status = 410


class TooMany(DomainError):
    """Too often in too short a time."""

    status = 429

    def __init__(self, message: Words, *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Invalid(DomainError):
    """Input that cannot be accepted; ``fields`` names each wrong field and says what to do."""

    status = 422

    def __init__(self, message: Words = "", *, fields: Mapping[str, Words] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(message or next(iter(self.fields.values()), ""))
