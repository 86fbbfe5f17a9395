"""What the head and the end of a plan say: number, dates, issuer, title, bases, signatory."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from corpus.abbreviations import expand
from corpus.header import DATE, date_of
from corpus.model import LegalBasis, Plan, Role, Span
from corpus.text import fold, tokenise
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft, refusal
from search_api.answer.rows import column_of
from search_api.match import Topic, words_of
from search_api.model import Item, Reason
from search_api.question import Question
from search_api.retrieve import MOST_PLANS, Retriever, origin

_PART_NAMES = {
    "number": "số kế hoạch",
    "issued_on": "ngày ban hành",
    "issuer": "cơ quan ban hành",
    "title": "tên kế hoạch",
    "period": "thời kỳ",
    "signatory": "người ký",
    "recipients": "nơi nhận",
    "appendix_title": "tên phụ lục",
    "attachment": "dòng “kèm theo”",
    "province": "tỉnh",
}
# "Bộ nào", "Phòng chuyên môn nào": the first word of what is asked for.
_WHICH = re.compile(
    r"(?<!\w)(?P<kind>(?:Bộ|Phòng|Sở|Ban|UBND|Cục)(?=(?: [^\W\d]+){0,2}? nào)"
    r"|(?:bộ|phòng|sở|ban|cục)(?= nào)|[Bb]ản lưu|[Ll]ưu(?= ở| tại))(?!\w)"
)
# "ngân hàng nào": a kind of two words.
_WHICH_KIND = re.compile(r"(?<!\w)(?P<kind>[^\W\d_]+ [^\W\d_]+) nào(?!\w)")
_OF_WHOM = re.compile(r"(?:nào|gì) của (?P<whom>[^?]+)", re.I)
_KIND_ASKED = cues.cue(r"nghị quyết|thông tư|nghị định|chỉ thị|luật(?= nào)")
_NTH = re.compile(
    r"(?:căn cứ|cơ sở)(?: pháp lý)? (?:thứ|số) (?P<place>nhất|hai|ba|tư|[1-9])(?!\w)", re.I
)
_PLACES = {"nhat": 1, "hai": 2, "ba": 3, "tu": 4, **{str(n): n for n in range(1, 10)}}
# A plan is asked for by its topic when its title covers so much of the question.
_PLAN_TOPIC = 0.5
_BASIS_TOPIC = 0.5
_LINE = re.compile(r"[^\s;][^;\n]*")
# "chủ đề năm 2026 “…”": what stands in quotation marks right after it is all.
_IN_QUOTES = re.compile(r"[^“”]{0,40}“([^”]+)”")
_MOST_NAMING = 3
_REPLACING = "thay thế bãi bỏ kế hoạch"
_ASKS_DATE = cues.cue(
    r"ngày (?:nào|bao nhiêu|mấy|tháng)|khi nào|bao giờ|năm nào|hôm nào|ngày ban hành"
)
_ASKS_ISSUER = cues.cue(
    r"của ai|do ai|ai (?:ban hành|ký|phê duyệt)|cơ quan nào|của cơ quan nào|của bộ nào"
)
_ASKS_TITLE = cues.cue(
    r"về (?:việc |vấn đề |nội dung )?gì|nội dung gì|quy định gì|phê duyệt gì|ban hành gì|nói gì",
    r"là gì",
)
_NAME = cues.cue(r"tên(?: là)? gì|họ tên|tên và|(?:ai|người nào)(?: \w+){0,4}? ký|và tên")
_POSITION = cues.cue(r"chức gì|giữ chức|chức vụ|chức danh|cương vị|vị trí")


def answer_metadata(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the parts of the head that are asked for, of the plans in scope, as written."""
    parts = question.parts or ("title",)
    plans = _plans_meant(question, retriever, wanted)
    asked = fold(question.text)
    plans = [p for p in plans if p.signatory and fold(p.signatory.name) in asked] or plans
    if parts == ("issued_on",) and cues.EARLIER.search(question.text.lower()):
        plans = sorted(plans, key=lambda plan: plan.issued_on or datetime.date.max)
    draft = Draft()
    lines = []
    missing = []
    for plan in plans:
        for part in parts:
            values, spans = _field(plan, part, question)
            if not spans:
                missing.append(f"{origin(plan)} – {_PART_NAMES[part]}: văn bản không ghi.")
                continue
            numbers = [draft.cite(plan, span) for span in spans]
            draft.add_values(values)
            draft.items.append(_item(plan, numbers[0], part, values))
            lines.append(f"{origin(plan)} – {_PART_NAMES[part]}: {'; '.join(values)}")
    if not draft.citations:
        names = ", ".join(_PART_NAMES[part] for part in parts)
        refused = refusal(Reason.FIELD_EMPTY, f"Văn bản trong kho không ghi {names}.")
        for plan in plans[:2]:
            refused.offer(f"Phần đầu của văn bản; không có {names}.", plan, _top_of(plan))
        return refused
    # Of what is asked for by name it is told that it is not there; a long list needs no gaps.
    draft.sentence = "\n".join([*lines, *(missing if question.provinces else [])])
    for part in parts:
        _warn_of_contradiction(draft, plans, part)
    return draft


