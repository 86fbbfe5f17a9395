"""A plan as JSON for people or packed for the index, and back: ``read(write(plan)) == plan``."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from corpus.model import (
    AppendixRow,
    Cell,
    LegalBasis,
    Note,
    Period,
    Plan,
    Role,
    Section,
    Severity,
    Signatory,
    Source,
    Span,
)


def write_plan(plan: Plan) -> str:
    """Return `plan` as JSON; a span is written ``[start, end]``, a date in ISO 8601."""
    return json.dumps(_plain(plan), ensure_ascii=False, indent=1)


def read_plan(text: str) -> Plan:
    """Return the plan that `write_plan` wrote; raise ValueError or KeyError for anything else."""
    data = json.loads(text)
    return Plan(
        id=data["id"],
        number=data["number"],
        title=data["title"],
        issuer=data["issuer"],
        province=data["province"],
        issued_on=_date(data["issued_on"]),
        period=Period(**data["period"]) if data["period"] else None,
        bases=tuple(_basis(basis) for basis in data["bases"]),
        recipients=_spans(data["recipients"]),
        signatory=_signatory(data["signatory"]),
        text=data["text"],
        sections=tuple(_section(section) for section in data["sections"]),
        rows=tuple(_row(row) for row in data["rows"]),
        notes=tuple(
            Note(note["code"], Severity(note["severity"]), note["message"], _spans(note["spans"]))
            for note in data["notes"]
        ),
        source=Source(**{**data["source"], "page_starts": tuple(data["source"]["page_starts"])}),
        fields={name: Span(*span) for name, span in data["fields"].items()},
    )


def pack_plan(plan: Plan) -> bytes:
    """Return `plan` as MessagePack: read and written many times faster than JSON."""
    return msgspec.msgpack.encode(plan)


def unpack_plan(data: bytes) -> Plan:
    """Return the plan that `pack_plan` packed; raise ValueError for anything else."""
    return _unpacker().decode(data)


@functools.cache
def _unpacker() -> msgspec.msgpack.Decoder[Plan]:
    return msgspec.msgpack.Decoder(Plan)


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower name
    match value:
        case Span():
            return [value.start, value.end]
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            return {
                item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)
            }
        case _:
            return value


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)


def _basis(data: dict[str, Any]) -> LegalBasis:
    return LegalBasis(
        **{**data, "span": Span(*data["span"]), "issued_on": _date(data["issued_on"])}
    )


def _signatory(data: dict[str, Any] | None) -> Signatory | None:
    return Signatory(**{**data, "span": Span(*data["span"])}) if data else None


def _section(data: dict[str, Any]) -> Section:
    return Section(
        path=tuple(data["path"]),
        title=data["title"],
        heading=Span(*data["heading"]),
        span=Span(*data["span"]),
        children=tuple(_section(child) for child in data["children"]),
    )


def _row(data: dict[str, Any]) -> AppendixRow:
    cells = tuple(
        Cell(Role(cell["role"]), cell["header"], cell["text"], Span(*cell["span"]))
        for cell in data["cells"]
    )
    return AppendixRow(
        **{**data, "cells": cells, "span": Span(*data["span"]), "years": tuple(data["years"])}
    )
