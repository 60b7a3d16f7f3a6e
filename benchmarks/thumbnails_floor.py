"""Plain Pillow as anybody would write it: open, thumbnail, save, for each file that is wanted."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from ideation.core.images.renditions import render

#: Qualities as ours, the effort as Pillow has it, but in AVIF: three times as long.
_OPTIONS = {"avif": {"quality": 50, "speed": 8}, "webp": {"quality": 78}, "jpeg": {"quality": 85}}


def ours(original: str, out_dir: str, plans: Sequence[dict[str, Any]]) -> list[float]:
    """What a worker's child does. Processor's seconds and megabytes at most, start included."""
    render(original, out_dir, plans, {})
    return _used()


def plain(original: str, out_dir: str, plans: Sequence[dict[str, Any]]) -> list[float]:
    """The floor, measured alike."""
    for plan in plans:
        for file_format in ("avif", "webp") if plan["is_light"] else ("webp", "jpeg"):
            with Image.open(original) as image:
                image.thumbnail((plan["pixels"], plan["pixels"]), Image.Resampling.LANCZOS)
                path = Path(out_dir, f"{plan['kind']}.{file_format}")
                image.convert("RGB").save(path, **_OPTIONS[file_format])
    return _used()


def _used() -> list[float]:
    status = Path("/proc/self/status").read_text()
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return [time.process_time(), int(peak) / 1024]
