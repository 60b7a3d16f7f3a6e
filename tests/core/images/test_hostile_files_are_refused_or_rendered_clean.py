import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pytest

from ideation.core.images.inspect import inspect
from ideation.core.images.limits import Limits
from ideation.core.images.making import make_renditions
from ideation.core.images.plans import STANDARD_PLANS
from ideation.core.images.refusal import Refusal, Refused
from ideation.core.images.renditions import render
from ideation.core.images.sandbox import run_limited
from tests.core.images.hostile import (
    fuzzed_files,
    hostile_files,
    png_of_sides,
    scan_bomb,
    seeds,
)
from tests.core.images.judging import judge

#: The seeds are small so that thousands of them take seconds.
LIMITS = Limits(min_side=1)
PLANS = [asdict(plan) for plan in STANDARD_PLANS]
KNOWN = {*Refusal, "rendered"}


def judged(files: Iterable[tuple[str, bytes]], folder: Path) -> dict[str, str]:
    """The outcome of each file, all decoded in one child with a job's memory; 10 s for any one."""
    paths = []
    for name, data in files:
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    outcomes = run_limited(
        judge, [str(path) for path in paths], str(folder), PLANS, asdict(LIMITS), seconds=120
    )
    assert len(outcomes) == len(paths)
    assert max(seconds for _, _, seconds in outcomes) < 10
    return {name: outcome for name, outcome, _ in outcomes}


def test_500_hostile_files_are_refused_for_a_reason_or_rendered_without_metadata(
    tmp_path: Path,
) -> None:
    files = hostile_files()
    assert len(files) == 500
    outcomes = judged(files.items(), tmp_path)
    assert set(outcomes.values()) <= KNOWN
    tally = Counter(outcomes.values())
    # The control: they fail for many reasons, and what is only odd is not refused at all.
    assert len(tally) >= 15, tally
    rendered = {name for name, outcome in outcomes.items() if outcome == "rendered"}
    assert {name for name in rendered if name.startswith("impostor")} == set()
    for name in rendered:
        if sides := re.match(r"bomb-sides-(\d+)x(\d+)", name):
            assert int(sides[1]) * int(sides[2]) <= LIMITS.max_pixels
    assert all(name in rendered for name in outcomes if name.startswith("poly-tail"))
    assert {
        "bomb-frames.gif",
        "bomb-screen-7000.gif",
        "poly-comment.gif",
        "poly-free.avif",
    } <= rendered


def test_2000_fuzzed_files_are_refused_for_a_reason_or_rendered_without_metadata(
    tmp_path: Path,
) -> None:
    outcomes = judged(fuzzed_files(2000), tmp_path)
    assert set(outcomes.values()) <= KNOWN
    tally = Counter(outcomes.values())
    # The control: the fuzz reaches the decoder, which finds some of it sound and some broken.
    assert tally["rendered"] > 200, tally
    assert tally["unreadable"] > 200, tally


def test_looking_at_any_of_them_in_the_web_process_raises_nothing_but_a_refusal(
    tmp_path: Path,
) -> None:
    path = tmp_path / "upload"
    outcomes: Counter[str] = Counter()
    for _, data in (*hostile_files().items(), *fuzzed_files(2000)):
        path.write_bytes(data)
        try:
            inspect(path, LIMITS)
        except Refused as refused:
            outcomes[refused.reason] += 1
        else:
            outcomes["accepted"] += 1
    assert outcomes["accepted"] > 200
    assert outcomes.total() == 2500


@pytest.mark.parametrize("name", sorted(seeds()))
def test_the_control_every_seed_is_sound_before_it_is_bent(name: str, tmp_path: Path) -> None:
    outcomes = judged([(name, seeds()[name])], tmp_path)
    assert outcomes == {name: "rendered"}


def test_a_picture_of_countless_scans_is_stopped_by_the_clock(tmp_path: Path) -> None:
    (tmp_path / "bomb.jpg").write_bytes(scan_bomb(7000))
    arguments = str(tmp_path / "bomb.jpg"), str(tmp_path), PLANS, asdict(Limits())
    with pytest.raises(Refused) as refused:
        run_limited(render, *arguments, seconds=2)
    assert refused.value.reason is Refusal.TOO_COMPLEX


def test_the_control_without_our_look_the_limit_on_memory_still_stands(tmp_path: Path) -> None:
    """1 KB that would become a picture of 1.6 GB."""
    (tmp_path / "bomb.png").write_bytes(png_of_sides(20_000, 20_000))
    with pytest.raises(Refused) as refused:
        make_renditions(tmp_path / "bomb.png", tmp_path)
    assert refused.value.reason is Refusal.TOO_MANY_PIXELS
    with pytest.raises(Refused) as refused:
        make_renditions(tmp_path / "bomb.png", tmp_path, limits=Limits(max_pixels=20_000**2))
    assert refused.value.reason is Refusal.TOO_COMPLEX
