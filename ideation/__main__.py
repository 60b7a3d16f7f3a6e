"""The command ``ideation``, which is ``python -m ideation`` as well."""

from ideation import loading
from ideation.cli import main

loading.done()


def run() -> None:
    """What the installed command calls; what stands above has loaded the house."""
    main(prog_name="ideation")


if __name__ == "__main__":
    run()
