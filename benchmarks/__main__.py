"""``python -m benchmarks [NAME…]``: every benchmark, or those named."""

import sys

from benchmarks import orders, pages, votes_domain

BENCHMARKS = {
    "votes_domain": votes_domain.measure,
    "pages": pages.measure,
    "orders": orders.measure,
}


def main() -> None:
    """Print one line a figure."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"No benchmark {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
    print(f"{'name':<28}{'value':>12} {'floor':>12} {'ratio':>8}  what the floor is")  # noqa: T201
    for name in names:
        for figure in BENCHMARKS[name]():
            print(figure.line(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
