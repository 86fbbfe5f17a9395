"""What people read for the names the program uses: fields, intents, reasons, origins of years."""

from __future__ import annotations

from search_api.model import Answer, Reason, Status

# The columns of a row or of a task told in labels, in the order in which a table shows them. Lines
# of an answer that come from other clauses or a header have none of these: their words stand in the
# quote.
FIELDS = {
    "activity": "Nội dung, hoạt động",
    "lead": "Chủ trì",
    "support": "Phối hợp",
    "monitor": "Theo dõi",
    "product": "Sản phẩm dự kiến",
    "time": "Thời gian",
    "years": "Năm",
    "budget": "Kinh phí",
    "note": "Ghi chú",
}

# What results can be narrowed by, and what is called so there.
FACETS = {
    "province": "Tỉnh",
    "year": "Năm",
    "kind": "Loại",
    "role": "Cột vai trò",
    "unit": "Đơn vị",
}

KINDS = {"row": "dòng phụ lục", "section": "mục trong văn bản", "plan": "phần đầu văn bản"}

# The files in which a table can be had, the one most asked for first.
FORMATS = {"xlsx": "Excel", "docx": "Word", "csv": "CSV"}

# What a note beside a place of a plan is called: by its code, else by its severity.
NOTES = {"renamed": "nay"}

SEVERITIES = {"error": "lỗi", "warning": "cảnh báo", "info": "lưu ý"}

YEARS_FROM = {
    "marks": "đánh dấu trong phụ lục",
    "time": "theo cột thời gian",
    "text": "nêu trong văn bản",
    "title": "theo tên kế hoạch",
    "period": "theo thời kỳ của kế hoạch",
}

INTENTS = {
    "today": "đơn vị, tỉnh hiện nay",
    "lead": "đơn vị chủ trì",
    "support": "đơn vị phối hợp",
    "product": "sản phẩm dự kiến",
    "years": "năm thực hiện",
    "deadline": "thời hạn",
    "duties": "nhiệm vụ của đơn vị",
    "activities": "các hoạt động của đơn vị",
    "legal_basis": "căn cứ pháp lý",
    "budget": "kinh phí",
    "metadata": "thông tin của văn bản",
    "section": "nội dung một mục",
    "count": "số lượng",
    "compare": "so sánh",
    "verify": "xác nhận đúng hay sai",
}

# Provinces and cities under the central government, until 30 June 2025 and since.
PROVINCES_BEFORE = 63
PROVINCES_TODAY = 34

# What people think of an answer.
VERDICTS = {"right": "đúng", "wrong": "sai", "incomplete": "thiếu"}

# Why there is no answer, or only part of one, as it follows "Không tìm thấy – …".
REASONS = {
    "out_of_corpus": "các kế hoạch không nói về điều này",
    "province_not_in_corpus": "chưa có kế hoạch của tỉnh này",
    "year_outside_plan": "năm này nằm ngoài thời kỳ của kế hoạch",
    "unit_not_named": "các kế hoạch không nêu tên đơn vị này",
    "field_empty": "kế hoạch để trống ô này",
    "contradictory_source": "các chỗ trong kế hoạch nói khác nhau",
    "not_understood": "chưa hiểu câu hỏi",
}


def verdict(answer: Answer) -> str:
    """Return the heading of an answer: whether it is one, and if not, why."""
    heading = {
        Status.ANSWERED: "Trả lời",
        Status.PARTIAL: "Trả lời một phần",
        Status.NOT_FOUND: "Không tìm thấy",
    }[answer.status]
    if answer.status is Status.PARTIAL and answer.reason is Reason.OUT_OF_CORPUS:
        return f"{heading} – phần còn lại không thấy trong các kế hoạch"
    return f"{heading} – {REASONS[answer.reason]}" if answer.reason else heading


def coverage(answer: Answer) -> str:
    """Return what was looked at, and whether what was found is all there is."""
    looked = answer.coverage
    text = f"{looked.plans_searched} kế hoạch, {looked.plans_with_match} có nội dung khớp"
    if looked.rows_matched:
        text += f", {looked.rows_matched} dòng phụ lục khớp"
    if answer.citations:
        text += "; đã nêu đủ" if answer.complete else "; có thể còn chỗ khác nói đến"
    return text


def said(answer: Answer) -> str:
    """Return an answer without its last line, which tells the holders: they are shown apart."""
    return answer.answer.rpartition("\n")[0] if answer.holders else answer.answer


def held(provinces: int, today: int) -> str:
    """Return how many provinces the plans are of, before and after July 2025."""
    return (
        f"Kho dữ liệu có kế hoạch của {provinces} trong {PROVINCES_BEFORE} tỉnh, thành phố trước "
        f"ngày 1/7/2025, nay thuộc {today} trong {PROVINCES_TODAY}."
    )


def value_name(facet: str, value: str) -> str:
    """Return how people read one value of a facet.

    >>> value_name("kind", "row"), value_name("province", "Kiên Giang")
    ('dòng phụ lục', 'Kiên Giang')
    """
    names = {"kind": KINDS, "role": FIELDS}.get(facet, {})
    return names.get(value, value)


def lines_of(value: object) -> list[str]:
    """Return a field's value as the lines people read; none where it is absent or blank.

    >>> lines_of([2023, 2024]), lines_of(""), lines_of(None)
    (['2023', '2024'], [], [])
    """
    if isinstance(value, list | tuple | set | frozenset):
        return [str(part) for part in value]
    return [str(value)] if value not in (None, "") else []
