"""Contradictions planted into sound plans: how many `corpus.lint` finds, how many it imagines."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus.lint import lint
from corpus.model import Plan
from corpus.parse import parse_document
from corpus.readers.text import document_of_text

# Plans of each kind; with the sound ones that is enough to see a kind that is never found.
_EACH = 4
_SOUND = 24
_SEED = 2026

_SUBJECTS = ("Bảo vệ môi trường", "Phát triển văn hóa đọc", "Phòng, chống đuối nước")
_ACTIVITIES = (
    "Tổ chức hội thi tìm hiểu pháp luật",
    "In, cấp phát tờ rơi cho hộ gia đình",
    "Tập huấn kỹ năng cho cộng tác viên",
    "Kiểm tra các cơ sở kinh doanh trên địa bàn",
    "Xây dựng phóng sự phát trên truyền hình",
    "Lắp đặt biển cảnh báo tại khu dân cư",
    "Khảo sát nhu cầu của thanh niên nông thôn",
    "Trao tặng sách cho thư viện trường học",
)
_UNITS = ("Sở Tư pháp", "Sở Y tế", "Sở Xây dựng", "Công an tỉnh", "Sở Nội vụ", "Sở Công Thương")
_PROVINCES = ("Sơn La", "Lạng Sơn", "Cao Bằng", "Hà Tĩnh", "Nghệ An", "Quảng Ninh")


@dataclass(slots=True)
class _Row:
    ordinal: str
    activity: str
    lead: str
    support: str
    time: str
    product: str


@dataclass(slots=True)
class _Writing:
    """A plan as its author would put it down, ready for a slip of the pen."""

    province: str
    subject: str
    number: str
    attached: str
    attached_too: str
    year: int
    appendix_year: int
    day: str
    attached_day: str
    basis_day: str
    goals: list[str]
    items: list[tuple[str, str]]
    duties: list[tuple[str, str]]
    rows: list[_Row]
    reports: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the plan as Markdown."""
        number = f"Số: {self.number or '     '}/KH-UBND"
        lines = [
            "ỦY BAN NHÂN DÂN", f"TỈNH {self.province.upper()}", "", number, "",
            f"{self.province}, {self.day}", "", "**KẾ HOẠCH**", "",
            f"**{self.subject} năm {self.year} trên địa bàn tỉnh {self.province}**", "",
            f"*Căn cứ Quyết định số 15/QĐ-TTg {self.basis_day} của Thủ tướng Chính phủ;*", "",
            "## I. MỤC TIÊU", "", *_spaced(f"{n}. {g}" for n, g in enumerate(self.goals, 1)),
            "## II. NỘI DUNG THỰC HIỆN", "", *_spaced(f"{n}. {item}." for n, item in self.items),
            "## III. TỔ CHỨC THỰC HIỆN", "",
            *_spaced(f"{n}. {unit}\n\n{duty}" for n, (unit, duty) in enumerate(self.duties, 1)),
            "## IV. CHẾ ĐỘ BÁO CÁO", "",
            *_spaced(f"{n}. {report}" for n, report in enumerate(self.reports, 1)),
            "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "Nguyễn Văn Mẫu", "",
            "**PHỤ LỤC**", "", f"**CÁC HOẠT ĐỘNG NĂM {self.appendix_year}**", "",
            self._attachment(self.attached), "",
            "| STT | Hoạt động | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian | Sản phẩm |",
            "|---|---|---|---|---|---|",
            *(
                f"| {r.ordinal} | {r.activity} | {r.lead} | {r.support} | {r.time} | {r.product} |"
                for r in self.rows
            ),
        ]  # fmt: skip
        if self.attached_too:
            lines += ["", "**PHỤ LỤC 2**", "", self._attachment(self.attached_too)]
        return "\n".join(lines) + "\n"

    def _attachment(self, number: str) -> str:
        return (
            f"(Kèm theo Kế hoạch số {number}/KH-UBND {self.attached_day} của Ủy ban nhân dân tỉnh)"
        )


@dataclass(frozen=True, slots=True)
class Planted:
    """Notes of one kind: `found` in `planted` plans, `imagined` in plans that have none of it."""

    planted: int
    found: int
    imagined: int


def measure_planted(seed: int = _SEED) -> dict[str, Planted]:
    """Return by kind of contradiction what `lint` found; the sound plans are the kind "sound"."""
    found: Counter[str] = Counter()
    imagined: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for code, plan in planted_plans(seed):
        codes = [note.code for note in lint(plan)]
        planted[code] += 1
        found[code] += code in codes
        for other in codes:
            # What is left over of a plan with a slip: notes of another kind were not planted.
            imagined[other] += other != code
    return {
        code: Planted(planted[code], found[code], imagined[code])
        for code in sorted({*planted, *imagined} - {"sound"})
    }


def planted_plans(seed: int = _SEED) -> Iterator[tuple[str, Plan]]:
    """Yield plans with one contradiction each and what it is, then sound ones as "sound"."""
    rng = random.Random(seed)  # noqa: S311  # plans, not secrets
    for code, plant in PLANTS.items():
        for _ in range(_EACH):
            writing = _sound(rng)
            plant(writing, rng)
            yield code, _read(writing)
    for _ in range(_SOUND):
        yield "sound", _read(_sound(rng))


def _read(writing: _Writing) -> Plan:
    return parse_document(document_of_text(writing.text(), name="mau.md", sha256="0" * 64))


