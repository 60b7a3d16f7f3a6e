"""Where the house is loaded without looking for garbage, it is looked for afterwards."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ASK = "print(gc.isenabled(), gc.get_freeze_count() > 100_000, gc.get_count()[2])"


@pytest.mark.parametrize("module", ["wsgi", "ideation.__main__"])
def test_what_is_loaded_collects_garbage_but_not_itself(tmp_path: Path, module: str) -> None:
    environment = {"PATH": "", "IDEATION_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", f"import gc, {module}; {ASK}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "True True 0\n", "nobody looked while it was loading"


def test_the_installed_command_is_loaded_so_too() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module, _, function = scripts["ideation"].partition(":")
    assert module == "ideation.__main__"
    assert callable(getattr(import_module(module), function))
