"""Draw one sprite from the icons the templates use.

    python static/vendor/sprite.py path/to/lucide-static/package

reads `icons.txt`, writes `sprite.svg` in the folder of the package's version, and keeps
the shapes only: size, stroke and colour come from `.icon` in the stylesheet.
"""

import json
import re
import shutil
import sys
from pathlib import Path

LUCIDE = Path(__file__).parent / "lucide"


def main(package: Path) -> None:
    version = json.loads((package / "package.json").read_text())["version"]
    names = (LUCIDE / "icons.txt").read_text().split()
    folder = LUCIDE / version
    folder.mkdir(exist_ok=True)
    symbols = "\n".join(symbol(name, package / "icons" / f"{name}.svg") for name in names)
    (folder / "sprite.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )
    shutil.copyfile(package / "LICENSE", folder / "LICENSE")


def symbol(name: str, file: Path) -> str:
    body = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(), re.DOTALL)
    if body is None:
        raise SystemExit(f"{file} is not an icon")
    shapes = "".join(line.strip() for line in body[1].splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
