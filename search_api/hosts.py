"""By which names this server may be called, so that no foreign name leads a browser here.

A stranger's page may have its own name pointed at this machine (DNS rebinding): to the visitor's
browser our answers are then those of that page. The name in the ``Host`` header gives it away. An
address instead of a name is harmless, because nobody can point an address elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence

# Stands for every name: whoever is in front of this server sees to it.
ANY = "*"

# "kehoach.tinh.gov.vn", "*.tinh.gov.vn"; not "https://tinh.gov.vn", "tinh.gov.vn:8443", "a.*.vn".
_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
# "localhost:8000", "[::1]:8000", "10.0.0.7"; not "a:b", "a/b", "".
_HOST = re.compile(r"(\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[^\s:/@\[\]]+))(:[0-9]*)?")


def read_hosts(text: str) -> tuple[str, ...]:
    """Return the names in `text`, parted by blanks or commas; raise ValueError for another thing.

    >>> read_hosts("kehoach.tinh.gov.vn, *.noi-bo.vn")
    ('kehoach.tinh.gov.vn', '*.noi-bo.vn')
    """
    names = tuple(text.lower().replace(",", " ").split())
    for name in names:
        if name != ANY and not _NAME.fullmatch(name):
            raise ValueError(name)
    return names


class Hosts:
    """The names in `listed`, this machine's own, and every address."""

    def __init__(self, listed: Sequence[str]) -> None:
        own = socket.gethostname().lower()
        names = {"localhost", "*.localhost", own, own.partition(".")[0], *listed}
        self._any = ANY in names
        self._exact = frozenset(names)
        self._endings = tuple(name[1:] for name in names if name.startswith("*."))

    def know(self, host: str | None) -> bool:
        """Say whether the value of a Host header is ours; no browser leaves it out."""
        if self._any or not host:
            return True
        parts = _HOST.fullmatch(host.lower())
        if not parts:
            return False
        name = (parts["address"] or parts["name"]).removesuffix(".")
        return name in self._exact or name.endswith(self._endings) or _is_address(name)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
