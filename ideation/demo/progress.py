"""What a person sees while they wait: one line that changes, or plain lines where none can."""

import sys
import time
from typing import TextIO

_WIDTH = 78


class Progress:
    """Says where things stand. On a terminal each step overwrites the one before."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout
        self._is_live = self._out.isatty()
        self._began = time.monotonic()
        self._step = ""

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began

    def step(self, words: str, done: int = 0, of: int = 0) -> None:
        """Name what is being done, and how much of it is."""
        if not self._is_live:
            if words != self._step:
                self._write(f"{self.seconds:5.1f} s  {words}\n")
        else:
            count = f" {done} of {of}" if of else ""
            self._write(f"\r{f'{self.seconds:5.1f} s  {words}{count}':<{_WIDTH}.{_WIDTH}}")
        self._step = words

    def end(self) -> None:
        """Clear the line for what is printed next."""
        if self._is_live:
            self._write(f"\r{'':<{_WIDTH}}\r")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
