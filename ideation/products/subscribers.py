"""Who is told when the clock moves a run."""

from ideation.core import events, jobs
from ideation.products import notices
from ideation.products.events import RunCharging, RunExtended, RunFailed, RunGo, RunOpened


@events.subscribe(RunOpened)
def tell_of_opening(event: RunOpened) -> None:
    """Those who said they'd buy it may be thousands: a job tells them."""
    jobs.enqueue(
        notices.TELL_OPENED,
        at=event.at,
        key=f"tell-opened:{event.run_id}",
        run_id=event.run_id,
    )
    notices.tell_designers(event.run_id, "opened", at=event.at)


@events.subscribe(RunExtended)
def tell_of_extension(event: RunExtended) -> None:
    """Designers can still bring those few who are missing."""
    notices.tell_designers(event.run_id, "extended", at=event.at)
    notices.tell_managers(event.run_id, "extended", at=event.at)


@events.subscribe(RunCharging)
def tell_of_charging(event: RunCharging) -> None:
    """The managers alone: for a designer it is not sure yet."""
    notices.tell_managers(event.run_id, "charging", at=event.at)


@events.subscribe(RunGo)
def tell_of_go(event: RunGo) -> None:
    """The good news."""
    notices.tell_designers(event.run_id, "go", at=event.at)
    notices.tell_managers(event.run_id, "go", at=event.at)


@events.subscribe(RunFailed)
def tell_of_failure(event: RunFailed) -> None:
    """And the other."""
    notices.tell_designers(event.run_id, "failed", at=event.at)
    notices.tell_managers(event.run_id, "failed", at=event.at)
