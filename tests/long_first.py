"""The long tests first, each worker its share of them, so that nobody waits for one at the end.

xdist gives each worker a block of the collection, and who is done takes from the end of another's.
So the files below stand at the heads of the blocks; one file stays with one worker, which keeps
its browser and its scenes.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

#: Files that take half a minute or more, the longest first.
LONG = (
    "tests/journeys/test_from_choice_to_royalty.py",
    "tests/access/test_every_page.py",
    "tests/http/test_votes_stay_secret_until_close.py",
    "tests/journeys/test_from_upload_to_result.py",
    "tests/demo/test_the_demo_is_a_community.py",
    "tests/workers/test_workers_do_what_is_due.py",
    "tests/concurrency/test_no_unit_is_sold_twice.py",
    "tests/cli/test_up_runs_the_whole_house.py",
    "tests/concurrency/test_kill_9.py",
    "tests/workers/test_every_job_has_one_effect.py",
    "tests/concurrency/test_keyed_requests_at_once.py",
    "tests/access/test_twelve_journeys_by_keyboard.py",
    "tests/journeys/test_a_paid_order_shows_on_the_designers_page.py",
    "tests/journeys/test_the_deck_survives_a_tunnel.py",
    "tests/voting/test_casting_decides_as_the_policy.py",
    "tests/royalties/test_a_payday.py",
    "tests/journeys/test_pictures_are_made_ready.py",
    "tests/orders/test_orders_money_and_counters_agree.py",
)


class Test(Protocol):
    """All that their order asks of tests."""

    @property
    def nodeid(self) -> str:
        """path::name"""


One = TypeVar("One", bound=Test)


def arranged(items: Iterable[One], workers: int) -> list[One]:
    """The same tests, the long ones at the heads of as many blocks as there are workers."""
    heads: list[list[One]] = [[] for _ in range(workers)]
    others: list[One] = []
    for item in items:
        path = item.nodeid.partition("::")[0]
        if path in LONG:
            heads[LONG.index(path) % workers].append(item)
        else:
            others.append(item)
    for head in heads:
        head.sort(key=lambda item: LONG.index(item.nodeid.partition("::")[0]))
    result: list[One] = []
    total = len(others) + sum(map(len, heads))
    for place, head in enumerate(heads):
        size = (total - len(result)) // (workers - place)  # as xdist cuts them
        filling = max(0, size - len(head))
        result += head + others[:filling]
        del others[:filling]
    return result + others
