"""A port that is free now."""

import socket


def free_port() -> int:
    """A port nobody listens on; another process could take it in between, which is rare enough."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
