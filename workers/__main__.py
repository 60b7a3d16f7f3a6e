"""``python -m workers run`` works the queues; ``python -m workers cron`` ticks."""

import signal
import sys
from types import FrameType

from rq import Worker
from rq.serializers import JSONSerializer

from ideation.app import create_app
from ideation.core import queues
from workers import schedule


def main() -> None:
    """Boot the app once; RQ forks a child from it for every job."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what not in {"run", "cron"}:
        sys.exit("usage: python -m workers run | cron")
    with create_app().app_context():
        if what == "cron":
            _tick()
        else:
            _work()


def _work() -> None:
    worker = Worker(
        [queues.queue(name) for name in queues.QUEUES],
        connection=queues.connection(),
        serializer=JSONSerializer,
        job_monitoring_interval=5,
    )
    worker.work(logging_level="WARNING", with_scheduler=False)


def _tick() -> None:
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    schedule.run_forever(lambda: stopped)


if __name__ == "__main__":
    main()
