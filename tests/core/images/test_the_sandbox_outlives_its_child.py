import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from ideation.core.images.refusal import Refusal, Refused
from ideation.core.images.sandbox import SandboxFailed, SandboxInterrupted, run_limited


def hoard(size: int) -> int:
    return len(bytearray(size))


def spin() -> None:
    while True:
        pass


def wait(seconds: float) -> str:
    time.sleep(seconds)
    return "done"


def die_of(number: int) -> None:
    os.kill(os.getpid(), number)


def refuse() -> None:
    raise Refused(Refusal.SVG, "said the child")


def break_down() -> None:
    raise KeyError("a fault of ours")


def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write_much(path: str, size: int) -> None:
    Path(path).write_bytes(bytes(size))


def chatter(word: str) -> list[str]:
    os.write(1, b"noise from a library")
    print("more noise")  # noqa: T201 (noise is the point)
    return [word, os.environ.get("IDEATION_TEST_SECRET", "no secret")]


def open_files() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208


def refusal_of(function: object, *args: object, **limits: float) -> Refused:
    with pytest.raises(Refused) as caught:
        run_limited(function, *args, **limits)  # type: ignore[arg-type]
    return caught.value


def test_memory_beyond_the_limit_is_refused_and_we_live() -> None:
    assert refusal_of(hoard, 2 << 30).reason is Refusal.TOO_COMPLEX


def test_the_control_the_same_memory_is_there_where_the_limit_allows_it() -> None:
    assert run_limited(hoard, 300 << 20, memory_bytes=512 << 20) == 300 << 20
    assert refusal_of(hoard, 300 << 20, memory_bytes=256 << 20).reason is Refusal.TOO_COMPLEX


def test_work_without_end_is_stopped_and_blamed_on_the_picture() -> None:
    refused = refusal_of(spin, seconds=2)
    assert (refused.reason, refused.detail) == (Refusal.TOO_COMPLEX, "the child died of SIGXCPU")


def test_a_child_that_only_waited_is_the_machines_fault_and_may_be_tried_again() -> None:
    with pytest.raises(SandboxInterrupted):
        run_limited(wait, 30, seconds=0.25)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGXCPU])
def test_a_crash_of_the_decoder_refuses_the_picture(number: signal.Signals) -> None:
    assert refusal_of(die_of, int(number)).reason is Refusal.TOO_COMPLEX


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_child_stopped_by_somebody_else_refuses_nothing(number: signal.Signals) -> None:
    with pytest.raises(SandboxInterrupted):
        run_limited(die_of, int(number))


def test_a_refusal_comes_back_with_its_reason_and_detail() -> None:
    refused = refusal_of(refuse)
    assert (refused.reason, refused.detail) == (Refusal.SVG, "said the child")


def test_a_fault_of_ours_is_not_put_on_the_picture() -> None:
    with pytest.raises(SandboxFailed, match="KeyError: 'a fault of ours'"):
        run_limited(break_down)


def test_a_full_disk_comes_back_as_such() -> None:
    with pytest.raises(OSError) as caught:
        run_limited(fill_the_disk)
    assert caught.value.errno == errno.ENOSPC


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    assert refusal_of(write_much, str(tmp_path / "x"), 65 << 20).reason is Refusal.TOO_COMPLEX


def test_noise_does_not_garble_the_answer_and_no_secret_is_inherited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IDEATION_TEST_SECRET", "hunter2")
    assert run_limited(chatter, "word") == ["word", "no secret"]


def test_open_files_are_not_inherited(tmp_path: Path) -> None:
    alone = run_limited(open_files)
    with (tmp_path / "a").open("w") as one:
        os.set_inheritable(one.fileno(), True)
        assert run_limited(open_files) == alone


def test_threads_may_call_it_at_once() -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda size=size: results.append(run_limited(hoard, size)))
        for size in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == list(range(1, 9))
