"""What payments publish, written down as it happens."""

from collections import Counter
from collections.abc import Iterator

import pytest

from ideation.core import events
from ideation.payments import events as told

KINDS = (
    told.MethodSaved,
    told.MethodFailed,
    told.PaymentNeedsAction,
    told.PaymentCaptured,
    told.PaymentFailed,
    told.RefundDone,
    told.RefundRefused,
)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[tuple[str, int]]]:
    """How often each event was published: (its name, the row's id) → times.

    Nobody else listens: these payments are for no order.
    """
    counted: Counter[tuple[str, int]] = Counter()

    def count(event: object) -> None:
        row_id = next(value for name, value in vars(event).items() if name.endswith("_id"))
        counted[type(event).__name__, row_id] += 1

    for kind in (*KINDS, told.ProviderSpoke):
        monkeypatch.setitem(events._subscribers, kind, [count] if kind in KINDS else [])
    yield counted