def _sound(rng: random.Random) -> _Writing:
    year = rng.choice((2024, 2025, 2026))
    activities = rng.sample(_ACTIVITIES, 5)
    leads = rng.choices(_UNITS, k=5)
    number, day = str(rng.randint(10, 400)), f"ngày {rng.randint(10, 28)} tháng 01 năm {year}"
    lead = rng.choice(_UNITS)
    return _Writing(
        province=rng.choice(_PROVINCES),
        subject=rng.choice(_SUBJECTS),
        number=number,
        attached=number,
        attached_too="",
        year=year,
        appendix_year=year,
        day=day,
        attached_day=day,
        basis_day=f"ngày 10 tháng 12 năm {year - 1}",
        goals=["Nâng cao nhận thức của người dân.", "Huy động nguồn lực của toàn xã hội."],
        items=[(str(n), activity) for n, activity in enumerate(activities, 1)],
        duties=[(unit, "Chủ trì các hoạt động được phân công.") for unit in dict.fromkeys(leads)],
        rows=[
            _Row(
                str(n), activity, leads[n - 1],
                rng.choice([unit for unit in _UNITS if unit != leads[n - 1]]),
                f"Quý {rng.choice(('II', 'III', 'IV'))}/{year}", f"Báo cáo kết quả lần {n}",
            )
            for n, activity in enumerate(activities, 1)
        ],
        reports=[
            f"{lead} báo cáo Ủy ban nhân dân tỉnh kết quả 6 tháng trước ngày 25/6/{year}.",
            f"{lead} báo cáo Ủy ban nhân dân tỉnh kết quả năm trước ngày 20/12/{year}.",
        ],
    )  # fmt: skip


def _number_mismatch(w: _Writing, rng: random.Random) -> None:
    w.attached = str(int(w.number) + rng.randint(1, 90))


def _number_undecided(w: _Writing, rng: random.Random) -> None:
    w.attached_too = str(int(w.number) + rng.randint(1, 90))
    w.number = ""


def _date_mismatch(w: _Writing, rng: random.Random) -> None:
    w.attached_day = f"ngày {rng.randint(10, 28)} tháng 02 năm {w.year}"


def _period_mismatch(w: _Writing, _: random.Random) -> None:
    w.appendix_year = w.year + 1


def _basis_after_plan(w: _Writing, rng: random.Random) -> None:
    w.basis_day = f"ngày {rng.randint(10, 28)} tháng 3 năm {w.year}"


def _deadline_before_plan(w: _Writing, rng: random.Random) -> None:
    rng.choice(w.rows).time = f"15/11/{w.year - 1}"


def _duplicate_ordinal(w: _Writing, rng: random.Random) -> None:
    at = rng.randrange(1, 5)
    w.rows[at].ordinal = w.rows[at - 1].ordinal


def _missing_ordinal(w: _Writing, rng: random.Random) -> None:
    for row in w.rows[rng.randrange(1, 5) :]:
        row.ordinal = str(int(row.ordinal) + 1)


def _missing_marker(w: _Writing, rng: random.Random) -> None:
    at = rng.randrange(1, 5)
    w.items = [(n if i < at else str(int(n) + 1), item) for i, (n, item) in enumerate(w.items)]


def _duplicate_marker(w: _Writing, rng: random.Random) -> None:
    at = rng.randrange(1, 5)
    w.items[at] = (w.items[at - 1][0], w.items[at][1])


def _blank_cell(w: _Writing, rng: random.Random) -> None:
    rng.choice(w.rows).product = ""


def _unit_without_row(w: _Writing, _: random.Random) -> None:
    w.duties.append(("Thanh tra tỉnh", "Giám sát việc thực hiện."))


def _item_without_row(w: _Writing, _: random.Random) -> None:
    w.items.append((str(len(w.items) + 1), "Mở chuyên mục hỏi đáp qua điện thoại"))


def _row_without_item(w: _Writing, _: random.Random) -> None:
    row = copy.copy(w.rows[-1])
    row.ordinal, row.activity = "6", "Mở chuyên mục hỏi đáp qua điện thoại"
    w.rows.append(row)


def _phase_against_years(w: _Writing, rng: random.Random) -> None:
    row = rng.choice(w.rows)
    w.goals.append(f"Năm {w.year - 1}: {row.activity}.")


def _row_told_twice(w: _Writing, rng: random.Random) -> None:
    row = copy.copy(rng.choice(w.rows))
    row.ordinal, row.product = "6", "Sổ tay hướng dẫn"
    row.lead = rng.choice([unit for unit in _UNITS if unit != row.lead])
    w.rows.append(row)


def _deadline_mismatch(w: _Writing, rng: random.Random) -> None:
    w.reports.append(w.reports[0].replace("25/6", f"{rng.randint(10, 20)}/6"))


PLANTS: Mapping[str, Callable[[_Writing, random.Random], None]] = {
    plant.__name__.lstrip("_"): plant
    for plant in (
        _number_mismatch,
        _number_undecided,
        _date_mismatch,
        _period_mismatch,
        _basis_after_plan,
        _deadline_before_plan,
        _duplicate_ordinal,
        _missing_ordinal,
        _missing_marker,
        _duplicate_marker,
        _blank_cell,
        _unit_without_row,
        _item_without_row,
        _row_without_item,
        _phase_against_years,
        _row_told_twice,
        _deadline_mismatch,
    )
}


def _spaced(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        yield ""
