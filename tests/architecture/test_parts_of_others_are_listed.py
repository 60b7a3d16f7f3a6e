"""What others made and we serve is the very file that the manifest names, with its licence."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "static" / "vendor"

pytestmark = pytest.mark.one_engine


def _check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "manifest.py"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_file_is_the_one_that_the_manifest_names() -> None:
    checked = _check(VENDOR)
    assert checked.returncode == 0, checked.stderr


def test_every_package_brings_its_licence() -> None:
    listed = json.loads((VENDOR / "manifest.json").read_text())
    packages = {(one["package"], one["version"]) for one in listed}
    assert len(packages) == 2
    licensed = {
        (one["package"], one["version"]) for one in listed if one["file"].endswith("/LICENSE")
    }
    assert licensed == packages


def test_control_another_file_is_found(tmp_path: Path) -> None:
    folder = shutil.copytree(VENDOR, tmp_path / "vendor")
    (font, *_) = folder.glob("bricolage-grotesque/*/*-800-normal.woff2")
    font.write_bytes(font.read_bytes() + b"\0")
    checked = _check(folder)
    assert checked.returncode == 1
    assert "differs" in checked.stderr
