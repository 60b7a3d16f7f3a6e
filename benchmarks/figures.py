"""A figure and how it is taken."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

#: A rate: more is better.
PER_SECOND = "/s"


@dataclass(frozen=True)
class Figure:
    """What we measured, beside the least that could do the job."""

    name: str
    value: float
    #: Of the floor, in the same unit.
    least: float
    floor: str
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """How many times the floor's time ours takes; of other units, how many times the floor."""
        if not self.least or not self.value:
            return 1.0 if self.value == self.least else float("inf") if self.value else 0.0
        return self.least / self.value if self.unit == PER_SECOND else self.value / self.least

    def line(self) -> str:
        """name, value, unit, floor, ratio; then what the floor is."""
        return (
            f"{self.name:<28}{self.value:9.3f} {self.unit} {self.least:9.3f} {self.unit} "
            f"{self.ratio:7.2f}×  {self.floor}"
        )


def compare(
    name: str,
    ours: Callable[[int], object],
    least: Callable[[int], object],
    floor: str,
    rounds: int = 200,
) -> Figure:
    """Call both in turn, so that a busy machine slows both; medians of ``rounds`` calls.

    Each call gets its number, so that it can do something that was not done before.
    """
    for number in range(10):
        ours(number)
        least(number)
    times: dict[str, list[float]] = {"ours": [], "least": []}
    gc.disable()
    try:
        for number in range(10, rounds + 10):
            times["ours"].append(_seconds(ours, number))
            times["least"].append(_seconds(least, number))
    finally:
        gc.enable()
    median = {key: statistics.median(values) * 1000 for key, values in times.items()}
    return Figure(name, median["ours"], median["least"], floor)


def _seconds(act: Callable[[int], object], number: int) -> float:
    began = time.perf_counter()
    act(number)
    return time.perf_counter() - began
