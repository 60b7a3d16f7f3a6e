"""Device clusters: accounts that shared a browser, found without looking at addresses."""

from collections.abc import Iterable


def clusters(uses: Iterable[tuple[bytes, int]]) -> dict[int, bytes]:
    """Account → a label of its cluster, for accounts that share a device with another.

    ``uses`` are (device, account) pairs. Sharing is passed on: a and b on one device, b and c on
    another are one cluster. Accounts on devices of their own are left out.
    """
    parent: dict[int, int] = {}

    def root(account: int) -> int:
        while parent[account] != account:
            parent[account] = parent[parent[account]]
            account = parent[account]
        return account

    first_on: dict[bytes, int] = {}
    for device, account in uses:
        parent.setdefault(account, account)
        low, high = sorted((root(account), root(first_on.setdefault(device, account))))
        parent[high] = low
    sizes: dict[int, int] = {}
    for account in parent:
        sizes[root(account)] = sizes.get(root(account), 0) + 1
    return {
        account: root(account).to_bytes(8, "big") for account in parent if sizes[root(account)] > 1
    }
