"""How many: activities, units, bases, duties or parts, counted over all records in scope."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from corpus.model import Role
from indexer.filter import Filter
from search_api import cues
from search_api.answer.activities import answer_activities
from search_api.answer.draft import Draft, refusal
from search_api.answer.duties import answer_duties
from search_api.answer.head import answer_legal_basis, answer_metadata
from search_api.answer.rows import answer_column
from search_api.answer.sections import answer_heading
from search_api.model import Intent, Reason
from search_api.question import Question
from search_api.retrieve import MOST_PLANS, Retriever, origin

_HOW_MANY = (
    r"(?:bao nhiêu|mấy|số lượng|tổng (?:số|cộng)|số|đếm(?: giúp)?(?: số)?)(?: các| những| lượng)?"
)
_BASES = cues.cue(rf"{_HOW_MANY} (?:căn cứ|quyết định|văn bản|cơ sở pháp lý)")
_UNITS = cues.cue(rf"{_HOW_MANY} (?:đơn vị|cơ quan|sở|tổ chức|bên|đầu mối)")
_RECIPIENTS = cues.cue(rf"{_HOW_MANY} (?:nơi nhận|đơn vị nhận|cơ quan nhận)|nơi nhận")
_YEARS = cues.cue(rf"{_HOW_MANY} năm")
_PLANS = cues.cue(rf"{_HOW_MANY} (?:kế hoạch|tỉnh)")
_DUTIES = cues.cue(rf"{_HOW_MANY} (?:nhiệm vụ|trách nhiệm|đầu việc|việc)")
# "gồm mấy quyết định, là những quyết định nào": the things are wanted, not only their number.
_ALSO_LISTS = cues.cue(
    r"(?:là|gồm) (?:những|các)(?: \w+){1,3} (?:nào|gì)|(?<=[,và] )(?:kể (?:tên|ra)|liệt kê)"
)
# "chia làm mấy nhóm lĩnh vực": what stands above the rows of a table.
_GROUPS = cues.cue(
    rf"chia (?:làm|thành|ra)(?: \w+)? {_HOW_MANY} (?:nhóm|phần|mảng|lĩnh vực)",
    rf"{_HOW_MANY} nhóm (?:lĩnh vực|nhiệm vụ|hoạt động|công việc|việc|nội dung)",
)
_ROWS = cues.cue(rf"{_HOW_MANY} (?:\w+ )?(?:{cues.WORK}|sự kiện)")


def answer_count(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return a number as the only value, with everything that was counted as evidence."""
    lowered = question.text.lower()
    as_list = replace(question, intent=Intent.ACTIVITIES)
    of_a_plan = question.reference or _RECIPIENTS.search(lowered) or _BASES.search(lowered)
    counts_plans = _PLANS.search(lowered) and not question.units and not of_a_plan
    if not (counts_plans or retriever.reads_all(wanted)):
        return _too_many()
    if question.reference and question.reference.path:
        draft, noun = answer_heading(question, retriever, wanted), "mục"
    elif _RECIPIENTS.search(lowered):
        draft, noun = (
            answer_metadata(replace(question, parts=("recipients",)), retriever, wanted),
            "nơi nhận",
        )
    elif _BASES.search(lowered):
        draft, noun = answer_legal_basis(question, retriever, wanted), "căn cứ"
    elif counts_plans:
        draft, noun = (
            answer_metadata(replace(question, parts=("title",)), retriever, wanted),
            "kế hoạch",
        )
    elif (
        _DUTIES.search(lowered) and question.units and not any(unit.role for unit in question.units)
    ):
        draft, noun = answer_duties(question, retriever, wanted), "nhiệm vụ"
    elif _YEARS.search(lowered):
        draft, noun = answer_column(question, (Role.YEARS,), retriever, wanted), "năm"
    elif _UNITS.search(lowered):
        role = (
            Role.SUPPORT
            if cues.SUPPORT_VERB.search(lowered) and not cues.LEAD_CUE.search(lowered)
            else Role.LEAD
        )
        draft, noun = (
            answer_column(replace(question, lists=True), (role,), retriever, wanted),
            "đơn vị",
        )
    elif _GROUPS.search(lowered) and (groups := _groups(retriever, wanted)):
        draft, noun = groups, "nhóm"
    elif _ROWS.search(lowered):
        draft, noun = answer_activities(as_list, retriever, wanted), "hoạt động"
        if draft is None and question.units:
            draft, noun = answer_duties(question, retriever, wanted), "nhiệm vụ"
        if draft is None:
            draft, noun = answer_heading(question, retriever, wanted), "mục"
    else:
        draft, noun = answer_heading(question, retriever, wanted), "mục"
    if draft is None or not draft.citations:
        return draft
    # Rows and clauses are counted as such: two may have the same words.
    number = len(draft.values) if noun in ("năm", "đơn vị", "nơi nhận") else len(draft.items)
    if noun == "kế hoạch" and number >= MOST_PLANS:
        if question.terms or question.years:
            return _too_many()
        number = len(retriever.heads(wanted))
    apart = noun == "mục" or (cues.EACH.search(lowered) and number == len(draft.items))
    counts = _by_plan(draft, retriever) if apart else {"": number}
    if not _ALSO_LISTS.search(lowered):
        draft.values = list(map(str, counts.values()))
    told = [f"{whose}{': ' * bool(whose)}{count} {noun}" for whose, count in counts.items()]
    draft.sentence = f"{'; '.join(told)}:\n{draft.sentence}"
    return draft


def _too_many() -> Draft:
    """Refuse to count where only a part was looked at: that is no number to sign."""
    return refusal(
        Reason.NOT_UNDERSTOOD,
        "Phạm vi hỏi quá rộng để đếm cho đủ. Hãy nêu tỉnh, năm hay kế hoạch.",
    )


def _by_plan(draft: Draft, retriever: Retriever) -> dict[str, int]:
    """Return how many parts each plan has: "the parts of section VI" of two plans are no sum."""
    plans = [draft.citations[item.citation].plan_id for item in draft.items]
    if len(set(plans)) == 1:
        return {"": len(plans)}
    heads = retriever.index.catalogue.heads
    origins = Counter(origin(heads[plan]) for plan in set(plans))
    return {
        (name if origins[name := origin(heads[plan])] == 1 else f"{name} ({heads[plan].number})"): n
        for plan, n in Counter(plans).items()
    }


def _groups(retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the rows that name the groups of others; None where there are none."""
    rows = retriever.every_row(wanted)
    groups = {(match.plan_id, match.row.group) for match in rows if match.row.group}
    grouped = {plan_id for plan_id, _ in groups}
    headings = [
        match
        for match in rows
        if (match.plan_id, match.activity) in groups
        or (match.row.is_heading and match.plan_id not in grouped)
    ]
    draft = Draft()
    for match in headings:
        draft.add_row(match)
        draft.add_values([match.activity])
    draft.sentence = "\n".join(f"{match.where}: {match.activity}" for match in headings)
    return draft if headings else None
