"""``python -m ideation`` is the command ``ideation``."""

from ideation import loading
from ideation.cli import main

loading.done()
main(prog_name="ideation")