def answer_legal_basis(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the "Căn cứ" references in scope, those on the topic where the question has one."""
    plans = retriever.plans(wanted)
    chosen = [(plan, basis) for plan in plans for basis in plan.bases]
    if cues.REPLACES.search(question.text.lower()):
        return _replaced(retriever, wanted)
    if not chosen:
        refused = refusal(Reason.FIELD_EMPTY, "Văn bản trong phạm vi hỏi không ghi căn cứ pháp lý.")
        for plan in plans[:1]:
            refused.offer("Phần đầu của văn bản; không có căn cứ.", plan, _top_of(plan))
        return refused
    lowered = question.text.lower()
    numbers = {_compact(match[0]) for match in cues.DOCUMENT_NUMBER.finditer(question.text)}
    numbers |= {match["digits"] for match in cues.BARE_DOCUMENT.finditer(lowered)}
    numbers -= {_compact(plan.number) for plan in plans if plan.number}
    numbered = [
        (plan, basis)
        for plan, basis in chosen
        if basis.number and {_compact(basis.number), basis.number.split("/")[0]} & numbers
    ]
    kinds = {match[0] for match in _KIND_ASKED.finditer(lowered)}
    of_kind = [(p, b) for p, b in chosen if any(fold(kind) in fold(b.kind or "") for kind in kinds)]
    if (numbers and not numbered) or (kinds and not of_kind):
        return _named_in_the_body(question, numbers, retriever, wanted) or refusal(
            Reason.OUT_OF_CORPUS, "Các kế hoạch trong phạm vi hỏi không dẫn văn bản này."
        )
    place = _NTH.search(lowered)
    if place:
        number = _PLACES[fold(place["place"])]
        chosen = [(p, b) for p in plans for n, b in enumerate(p.bases, 1) if n == number] or chosen
    on_topic = numbered or _bases_on_topic(question, of_kind or chosen, retriever)
    draft = Draft()
    for plan, basis in on_topic:
        number = draft.cite(plan, basis.span)
        alone = bool(numbered) or len(on_topic) == 1
        values = _basis_values(plan, basis, lowered, by_number=alone)
        draft.add_values(values)
        draft.items.append(_item(plan, number, "basis", values))
    draft.sentence = "\n".join(
        f"{origin(plan)}: {basis.span.of(plan.text)}" for plan, basis in on_topic
    )
    return draft


def answer_motto(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the motto or main field that plans give themselves before their first section."""
    asked = cues.MOTTO.search(question.text.lower())
    if asked is None:
        return None
    draft = Draft()
    for plan in retriever.plans(wanted):
        start = plan.bases[-1].span.end if plan.bases else 0
        end = plan.sections[0].span.start if plan.sections else 0
        for line in _LINE.finditer(plan.text, start, end):
            at = fold(line[0]).find(fold(asked[0]))
            if at >= 0:
                said = line[0][at:].rstrip()
                quoted = _IN_QUOTES.match(said)
                values = [quoted[1] if quoted else said]
                number = draft.cite(plan, Span(*line.span()))
                draft.items.append(_item(plan, number, "text", values))
                draft.add_values(values)
    draft.sentence = "\n".join(f"{c.label}: {c.quote}" for c in draft.citations)
    return draft if draft.citations else None


def _named_in_the_body(
    question: Question, numbers: set[str], retriever: Retriever, wanted: Filter
) -> Draft | None:
    """Return what names a document by its number, rows where a column is asked for; None if none.

    Of a clause with several lines only those that name it are told.
    """
    about = retriever.topic_of(question.text)

    def names(text: str) -> bool:
        return any("/" in number and number in _compact(text) for number in numbers)

    columns = question.also
    if cues.PRODUCT.search(question.text.lower()):
        columns = (Role.PRODUCT, *columns)
    rows = [match for match in retriever.every_row(wanted, about) if names(match.activity)]
    if rows and columns:
        return column_of(rows, columns)
    named = [match for match in retriever.every_clause(wanted, about) if names(match.text)]
    draft = Draft()
    for match in named[:_MOST_NAMING]:
        draft.add_clause(match)
        told = [line for line in match.text.split("\n") if names(line)]
        draft.add_values(told)
        draft.sentence += f"{match.where}: {' '.join(told)}\n"
    draft.sentence = draft.sentence.rstrip()
    return draft if named else None


def _replaced(retriever: Retriever, wanted: Filter) -> Draft:
    """Return the clauses that say what a plan replaces."""
    draft = Draft()
    for match in retriever.every_clause(wanted, retriever.topic_of(_REPLACING)):
        if cues.REPLACES.search(match.text.lower()):
            draft.add_clause(match)
            draft.add_values([match.text])
    draft.sentence = "\n".join(draft.values)
    if draft.citations:
        return draft
    return refusal(Reason.FIELD_EMPTY, "Kế hoạch không ghi thay thế hay bãi bỏ văn bản nào.")


def _top_of(plan: Plan) -> Span:
    """Return a line of the head that shows which document this is."""
    for name in ("attachment", "title"):
        if name in plan.fields:
            return plan.fields[name]
    return Span(0, min(80, len(plan.text)))


def _plans_meant(question: Question, retriever: Retriever, wanted: Filter) -> list[Plan]:
    plans = retriever.heads(wanted)
    if question.years:
        in_years = [
            p
            for p in plans
            if (p.issued_on and p.issued_on.year in question.years)
            or (p.period and set(p.period.years) & set(question.years))
        ]
        plans = in_years or plans
    dates = {date_of(date) for date in DATE.finditer(question.text)}
    if dates and not question.yes_no:
        plans = [plan for plan in plans if plan.issued_on in dates] or plans
    if question.parts == ("province",) and len(question.years) > 1:
        plans = [p for p in plans if p.period and p.period.years == question.years] or plans
    topic = retriever.topic(question)
    if len(plans) > 1 and topic:
        fits = retriever.fits_of_titles(topic, plans)
        if max(fits) >= _PLAN_TOPIC:
            plans = [plan for plan, fit in zip(plans, fits, strict=True) if fit >= 0.8 * max(fits)]
    return [retriever.index.plans[plan.id] for plan in plans[:MOST_PLANS]]


def _field(plan: Plan, part: str, question: Question) -> tuple[list[str], list[Span]]:
    """Return the values of a field and the places to quote."""
    if part == "signatory":
        if plan.signatory is None:
            return [], []
        lowered = question.text.lower()
        asked = [position_of(plan)] if _POSITION.search(lowered) else []
        if not asked or _NAME.search(lowered):
            asked.insert(0, plan.signatory.name)
        return asked, [plan.signatory.span]
    if part == "recipients":
        if not plan.recipients:
            return [], []
        chosen = _recipients_meant(plan, question)
        if len(chosen) < len(plan.recipients):
            return [span.of(plan.text) for span in chosen], list(chosen)
        whole = Span(plan.recipients[0].start, plan.recipients[-1].end)
        return [span.of(plan.text) for span in plan.recipients], [whole]
    if part == "province":
        name = plan.fields.get("number") or _top_of(plan)
        return ([plan.province], [name]) if plan.province else ([], [])
    if part == "issued_on" and "phụ lục" in question.text.lower() and "attachment" in plan.fields:
        attached = plan.fields["attachment"]
        date = DATE.search(attached.of(plan.text))
        if date:
            return [date[0]], [attached]
    span = plan.fields.get(part)
    if span is None:
        return [], []
    if part == "attachment" and cues.NUMBER_OF_PLAN.search(question.text.lower()):
        number = cues.DOCUMENT_NUMBER.search(span.of(plan.text))
        return (["".join(number[0].split())] if number else []), [span]
    if part == "number":
        return ([plan.number], [span]) if plan.number else ([], [])
    if part == "title":
        return [plan.title], [span]
    if part == "period" and plan.period and cues.WHICH_YEAR.search(question.text.lower()):
        years = plan.period.years
        if len(years) == 1 and str(years[0]) in span.of(plan.text):
            return [str(years[0])], [span]
    return [span.of(plan.text)], [span]


def _recipients_meant(plan: Plan, question: Question) -> tuple[Span, ...]:
    """Return the recipients of the kind asked for ("Bộ nào", "ai của Tỉnh ủy"), else all."""
    asked = {fold(match["kind"]).split()[-1] for match in _WHICH.finditer(question.text)}
    asked |= {fold(match["kind"]) for match in _WHICH_KIND.finditer(question.text)}
    of_kind = [
        s
        for s in plan.recipients
        if (keys := [token.key for token in tokenise(s.of(plan.text))])
        and (keys[0] in asked or " ".join(keys[:2]) in asked)
    ]
    if of_kind:
        return tuple(of_kind)
    of = _OF_WHOM.search(question.text)
    if of:
        words = [token.key for token in tokenise(of["whom"])]
        named = [
            s
            for s in plan.recipients
            if words[:2] and all(w in fold(s.of(plan.text)) for w in words[:2])
        ]
        if named:
            return tuple(named)
    return plan.recipients


def position_of(plan: Plan) -> str:
    """Return the position of who signed: the last line above the name ("PHÓ CHỦ TỊCH")."""
    signatory = plan.signatory
    if signatory is None:
        return ""
    above = signatory.span.of(plan.text).split("\n")[:-1]
    positions = [line for line in above if line.isupper()]
    return positions[-1] if positions else signatory.position


def _basis_values(plan: Plan, basis: LegalBasis, lowered: str, *, by_number: bool) -> list[str]:
    text = basis.span.of(plan.text)
    if by_number:
        if _ASKS_DATE.search(lowered) and (date := DATE.search(text)):
            return [date[0]]
        if _ASKS_ISSUER.search(lowered) and basis.issuer:
            return [basis.issuer]
        if _ASKS_TITLE.search(lowered) and basis.title:
            return [basis.title]
    if basis.kind and basis.number:
        start = text.find(basis.kind)
        return [text[start : text.find(basis.number) + len(basis.number)]]
    return [basis.kind] if basis.kind else [text]


def _bases_on_topic(
    question: Question, chosen: Sequence[tuple[Plan, LegalBasis]], retriever: Retriever
) -> list[tuple[Plan, LegalBasis]]:
    """Keep the bases on the topic, best first; all where that is but the subject of their plans."""
    topic: Topic = retriever.topic(question)
    titles = {plan.id: words_of(expand(plan.title).text, 1.0) for plan, _ in chosen}
    if not topic.beyond(tuple(titles.values())):
        return list(chosen)
    fits = [topic.fit([words_of(basis.span.of(plan.text), 1.0)]) for plan, basis in chosen]
    best = max(fits)
    if best < _BASIS_TOPIC or min(fits) > 0.85 * best:
        return list(chosen)
    on_topic = [(fit, pair) for fit, pair in zip(fits, chosen, strict=True) if fit > 0.85 * best]
    return [pair for _, pair in sorted(on_topic, key=lambda scored: -scored[0])]


def _warn_of_contradiction(draft: Draft, plans: Sequence[Plan], part: str) -> None:
    codes = {
        "number": "number_mismatch",
        "issued_on": "date_mismatch",
        "period": "period_mismatch",
    }
    for plan in plans:
        for note in plan.notes:
            if note.code == codes.get(part):
                draft.note = note.message
                for span in note.spans[1:]:
                    draft.offer(note.message, plan, span)


def _item(plan: Plan, citation: int, part: str, values: Sequence[str]) -> Item:
    return Item(plan.province, citation, {part: list(values) if len(values) != 1 else values[0]})


def _compact(number: str) -> str:
    return "".join(number.split()).upper().replace("Đ", "D")
