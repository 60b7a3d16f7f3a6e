"""How the web server is started: granian, the same in production, in tests and in benchmarks."""

import sys


def command(
    host: str, port: int, *, workers: int, threads: int, application: str = "wsgi:app"
) -> list[str]:
    """The command of a server with so many processes, each with so many threads."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--log-level", "error", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--workers-kill-timeout", "8", "--backlog", "2048", application),
    ]
