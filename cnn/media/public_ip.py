"""Which IP addresses are on the public web. No TensorFlow."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final, TypeAlias

IP: TypeAlias = IPv4Address | IPv6Address

# Not for everybody, whatever Python's release: IANA's special-purpose registries (RFC 6890 and its updates).
SPECIAL: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and cloud machines' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
UNICAST: Final = ip_network("2000::/3")  # all of IPv6 that is handed out
NAT64: Final = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def is_public(ip: IP) -> bool:
    """Say whether `ip` belongs to the public web; an IPv4 address inside an IPv6 one counts itself."""
    inner = _inner(ip)
    if inner is not None:
        return is_public(inner)
    if isinstance(ip, IPv6Address) and ip not in UNICAST:
        return False
    return not any(ip.version == network.version and ip in network for network in SPECIAL)


def _inner(ip: IP) -> IPv4Address | None:
    """Take the IPv4 address out of a mapped (::ffff:0:0/96), 6to4 (2002::/16) or NAT64 address."""
    if isinstance(ip, IPv4Address):
        return None
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour
