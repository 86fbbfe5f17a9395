"""Plausible plans in any number, made by a seed, to measure growth with; none is real."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypedDict

from corpus.model import Plan
from corpus.parse import parse_document
from corpus.places import nearest_provinces
from corpus.readers import read_document

# Stands in every plan, so that none is ever taken for a document of the state.
MARK = "Văn bản giả định do chương trình sinh ra để đo tốc độ, không có giá trị pháp lý."

# Files in one folder; file systems slow down, and people too, where there are many more.
_FILES_IN_A_FOLDER = 1_000
_ROWS = (24, 40)

_LETTERS = "abcdeghik"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A row to ask for: `ordinal` of the plan with `number`, and what it is about, where."""

    number: str
    ordinal: str
    activity: str
    field: str
    province: str


@dataclass(frozen=True, slots=True)
class SyntheticPlan:
    """A made plan: its text as a file would have it, and questions that one row answers."""

    name: str
    text: str
    known: tuple[KnownItem, ...]


def make_plan(number: int, seed: int = 0) -> SyntheticPlan:
    """Return plan `number` of the seed, always the same."""
    # Nothing here is secret: what counts is that a run can be repeated.
    draw = random.Random(f"{seed}/{number}")  # noqa: S311
    province = draw.choice(_provinces())
    of = _material()
    chosen = draw.choice(of["fields"])
    field, lead = chosen["name"], chosen["lead"]
    first = draw.randint(2018, 2025)
    last = first + draw.choice((0, 0, 1, 2, 4))
    issued = f"{draw.randint(1, 28):02d} tháng {draw.randint(1, 12)} năm {first}"
    own_number = f"{number + 1}/KH-UBND"
    period = f"năm {first}" if first == last else f"giai đoạn {first}-{last}"
    title = f"{draw.choice(of['openings'])} {field} {period} trên địa bàn tỉnh {province}"
    communes = [" ".join(draw.sample(of["place_words"], 2)) for _ in range(12)]
    activities = _activities(draw, chosen["things"], communes)
    years = range(first, min(last, first + 2) + 1)
    rows, known = [], []
    for ordinal, activity in enumerate(activities, 1):
        supports = ", ".join(draw.sample(of["supports"], draw.randint(1, 3)))
        leads = lead if draw.random() < 0.7 else draw.choice(of["supports"][:-2])
        marks = [draw.choice("XX ") for _ in years]
        rows.append(
            "\t".join(
                [str(ordinal), activity, leads, supports, draw.choice(of["products"]), *marks]
            )
        )
        known.append(KnownItem(own_number, str(ordinal), activity, field, province))
    columns = ["STT", "Nội dung/hoạt động", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm dự kiến"]
    header = "\t".join([*columns, *(f"Năm {year}" for year in years)])
    signatory = f"{draw.choice(of['surnames'])} {draw.choice(of['given_names'])}"
    text = "\n\n".join(
        (
            "ỦY BAN NHÂN DÂN\nTỈNH " + province.upper(),
            f"Số: {own_number}",
            f"{province}, ngày {issued}",
            "**KẾ HOẠCH**",
            f"**{title}**",
            *_bases(draw, field, first),
            f"Ủy ban nhân dân tỉnh ban hành {title} như sau:",
            *_body(draw, field, lead, activities, communes),
            f"**Nơi nhận:**\n\n- Thường trực Tỉnh ủy;\n- {lead};\n- Lưu: VT.",
            f"**KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH**\n\n**{signatory}**",
            f"**PHỤ LỤC**\n**CÁC HOẠT ĐỘNG {period.upper()}**",
            header + "\n" + "\n".join(rows),
            f"({MARK})",
        )
    )
    return SyntheticPlan(f"gia-dinh-{number:06d}.txt", text + "\n", tuple(known))


def write_plans(folder: Path, count: int, seed: int = 0, first: int = 0) -> Iterator[Path]:
    """Write plans `first`, `first` + 1, … into folders below `folder`, and yield each path."""
    for number in range(first, first + count):
        made = make_plan(number, seed)
        path = folder / f"{number // _FILES_IN_A_FOLDER:04d}" / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
        yield path


def read_plan_of(path: Path) -> Plan:
    """Read one made plan in this process: what the program wrote itself cannot harm it."""
    return parse_document(read_document(path))


class _Material(TypedDict):
    fields: list[dict[str, Any]]
    openings: list[str]
    verbs: list[str]
    audiences: list[str]
    products: list[str]
    supports: list[str]
    place_words: list[str]
    surnames: list[str]
    given_names: list[str]
    duties: list[str]
    aims: list[str]


@functools.cache
def _material() -> _Material:
    """Return what plans are put together from."""
    found: _Material = json.loads(files("eval").joinpath("synthetic.json").read_text("utf-8"))
    return found


@functools.cache
def _provinces() -> tuple[str, ...]:
    return tuple(province.name for province in nearest_provinces("", 63))


def _activities(draw: random.Random, things: Sequence[str], communes: Sequence[str]) -> list[str]:
    of = _material()
    return [
        f"{draw.choice(of['verbs'])} {draw.choice(things)} cho {draw.choice(of['audiences'])} "
        f"tại xã {draw.choice(communes)}"
        for _ in range(draw.randint(*_ROWS))
    ]


def _bases(draw: random.Random, field: str, year: int) -> list[str]:
    return [
        f"*Căn cứ Quyết định số {draw.randint(10, 2900)}/QĐ-{body} ngày {draw.randint(1, 28)} "
        f"tháng {draw.randint(1, 12)} năm {year - draw.randint(0, 3)} của {whose} về {field};*"
        for body, whose in (("TTg", "Thủ tướng Chính phủ"), ("UBND", "Ủy ban nhân dân tỉnh"))
    ]


def _body(
    draw: random.Random,
    field: str,
    lead: str,
    activities: Sequence[str],
    communes: Sequence[str],
) -> list[str]:
    of = _material()

    def said(pattern: str) -> str:
        return pattern.format(
            thing=draw.choice(activities).lower(),
            other=draw.choice(of["supports"]),
            commune=draw.choice(communes),
            audience=draw.choice(of["audiences"]),
            field=field,
            share=draw.randint(20, 99),
            day=draw.randint(1, 28),
            month=draw.randint(1, 12),
        )

    lines = ["## I. MỤC ĐÍCH, YÊU CẦU"]
    for number, heading in enumerate(("Mục đích", "Yêu cầu"), 1):
        lines.append(f"### {number}. {heading}")
        lines += [f"{letter}) {said(draw.choice(of['aims']))}" for letter in _LETTERS[:3]]
    lines.append("## II. NHIỆM VỤ, GIẢI PHÁP")
    for number, thing in enumerate(draw.sample(activities, 4), 1):
        lines.append(f"### {number}. {thing}")
        lines += [f"{letter}) {said(draw.choice(of['aims']))}" for letter in _LETTERS[:3]]
    lines.append("## III. KINH PHÍ THỰC HIỆN")
    lines.append(f"1. Ngân sách tỉnh bố trí {draw.randint(50, 9000)} triệu đồng.")
    lines.append("2. Các nguồn kinh phí hợp pháp khác, xã hội hóa.")
    lines.append("## IV. TỔ CHỨC THỰC HIỆN")
    units = [lead, *(unit for unit in draw.sample(of["supports"][:-2], 5) if unit != lead)]
    for number, unit in enumerate(units, 1):
        lines.append(f"### {number}. {unit}")
        lines += [f"{letter}) {said(draw.choice(of['duties']))}" for letter in _LETTERS[:3]]
    return lines
