"""All renditions of a large picture, beside plain Pillow and, where it is installed, libvips.

The floor opens, thumbnails and saves for each of the six files. Ours and the floor run in turn,
each in a child like a job's, on a JPEG and a PNG of 6000 × 6000 pixels. Compared are the median of
the processor's time, start included, which a busy machine distorts least, and the most memory
that was resident. libvips makes each file by a command of its own, as fast as it is started.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageOps

from benchmarks import thumbnails_floor
from benchmarks.figures import Figure
from ideation.core.images.plans import STANDARD_PLANS
from ideation.core.images.sandbox import run_limited

SIDE = 6000
ROUNDS = 5
FORMATS: dict[str, dict[str, Any]] = {"jpeg": {"quality": 92}, "png": {"compress_level": 6}}
VIPS = "vipsthumbnail"
#: The same qualities and efforts as ours.
VIPS_OPTIONS = {
    "avif": "[Q=50,effort=1,strip]",
    "webp": "[Q=78,effort=2,strip]",
    "jpg": "[Q=85,interlace,optimize_coding,subsample_mode=off,strip]",
}

#: Seconds of the processor, megabytes.
Used = tuple[float, float]


def measure() -> Iterator[Figure]:
    """Time and memory a format, against plain Pillow; then against libvips."""
    with tempfile.TemporaryDirectory(prefix="ideation-") as folder:
        for kind, options in FORMATS.items():
            original = Path(folder, f"original.{kind}")
            picture().save(original, **options)
            yield from _measure(kind, original)


def picture(side: int = SIDE) -> Image.Image:
    """Soft clouds under hard edges: no encoder's best case, nor its worst."""
    clouds = Image.new("L", (side, side), 128)
    for divisor in (240, 40):
        octave = Image.effect_noise((side // divisor, side // divisor), 40)
        smooth = octave.resize((side, side), Image.Resampling.BICUBIC)
        clouds = ImageChops.add(clouds, smooth, scale=1, offset=-128)
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180)
    image = Image.merge("RGB", (clouds, *(clouds.transpose(turn) for turn in turns)))
    pen = ImageDraw.Draw(image)
    for number in range(24):
        left, top = number * 977 % side, number * 1597 % side
        reach = side // 12 + number * 31 % (side // 8)
        colour = (number * 53 % 256, number * 97 % 256, number * 193 % 256)
        pen.ellipse((left, top, left + reach, top + reach), outline=colour, width=side // 200)
    # Six bits a channel: a PNG of more would be heavier than what may come in.
    return ImageOps.posterize(image, 6)


def _measure(kind: str, original: Path) -> Iterator[Figure]:
    ways: dict[str, Callable[[Path, Path], Used]] = {"ours": _ours, "plain": _plain}
    if shutil.which(VIPS):
        ways["vips"] = _vips
    used: dict[str, list[Used]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory(prefix="ideation-") as out:
                used[name].append(way(original, Path(out)))
    seconds = {name: statistics.median(one for one, _ in taken) for name, taken in used.items()}
    memory = {name: statistics.median(one for _, one in taken) for name, taken in used.items()}
    floors = {"plain": "open, thumbnail, save each", "vips": "libvips, a command a file"}
    for floor in list(ways)[1:]:
        name = f"thumbnails {kind}" + (" libvips" if floor == "vips" else "")
        yield Figure(name, seconds["ours"], seconds[floor], floors[floor], "s")
        yield Figure(f"{name} memory", memory["ours"], memory[floor], floors[floor], "MB")


def _ours(original: Path, out: Path) -> Used:
    return _in_child(thumbnails_floor.ours, original, out)


def _plain(original: Path, out: Path) -> Used:
    return _in_child(thumbnails_floor.plain, original, out)


def _in_child(way: Callable[..., object], original: Path, out: Path) -> Used:
    plans = [asdict(plan) for plan in STANDARD_PLANS]
    seconds, megabytes = run_limited(
        way, str(original), str(out), plans, memory_bytes=4 << 30, seconds=60
    )
    return seconds, megabytes


def _vips(original: Path, out: Path) -> Used:
    spent, most = 0.0, 0.0
    for plan in STANDARD_PLANS:
        for extension in ("avif", "webp") if plan.is_light else ("webp", "jpg"):
            target = f"{out / plan.kind}.{extension}{VIPS_OPTIONS[extension]}"
            size = f"{plan.pixels}x{plan.pixels}"
            seconds, megabytes = _watched([VIPS, str(original), "--size", size, "-o", target])
            spent, most = spent + seconds, max(most, megabytes)
    return spent, most


def _watched(command: list[str]) -> Used:
    """A command's time and memory; the latter is looked at every 2 ms, and only ever grows."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 (ours)
    status, most = Path(f"/proc/{process.pid}/status"), 0.0
    while True:
        ended, code, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(code)
            assert process.returncode == 0, command
            return usage.ru_utime + usage.ru_stime, most
        lines = status.read_text().splitlines()
        most = max([most, *(int(one.split()[1]) / 1024 for one in lines if "VmHWM" in one)])
        time.sleep(0.002)
