import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ideation.core import clock

ASK = "import sys; from pathlib import Path; from ideation.core import clock; \
clock.use_file(Path(sys.argv[1])); print(clock.now().isoformat())"


def _now_elsewhere(path: Path) -> datetime:
    answer = subprocess.run([sys.executable, "-c", ASK, str(path)], capture_output=True, check=True)
    return datetime.fromisoformat(answer.stdout.decode().strip())


def test_moving_it_here_moves_it_there(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock.use_file(path)
    try:
        before = _now_elsewhere(path)
        clock.move(timedelta(days=8))
        clock.move(timedelta(hours=1))
        moved = _now_elsewhere(path) - before
        assert timedelta(days=8, hours=1) <= moved < timedelta(days=8, hours=1, minutes=1)
        assert abs(clock.now() - _now_elsewhere(path)) < timedelta(seconds=30)
    finally:
        clock.use_file(None)


def test_without_the_setting_it_is_the_systems_and_cannot_be_moved() -> None:
    clock.use_file(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(RuntimeError):
        clock.move(timedelta(days=1))
