"""Where the house is loaded without looking for garbage, it is looked for afterwards."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASK = "import gc, wsgi; print(gc.isenabled(), gc.get_freeze_count() > 100_000, gc.get_count()[2])"


def test_a_loaded_server_collects_garbage_but_not_itself(tmp_path: Path) -> None:
    environment = {"PATH": "", "IDEATION_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == "True True 0\n", "nobody looked while it was loading"
