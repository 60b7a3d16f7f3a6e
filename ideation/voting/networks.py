"""Which network a vote came from, as a keyed hash: enough to see many accounts in one place.

A vote carries the hash of its voter's /24 (of the older kind of address) or /48 (of the newer,
which is what one site is given), never the address. There is none for addresses that stand for
nobody in particular (this machine, a private network), nor while no proxy is trusted to tell the
visitor's own: behind an unknown proxy everybody would come from one place.
"""

import ipaddress
from typing import TypeAlias

from ideation.core import config, keyed
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: How many leading bits of an address name its network, by the kind of address.
BITS = {4: 24, 6: 48}
#: The widest that can be vouched for at once: 256 networks of either kind.
WIDEST = {4: 16, 6: 40}


def hash_of(address: str | None) -> bytes | None:
    """16 bytes that are the same for every address of one network; None where it tells nothing."""
    if not address or config.current().trusted_proxies == 0:
        return None
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket, or what a proxy made up
        return None
    if parsed.version == 6 and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if not parsed.is_global:
        return None
    size = BITS[parsed.version]
    return _hash(parsed.version, int(parsed) >> (parsed.max_prefixlen - size))


def hashes_of_cidr(cidr: str) -> tuple[bytes, ...]:
    """The hash of every network that ``cidr`` covers, for an operator who vouches for a place.

    Narrower than a /24 or /48 is that whole network, since votes tell no more. Raises Invalid for
    what is no address range, is not public, or is wider than /16 (/40 of the newer kind).
    """
    network = _parsed(cidr)
    size = max(0, BITS[network.version] - network.prefixlen)
    first = int(network.network_address) >> (network.max_prefixlen - BITS[network.version])
    return tuple(_hash(network.version, first + number) for number in range(1 << size))


def _parsed(cidr: str) -> Network:
    try:
        network = ipaddress.ip_network(cidr.strip(), strict=False)
    except ValueError as error:
        raise Invalid(lazy("Write a network as 198.51.100.0/24 or 2001:db8:12::/48.")) from error
    if network.prefixlen < WIDEST[network.version]:
        raise Invalid(lazy("That is too many addresses at once: /16 at most, or /40 with colons."))
    if not network.is_global:
        raise Invalid(lazy("Nobody comes from a private network as far as this site can see."))
    return network


def _hash(version: int, number: int) -> bytes:
    return keyed.digest("network", b"%d:" % version + number.to_bytes(6, "big"))[:16]
