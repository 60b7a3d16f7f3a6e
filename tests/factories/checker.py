"""The stand-alone checker: as a module, and as a stranger runs it."""

import gzip
import importlib.util
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from types import ModuleType

PAGE = Path(__file__).parents[2] / "static" / "verify_results.py"


def load() -> ModuleType:
    """The page, imported."""
    spec = importlib.util.spec_from_file_location("verify_results", PAGE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_results"] = module
    spec.loader.exec_module(module)
    return module


def run(file: Path) -> subprocess.CompletedProcess[str]:
    """Isolated: no packages beside the standard library, nothing of this house."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(PAGE), str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
        env={},
    )


def write(path: Path, lines: list[str], *, sealed: bool = True) -> Path:
    """A file of these lines; with ``sealed`` its last line says so, as a careful forger would."""
    text = "".join(f"{line}\n" for line in lines)
    if sealed:
        text += f"end {sha256(text.encode()).hexdigest()}\n"
    path.write_bytes(gzip.compress(text.encode()))
    return path
