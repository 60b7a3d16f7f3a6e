"""Write `manifest.json`, or with `--check` fail where a vendored file does not match it."""

import hashlib
import json
import sys
from pathlib import Path

VENDOR = Path(__file__).parent
PACKAGES = {
    "bricolage-grotesque": ("@fontsource/bricolage-grotesque", "OFL-1.1"),
    "lucide": ("lucide-static", "ISC AND MIT"),
}


def main(check: bool) -> None:
    manifest = VENDOR / "manifest.json"
    text = json.dumps(entries(), indent=2) + "\n"
    if not check:
        manifest.write_text(text)
    elif manifest.read_text() != text:
        raise SystemExit("A vendored file differs from static/vendor/manifest.json.")


def entries() -> list[dict[str, str]]:
    return [
        {
            "package": package,
            "version": file.parent.name,
            "file": file.relative_to(VENDOR).as_posix(),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "licence": licence,
        }
        for folder, (package, licence) in PACKAGES.items()
        for file in sorted((VENDOR / folder).glob("*/*"))
    ]


if __name__ == "__main__":
    main(check="--check" in sys.argv[1:])
