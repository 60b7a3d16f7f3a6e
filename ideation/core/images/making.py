"""The door of this package for jobs: an original in, renditions out, whatever the file holds."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ideation.core.images.limits import STANDARD, Limits
from ideation.core.images.plans import STANDARD_PLANS, Plan, Rendered
from ideation.core.images.renditions import render
from ideation.core.images.sandbox import run_limited


def make_renditions(
    original: Path,
    out_dir: Path,
    plans: Sequence[Plan] = STANDARD_PLANS,
    limits: Limits = STANDARD,
) -> Rendered:
    """Decode ``original`` in a limited child and write its renditions to ``out_dir``.

    A third of a second of one core for a picture of a million pixels, two and a half for 50
    million; at most 1 GiB and 10 s for any.
    Raises ``Refused`` for good, ``OSError`` and ``SandboxInterrupted`` where another try may help;
    files already written then stay in ``out_dir``, which the caller throws away.
    """
    told = run_limited(
        render,
        str(original),
        str(out_dir),
        [asdict(plan) for plan in plans],
        asdict(limits),
    )
    return Rendered.from_json(told)
