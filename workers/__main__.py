"""``python -m workers run`` works the queues; ``python -m workers cron`` ticks."""

import signal
import sys
import threading

from ideation import loading
from ideation.app import create_app
from ideation.core import config
from workers import schedule, worker


def main() -> None:
    """Boot the app once; the worker forks a child from it for every job."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what not in {"run", "cron"}:
        sys.exit("usage: python -m workers run | cron")
    try:
        app = create_app()
    except config.ConfigError as error:
        sys.exit(str(error))
    loading.done()
    with app.app_context():
        if what == "cron":
            _tick()
        else:
            worker.work(config.current().redis_url)


def _tick() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    schedule.run_until(stop)


if __name__ == "__main__":
    main()
