"""A figure and how it is taken."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one call, beside those of the least that could do the job."""

    name: str
    milliseconds: float
    floor_milliseconds: float
    floor: str

    def line(self) -> str:
        """name, value, unit, floor, ratio; then what the floor is."""
        ratio = self.milliseconds / self.floor_milliseconds
        return (
            f"{self.name:<28}{self.milliseconds:9.3f} ms {self.floor_milliseconds:9.3f} ms "
            f"{ratio:7.2f}×  {self.floor}"
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
