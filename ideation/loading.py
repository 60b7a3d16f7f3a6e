"""Loading the house without looking for garbage in it.

What is loaded stays as long as the process does: whoever looks finds nothing, again and again,
which is a quarter of a start. So what starts a process imports this before all else, and calls
``done`` when the house is in place. What stands then is never looked through again, neither by
requests nor by the forks that do jobs.
"""

import gc

gc.disable()


def done() -> None:
    """From here on garbage is collected, among what comes after."""
    gc.freeze()
    gc.enable()
