"""How often one caller may ask: a bucket of tokens each, in bounded memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

# Seconds of asking at full rate that may come at once: a page, its files, somebody typing.
_BURST_SECONDS = 5.0
# Callers remembered, about 200 bytes each; whoever is forgotten starts with a full bucket.
_MOST_CALLERS = 20_000
# A home or an office has one such network to itself, and any number of addresses in it.
_NETWORK_OF_ONE = 64


class Rates:
    """Buckets that fill by `rate` tokens a second; a request takes one."""

    def __init__(
        self,
        rate: float,
        most_callers: int = _MOST_CALLERS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = max(1.0, rate * _BURST_SECONDS)
        self._most_callers = most_callers
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, caller: str) -> int:
        """Take a token of `caller`; return 0, or the seconds until there is one to take."""
        now = self._clock()
        tokens, seen = self._buckets.pop(caller, (self._burst, now))
        tokens = min(self._burst, tokens + (now - seen) * self._rate)
        enough = tokens >= 1
        self._buckets[caller] = (tokens - enough, now)
        if len(self._buckets) > self._most_callers:
            self._buckets.popitem(last=False)
        return 0 if enough else math.ceil((1 - tokens) / self._rate)

    def __len__(self) -> int:
        return len(self._buckets)


def network_of(address: str) -> str:
    """Return what stands for whoever sends from `address`: itself, or the /64 of an IPv6 address.

    >>> network_of("10.0.0.7"), network_of("2001:db8::1"), network_of("testclient")
    ('10.0.0.7', '2001:db8::/64', 'testclient')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_OF_ONE), strict=False))
