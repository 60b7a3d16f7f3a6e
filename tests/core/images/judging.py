"""Many files through the child's work in one child, so that hundreds of tests share one start."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ideation.core.images.refusal import Refused
from ideation.core.images.renditions import render
from tests.core.images.anatomy import is_bare


def judge(files: Sequence[str], out_dir: str, plans: Any, limits: Any) -> list[list[Any]]:
    """``[name, outcome, seconds]`` for each file; the outcome is a reason or ``rendered``.

    Anything else that is raised ends the run, and so fails the test that asked.
    """
    outcomes: list[list[Any]] = []
    for file in files:
        began = time.process_time()
        try:
            made = render(file, out_dir, plans, limits)
        except Refused as refused:
            outcome = str(refused.reason)
        except MemoryError:
            outcome = "too_complex"
        else:
            outcome = "rendered"
            for one in made.renditions:
                if not is_bare(Path(out_dir, one.filename).read_bytes(), one.format):
                    outcome = f"{one.filename} holds metadata"
        outcomes.append([Path(file).name, outcome, time.process_time() - began])
    return outcomes
