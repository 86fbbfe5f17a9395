"""Who may ask for what: keys with scopes, kept hashed in one file, and the caller of a request.

A key is 256 random bits, so one sha256 of it can be kept without salt or stretching. It is sent as
``Authorization: Bearer KEY``, or as the password of HTTP Basic, which is how a browser asks for it.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from starlette.requests import Request

from search_api.errors import (
    AccessRefused,
    AdminClosed,
    ForeignTenant,
    KeyExists,
    KeyFileDamaged,
    KeyNeeded,
    KeysUnreadable,
    KeyUnknown,
    ScopeMissing,
    UnknownKeyName,
)

_TOKEN_BYTES = 32
# Every key begins so: scanners for leaked secrets find it, and nobody takes it for a password.
_TOKEN_PREFIX = "kehoach_"  # noqa: S105  # what keys begin with, not one of them
# A name, also of a tenant and then of its folder: "cong-tinh-1"; not "..", "Cổng tỉnh" or "-a".
NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")


class Scope(StrEnum):
    """What a key is good for; an administrator's key is good for everything."""

    READ = "read"
    FEEDBACK = "feedback"
    ADMIN = "admin"


# What whoever reaches a server without keys may do.
OPEN_SCOPES = frozenset({Scope.READ, Scope.FEEDBACK})


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: everything but the key itself; `tenant` None where there are none."""

    name: str
    scopes: tuple[Scope, ...]
    tenant: str | None
    created_at: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request: the key's name (None without a key) and what it allows."""

    name: str | None
    scopes: frozenset[Scope]
    tenant: str | None = None
    refusal: Callable[[str], AccessRefused] = KeyNeeded

    def check(self, wanted: Scope) -> None:
        """Raise the error that tells why `wanted` is refused, where it is."""
        if not self.scopes & {wanted, Scope.ADMIN}:
            raise self.refusal(wanted)


class KeyFile:
    """The keys in a JSON file that only its owner reads; read again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: Mapping[str, Key] = {}

    def keys(self) -> Mapping[str, Key]:
        """Return the keys by their sha256; none where there is no file. Raise KeyFileDamaged."""
        try:
            stat = self.path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                listed = json.loads(self.path.read_bytes())
                found = [
                    replace(key, scopes=tuple(map(Scope, key.scopes)))
                    for key in (Key(**entry) for entry in listed)
                ]
                self._keys, self._seen = {key.sha256: key for key in found}, seen
        except FileNotFoundError:
            self._keys, self._seen = {}, None
        except (OSError, ValueError, TypeError) as error:
            raise KeyFileDamaged(self.path) from error
        return self._keys

    def add(self, name: str, scopes: Sequence[Scope], tenant: str | None = None) -> str:
        """Make a key and return it: it is shown this once. Raise KeyExists."""
        with self._changing() as keys:
            if name in keys:
                raise KeyExists(name)
            token = _new_token()
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            keys[name] = Key(name, tuple(scopes), tenant, now, _digest(token))
        return token

    def rotate(self, name: str) -> str:
        """Give the key another secret and return it; the old one is refused from now on."""
        with self._changing() as keys:
            if name not in keys:
                raise UnknownKeyName(name)
            token = _new_token()
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            keys[name] = replace(keys[name], sha256=_digest(token), created_at=now)
        return token

    def revoke(self, name: str) -> None:
        """Remove a key; it is refused from now on. Raise UnknownKeyName."""
        with self._changing() as keys:
            if keys.pop(name, None) is None:
                raise UnknownKeyName(name)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """Yield the keys by name and write what became of them, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(f"{self.path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = {key.name: key for key in self.keys().values()}
            yield keys
            data = json.dumps([asdict(key) for key in keys.values()], ensure_ascii=False, indent=1)
            new = self.path.with_name(f"{self.path.name}.new")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)


@dataclass(frozen=True, slots=True)
class Access:
    """Tells who calls: by the keys of `key_file`, and what `open_scopes` give to everybody.

    Without a key file nobody is an administrator. Keys of another tenant than `tenant` open
    nothing, nor do those of any tenant where it is None.
    """

    key_file: KeyFile | None = None
    open_scopes: frozenset[Scope] = OPEN_SCOPES
    tenant: str | None = None

    def check(self) -> None:
        """Raise KeyFileDamaged where the keys cannot be read."""
        if self.key_file:
            self.key_file.keys()

    def caller(self, authorization: str | None) -> Caller:
        """Return who sent the value of an Authorization header; a wrong key opens nothing."""
        if self.key_file is None:
            return Caller(None, self.open_scopes - {Scope.ADMIN}, refusal=AdminClosed)
        token = _token_of(authorization)
        if token is None:
            return Caller(None, self.open_scopes - {Scope.ADMIN}, refusal=KeyNeeded)
        try:
            key = self.key_file.keys().get(_digest(token))
        except KeyFileDamaged:
            return Caller(None, frozenset(), refusal=KeysUnreadable)
        if key is None:
            return Caller(None, frozenset(), refusal=KeyUnknown)
        if key.tenant != self.tenant:
            return Caller(key.name, frozenset(), key.tenant, ForeignTenant)
        return Caller(key.name, frozenset(key.scopes), key.tenant, ScopeMissing)


# A server on one's own machine: everybody who reaches it may read, nobody is an administrator.
WITHOUT_KEYS = Access()


def require(wanted: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """Return a dependency that lets through whose key has the scope `wanted`, and tells who it is.

    ``Depends(require(Scope.ADMIN))``
    """

    async def check(request: Request) -> Caller:
        caller: Caller = request.state.caller
        caller.check(wanted)
        return caller

    return check


def _new_token() -> str:
    return _TOKEN_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _token_of(authorization: str | None) -> str | None:
    """Return the key in the header, None where it holds none; what is no key at all is kept."""
    if not authorization:
        return None
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return value.strip()
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return value
