"""``python -m ideation`` is the command ``ideation``."""

from ideation.cli import main

main(prog_name="ideation")
