"""Whatever a body leads or supports is told of it, and nothing of anybody else: over all rows."""

import pytest

from corpus.model import Role
from corpus.text import fold, strip_marks

ASKED = {
    Role.LEAD: (
        "{unit} {province} chủ trì những việc gì?",
        "Ở {province}, hoạt động nào do {unit} chủ trì?",
        "{unit} {province} chủ trì mấy hoạt động?",
        "{unit} của {province} chủ trì bao nhiêu nhiệm vụ và phối hợp với ai?",
        "{unit} {province} chủ trì việc gì, khi nào?",
        "{province}: việc của {unit} (chủ trì)?",
        "nhung hoat dong nao o {province} do {unit} chu tri",
    ),
    Role.SUPPORT: (
        "{unit} {province} phối hợp những việc gì?",
        "Có bao nhiêu hoạt động ở {province} mà {unit} là đơn vị phối hợp?",
        "Những nhiệm vụ có sự phối hợp của {unit} ở {province}",
        "{province} có những hoạt động nào {unit} cùng tham gia?",
        "cac viec {unit} phoi hop o {province}",
    ),
}


def rows_by_body(engine, plan):
    """Return the rows of every body in a role, by its name; none of names that share an id."""
    written, rows = {}, {}
    for row in plan.rows:
        for role in ASKED:
            for mention in [] if row.is_heading else engine._retriever.mentions(row.text_of(role)):
                unit = mention.unit
                written.setdefault(unit.id, {})[fold(mention.text)] = mention.text
                rows.setdefault((unit.id, role), []).append(row.ordinal)
    for (unit_id, role), ordinals in rows.items():
        if len(written[unit_id]) == 1:
            (name,) = written[unit_id].values()
            yield name, role, ordinals


@pytest.mark.parametrize("engine_of", ["engine", "varied"])
def test_each_body_has_the_rows_that_name_it_in_a_role_and_no_other(request, engine_of):
    engine = request.getfixturevalue(engine_of)
    wrong, asked = [], 0
    for plan in engine.plans.values():
        for unit, role, ordinals in rows_by_body(engine, plan):
            for words in ASKED[role]:
                question = words.format(unit=unit, province=plan.province)
                if words == strip_marks(words):
                    question = strip_marks(question)
                answer = engine.ask(question)
                told = sorted(c.locator for c in answer.citations if c.plan_id == plan.id)
                asked += 1
                if told != sorted(ordinals) or len(told) != len(answer.citations):
                    wrong.append((question, ordinals, told))
    assert asked > 60
    assert wrong == []
