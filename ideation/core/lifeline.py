"""A child that ends when its parent does, however the parent ends."""

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """Ask Linux to signal this process once its parent is gone; elsewhere nothing happens.

    Called first thing in the child. The wish survives exec, not a further fork.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
