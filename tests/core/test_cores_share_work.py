"""Work is shared among cores: nothing is lost, nothing is out of order, errors come back."""

import threading

import pytest

from ideation.core import cores

pytestmark = pytest.mark.one_engine


def test_what_is_made_comes_in_the_order_of_the_parts() -> None:
    """The first waits for the last, which only works side by side."""
    last = threading.Event()

    def act(part: int) -> int:
        if part == 0:
            assert last.wait(5), "nobody else was at work meanwhile"
        else:
            last.set()
        return part * 10

    if cores.COUNT > 1:
        assert cores.each(act, range(5)) == [0, 10, 20, 30, 40]
    assert cores.each(str, range(3)) == ["0", "1", "2"]
    assert cores.each(str, []) == []


def test_an_error_in_a_part_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        cores.each(lambda part: 1 // part, [1, 0])


def test_aside_works_while_the_block_runs() -> None:
    begun, done = threading.Event(), threading.Event()

    def act() -> str:
        begun.set()
        assert done.wait(5)
        return "made"

    with cores.aside(act) as made:
        assert begun.wait(5)
        done.set()
    assert made() == "made"


def test_an_error_aside_is_raised_where_it_is_asked_for() -> None:
    with cores.aside(lambda: 1 // 0) as made:
        pass
    with pytest.raises(ZeroDivisionError):
        made()


@pytest.mark.parametrize(("size", "most"), [(0, 4), (1, 4), (4, 4), (9, 4)])
def test_spans_cover_everything_once(size: int, most: int) -> None:
    covered = [number for span in cores.spans(size, most) for number in range(size)[span]]
    assert covered == list(range(size))
    assert all(span.stop - span.start <= most for span in cores.spans(size, most))
