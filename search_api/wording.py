"""What people read for the names the program uses: fields, intents, reasons, origins of years."""

from __future__ import annotations

# In the order in which a table shows them.
FIELDS = {
    "title": "Mục",
    "activity": "Nội dung, hoạt động",
    "text": "Nội dung",
    "lead": "Chủ trì",
    "support": "Phối hợp",
    "product": "Sản phẩm dự kiến",
    "time": "Thời gian",
    "deadline": "Thời hạn",
    "years": "Năm",
    "budget": "Kinh phí",
    "monitor": "Theo dõi",
    "value": "Giá trị",
    "note": "Ghi chú",
}

YEARS_FROM = {
    "marks": "đánh dấu trong phụ lục",
    "time": "theo cột thời gian",
    "text": "nêu trong văn bản",
    "title": "theo tên kế hoạch",
    "period": "theo thời kỳ của kế hoạch",
}

INTENTS = {
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

REASONS = {
    "out_of_corpus": "Các kế hoạch đã có không nói về điều này.",
    "province_not_in_corpus": "Chưa có kế hoạch của tỉnh được hỏi.",
    "year_outside_plan": "Năm được hỏi nằm ngoài thời kỳ của các kế hoạch đã có.",
    "unit_not_named": "Các kế hoạch đã có không nêu tên đơn vị này.",
    "field_empty": "Kế hoạch có dòng này nhưng để trống ô được hỏi.",
    "contradictory_source": "Các chỗ trong kế hoạch nói khác nhau.",
    "not_understood": "Chưa hiểu câu hỏi. Hãy hỏi bằng tiếng Việt, từng ý một.",
}


def lines_of(value: object) -> list[str]:
    """Return a field's value as the lines people read; none where it is absent or blank.

    >>> lines_of([2023, 2024]), lines_of(""), lines_of(None)
    (['2023', '2024'], [], [])
    """
    if isinstance(value, list | tuple | set | frozenset):
        return [str(part) for part in value]
    return [str(value)] if value not in (None, "") else []
