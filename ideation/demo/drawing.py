"""Drawing in processes of its own, so that pictures come while the rest goes on.

``python -m ideation.demo.drawing`` reads a list of commissions from standard input, draws them in
order and tells of each as it is finished. It imports the art alone, so it is at work at once.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from ideation.demo import art

#: Two: drawing, rendering and writing to the database share the cores.
PROCESSES = 2
PAPER = "#eadfc8"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Commission:
    """One picture to draw, and where to put it; the suffix follows from what it needs."""

    family: str
    seed: int
    quality: float
    stem: str
    width: int
    #: Whether bare stock is to be paper instead of transparent.
    on_paper: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture file and what is said about it. ``sources`` is empty for the designer's own."""

    path: Path
    title: str
    story: str
    alt_text: str
    sources: str = ""


class StudioClosed(Exception):
    """A drawing process ended before its time."""


class Studio:
    """Draws commissions in the order given; ``next`` waits for the picture that is due."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes
        self._taken = 0

    def next(self) -> Picture:
        """The next picture of the list, which was dealt out to the processes in turn.

        Raises StudioClosed where its process died.
        """
        process = self._processes[self._taken % len(self._processes)]
        self._taken += 1
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise StudioClosed(f"drawing ended with status {process.wait()}")
        told = json.loads(line)
        return Picture(**{**told, "path": Path(told["path"])})


@contextmanager
def open_studio(folder: Path, commissions: Sequence[Commission]) -> Iterator[Studio]:
    """Start drawing; whoever is still at it at the end is stopped."""
    processes = [
        _start(folder, commissions[first::PROCESSES])
        for first in range(min(PROCESSES, max(1, len(commissions))))
    ]
    try:
        yield Studio(processes)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _start(folder: Path, commissions: Sequence[Commission]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(  # noqa: S603 - our own module, nothing from outside
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    json.dump({"folder": str(folder), "list": [asdict(one) for one in commissions]}, process.stdin)
    process.stdin.close()
    process.stdin = None  # communicate() would flush it
    return process


def main() -> None:
    """The other end: draw what standard input asks for, one line of JSON for each."""
    os.nice(5)  # rendering what is drawn comes first, or the first page waits for the last picture
    asked = json.load(sys.stdin)
    for one in asked["list"]:
        told = _draw(Path(asked["folder"]), Commission(**one))
        sys.stdout.write(json.dumps({**asdict(told), "path": str(told.path)}) + "\n")
        sys.stdout.flush()


def _draw(folder: Path, commission: Commission) -> Picture:
    design = art.design(commission.family, commission.seed, commission.quality, commission.width)
    image = design.image
    if commission.on_paper and image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, PAPER), image).convert("RGB")
    if image.mode == "RGB":
        path = folder / f"{commission.stem}.jpg"
        image.save(path, quality=92)
    else:
        path = folder / f"{commission.stem}.png"
        image.save(path, compress_level=1)
    return Picture(path, design.title, design.story, design.alt_text)


if __name__ == "__main__":
    main()
