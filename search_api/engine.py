"""The recipe: question in, answer out; owns the open index."""

from __future__ import annotations

import datetime
import functools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.align import align
from corpus.model import Plan, Role, Span
from corpus.text import fold, may_be, one_line, tokenise, tokens_among
from corpus.units import Unit
from indexer.build import Index, open_index
from indexer.embed import Encoder
from indexer.filter import Filter
from indexer.store import Store
from search_api import cues
from search_api.agenda import Deadline, deadlines
from search_api.answer.activities import (
    answer_activities,
    answer_lead,
    answer_partners,
    refuse_unit,
    refuse_unknown_unit,
)
from search_api.answer.compare import answer_compare
from search_api.answer.conflict import admit_conflict, answer_conflict
from search_api.answer.count import answer_count
from search_api.answer.deadlines import answer_deadline, answer_report_to
from search_api.answer.draft import Draft, refusal, whole_clause
from search_api.answer.duties import answer_duties, answer_held, answer_owed
from search_api.answer.head import answer_legal_basis, answer_metadata, answer_motto
from search_api.answer.money import answer_costliest, answer_money, answer_of_amount
from search_api.answer.rows import answer_column
from search_api.answer.sections import (
    answer_budget,
    answer_clauses,
    answer_exact_heading,
    answer_listed,
    answer_section,
    answer_task,
    answer_who,
)
from search_api.answer.today import answer_today
from search_api.answer.verify import answer_verify
from search_api.answer.wants import (
    answer_address,
    answer_quantity,
    answer_surely_counted,
    tell_quantity,
    unmet_want,
)
from search_api.answer.years import answer_figures, answer_when, answer_years
from search_api.cite import cite, cite_chunk
from search_api.comparison import Comparison, compare_plans
from search_api.errors import NothingToCompare, TooMuchToList, UnknownFilterValue
from search_api.ladder import Document, legal_ladder
from search_api.match import Topic
from search_api.matrix import Duties, collectives_over, duties_of
from search_api.model import (
    Answer,
    Coverage,
    Filters,
    Hit,
    Holder,
    Intent,
    Interpretation,
    Reason,
    SearchResult,
    Status,
)
from search_api.question import (
    Question,
    Wording,
    check_length,
    follow_up,
    question_words,
    read_question,
    read_words,
)
from search_api.rank import Rankings, Reranker
from search_api.restore import Restorer, shipped_restorer
from search_api.retrieve import MOST_PLANS, Retriever
from search_api.scope import (
    Scope,
    narrow_to_subject,
    read_scope,
    resolve_filters,
    unit_name,
)
from search_api.several import join_answers, of_one_province, questions_in
from search_api.succession import holders_of, predecessors_of, province_today, successors_of
from search_api.trace import ended, stage

if TYPE_CHECKING:
    from search_api.rephrase import Rephraser

# A question with so few words that the plans or the language of questions know is none of ours.
_LEAST_KNOWN_SHARE = 0.5
_TOO_MUCH = (
    "Phạm vi hỏi quá rộng để xét từng chỗ: câu trả lời lấy từ những chỗ sát câu hỏi nhất. "
    "Lọc theo tỉnh, năm hay đơn vị để có danh sách đầy đủ."
)
# Provinces that one question is asked of apart: eight take .25 s of the processor at 99,960 chunks,
# all 63 took 3.2. What is beyond is told to lack evidence.
_MOST_APART = 8
_LACKING = "Câu trả lời chưa có dẫn chứng của {}."
_QUESTIONS = 256
# Asked of an engine before anybody asks.
_WARMING = "Đơn vị nào chủ trì tuyên truyền?"
_FACETS = ("province", "year", "kind", "role", "unit")
_MOST_FACETS = 12
# Fewer words at the end of a question go on in too many ways to be of help; not tuned.
_LEAST_TYPED = 2

Answerer = Callable[[Question, Retriever, Filter], Draft | None]
# A text and its words.
_Phrase = tuple[str, list[str]]


class Engine:
    """Answers questions over one open index; immutable, safe to share between threads."""

    def __init__(
        self,
        index: Index,
        restorer: Restorer | None = None,
        rephraser: Rephraser | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.index = index
        self._rephraser = rephraser
        self._reranker = reranker
        self._retriever = Retriever(index, reranker)
        self._restorer = restorer or shipped_restorer()
        # A page asks and searches with the same words, and a follow-up names those before it.
        self._read = functools.lru_cache(maxsize=_QUESTIONS)(self._understand)
        self._words_of = functools.lru_cache(maxsize=_QUESTIONS)(self._read_words)

    @classmethod
    def open(
        cls,
        index_dir: Path,
        encoder: Encoder,
        rephraser: Rephraser | None = None,
        reranker: Reranker | None = None,
        store: Store | None = None,
    ) -> Engine:
        """Open the index at `index_dir`; raise IndexerError where it cannot serve."""
        index = open_index(index_dir, encoder, store=store)
        return cls(index, rephraser=rephraser, reranker=reranker)

    def reopened(self) -> Engine:
        """Open the newest generation of the same index; raise IndexerError where it is no good."""
        index = self.index
        opened = open_index(index.index_dir, index.encoder, store=index.store)
        return Engine(opened, self._restorer, self._rephraser, self._reranker)

    def warm(self) -> None:
        """Load what is only loaded once it is needed, so that no caller waits for it."""
        self.ask(_WARMING)
        self.search(_WARMING)
        self.suggest(_WARMING)
        plan = next(iter(self.plans.values()))
        align(plan, plan)

    @property
    def plans(self) -> Mapping[str, Plan]:
        """Return the plans by id."""
        return self.index.plans

    @stage("answer")
    def ask(
        self,
        question: str,
        filters: Filters | None = None,
        as_of: datetime.date | None = None,
        previous: tuple[str, ...] = (),
        *,
        as_typed: bool = False,
    ) -> Answer:
        """Answer `question` from the plans, every word of the answer copied and cited.

        `as_of` is the day on which "today" is (default: today) for who holds a unit's tasks now;
        `previous` are the questions before, oldest first, for one that goes on from them ("còn Bình
        Thuận thì sao?"); nothing is remembered between calls. `as_typed` takes the question letter
        by letter: nothing is written out or corrected.

        Raise EmptyQuestion, QuestionTooLong or UnknownFilterValue. What the plans do not say is no
        error: the answer then is a refusal with its reason and the nearest evidence. Of several
        questions in one text each is answered, those after the first from the plans that answered
        it where they name none.
        """
        filters = filters or Filters()
        read = functools.partial(self._read, as_typed=as_typed)
        asked = questions_in(check_length(question), read)
        answers: list[Answer] = []
        for number, one in enumerate(asked):
            within, places = filters, read(one).provinces or read(one).names_plan
            if answers and answers[0].citations and not places:
                cited = dict.fromkeys(citation.plan_id for citation in answers[0].citations)
                within = replace(filters, plans=tuple(cited))
            before = (*previous, *asked[:number])
            answers.append(self._ask_of_each(one, within, as_of, before, as_typed=as_typed))
        answer = answers[0] if asked == [question] else join_answers(question, answers)
        if len(asked) > 1 and not answer.citations:
            # What looked like several may be one in two sentences.
            answer = self._ask_of_each(question, filters, as_of, previous, as_typed=as_typed)
        ended(answer.status, answer.reason)
        return answer

    def _ask_of_each(
        self,
        question: str,
        filters: Filters,
        as_of: datetime.date | None,
        previous: tuple[str, ...],
        *,
        as_typed: bool,
    ) -> Answer:
        """Answer one question; of several provinces also for each that the answer has nothing of.

        What is left without evidence then is told.
        """
        answer = self._ask(question, filters, as_of, previous, as_typed=as_typed)
        asked = self._asked(question, previous, as_typed=as_typed)
        scope = read_scope(asked, resolve_filters(filters, self.index), self.index)
        if len(scope.held) < 2 or asked.intent is Intent.VERIFY:
            return answer
        compared = asked.intent is Intent.COMPARE and (answer.citations or asked.yes_no)
        if not (previous or compared):
            answer = self._ask_apart(asked, scope, answer, filters, as_of, as_typed=as_typed)
        cited = {citation.province for citation in answer.citations}
        lacking = [", ".join(names) for names in scope.held if cited.isdisjoint(names)]
        if not answer.citations or not lacking:
            return answer
        notes = (answer.coverage.note, _LACKING.format(", ".join(lacking)))
        return replace(
            answer,
            status=Status.PARTIAL,
            reason=answer.reason or Reason.OUT_OF_CORPUS,
            complete=False,
            coverage=replace(answer.coverage, note=" ".join(filter(None, notes))),
        )

    def _ask_apart(
        self,
        asked: Question,
        scope: Scope,
        answer: Answer,
        filters: Filters,
        as_of: datetime.date | None,
        *,
        as_typed: bool,
    ) -> Answer:
        """Return `answer` with that for each province in scope that it has nothing of, if any."""
        cited = {c.province for c in answer.citations if c.province}
        answers = [replace(answer, question=", ".join(sorted(cited)))] if cited else []
        named = [name for names in scope.held if cited.isdisjoint(names) for name in names]
        apart = [name for name in named if name in scope.wanted.provinces]
        for province in apart[:_MOST_APART]:
            alone = replace(filters, provinces=(province,))
            wanted = resolve_filters(alone, self.index)
            known, others = self._retriever.within(wanted).rarities, self._retriever.rarities
            foreign = {t.key for t in asked.terms if t.key not in known and t.key in others}
            years = self.index.facets.counts("year:", self.index.allowed(wanted))
            text = of_one_province(asked, province, foreign, frozenset(map(int, years)))
            found = self._ask(text, alone, as_of, (), as_typed=as_typed)
            if province in {citation.province for citation in found.citations}:
                answers.append(replace(found, question=province))
        if len(answers) == bool(cited):
            return answer
        joined = join_answers(asked.raw, answers) if len(answers) > 1 else answers[0]
        return replace(joined, question=asked.raw, interpretation=answer.interpretation)

    def _ask(
        self,
        question: str,
        filters: Filters,
        as_of: datetime.date | None,
        previous: tuple[str, ...],
        *,
        as_typed: bool,
    ) -> Answer:
        """Answer one question."""
        started = time.perf_counter()
        on = as_of or datetime.date.today()
        asked = self._asked(question, previous, as_typed=as_typed)
        base = resolve_filters(filters, self.index)
        scope = read_scope(asked, base, self.index)
        wide = scope.wanted
        if asked.intent not in _OF_ROWS:
            scope = narrow_to_subject(
                asked,
                scope,
                self._retriever.titles,
                self._retriever.among(scope.wanted),
                self.index,
            )
        if as_of or cues.TODAY.search(asked.text.lower()):
            asked, scope = self._by_names_of_other_days(asked, scope, on)
        draft = self._draft(asked, scope)
        if draft.reason is Reason.OUT_OF_CORPUS and scope.wanted != wide:
            # A word of a title need not have meant its plan.
            scope = replace(scope, wanted=wide)
            draft = self._draft(asked, scope)
        if draft.reason is Reason.UNIT_NOT_NAMED:
            # Refused all the same; but whoever asked learns under which name to ask.
            _, scope = self._by_names_of_other_days(asked, scope, on)
        return self._answer(asked, scope, draft, on, started)

    def rephrase(self, answer: Answer) -> Answer:
        """Return `answer` with a rephrasing beside it, where a language model is at hand."""
        if self._rephraser is None:
            return answer
        return replace(answer, rephrased=self._rephraser.rephrase(answer))

    @property
    def rephrasings(self) -> Mapping[str, int]:
        """Return how often rephrasing was asked for, kept, dropped and failed; empty where off."""
        return self._rephraser.counts if self._rephraser else {}

    @stage("answer")
    def search(
        self,
        words: str,
        filters: Filters | None = None,
        k: int = 10,
        offset: int = 0,
        *,
        as_typed: bool = False,
    ) -> SearchResult:
        """Return the sections and rows that share most with `words`, facets over all of them."""
        started = time.perf_counter()
        asked, ranked = self._ranked(words, filters, as_typed=as_typed)
        lexical = {item.position for item in ranked.lexical}
        dense = {item.position for item in ranked.dense}
        found = [item for item in ranked.final if item.position in lexical] or ranked.final[:k]
        hits = []
        meant = _meant_by(asked)
        for rank, item in enumerate(found[offset : offset + k], offset + 1):
            chunk = self._retriever.chunk(item.position)
            head = self.index.catalogue.heads[chunk.plan_id]
            citation = cite_chunk(chunk, head) or cite(self.index.plans[head.id], chunk.span)
            proposed = [
                name
                for name, ids in (("lexical", lexical), ("dense", dense))
                if item.position in ids
            ]
            hits.append(
                Hit(rank, item.score, chunk.kind, chunk.locator, chunk.label, chunk.text,
                    _highlights(chunk.text, meant), citation, tuple(proposed))
            )  # fmt: skip
        facets = self._facets(np.array([item.position for item in found], dtype=np.int64))
        return SearchResult(tuple(hits), facets, len(found), _milliseconds(started))

    def ranked(self, words: str, filters: Filters | None = None) -> Rankings:
        """Return the chunks for `words` by every ranking: what `search` chooses from."""
        return self._ranked(words, filters)[1]

    def suggest(self, prefix: str, count: int = 8) -> tuple[str, ...]:
        """Return activities, headings and units that go on from what is typed so far.

        Of a question only the end is gone on from: "đơn vị nào chủ trì truyền th".
        """
        text = one_line(prefix)
        typed = tokenise(text)
        phrases = self._phrases_like([token.key for token in typed])
        for first in range(len(typed)):
            if first and len(typed) - first < _LEAST_TYPED:
                break
            keys = [token.key for token in typed[first:]]
            found = _going_on(phrases, keys, anywhere=not first)
            if found:
                head = text[: typed[first].span.start]
                small = bool(head) and text[len(head)].islower()
                return tuple(
                    head + (phrase[0].lower() + phrase[1:] if small else phrase)
                    for phrase in found[:count]
                )
        return ()

    def unit(self, name: str) -> Unit:
        """Return the unit of any of its names; raise UnknownFilterValue where no plan names it."""
        wanted = resolve_filters(Filters(units=(name,)), self.index)
        found = self._retriever.registry.get(wanted.units[0])
        if found is None:
            raise UnknownFilterValue("unit", name)
        return found

    def duties(self, unit: str, filters: Filters | None = None, most: int | None = None) -> Duties:
        """Return every duty of a unit, by any of its names; raise UnknownFilterValue for none.

        Raise TooMuchToList where more than `most` places name it or what it falls under.
        """
        found = self.unit(unit)
        groups = collectives_over(found, self._retriever)
        wanted = resolve_filters(filters or Filters(), self.index)
        self._check_reach(replace(wanted, units=(found.id, *(group.id for group in groups))), most)
        return duties_of(found, groups, self._retriever, wanted)

    def deadlines(
        self, filters: Filters | None = None, most: int | None = None
    ) -> tuple[Deadline, ...]:
        """Return who owes what to whom by when, dated things first.

        Raise TooMuchToList where there are more than `most` sections and rows.
        """
        wanted = resolve_filters(filters or Filters(), self.index)
        self._check_reach(replace(wanted, kinds=("section", "row")), most)
        return deadlines(self._retriever, wanted)

    def compare(
        self, provinces: Sequence[str] = (), topic: str | None = None, plans: Sequence[str] = ()
    ) -> tuple[Comparison, ...]:
        """Compare the plans of provinces (all, where none is named), or the plans named, in pairs.

        Raise UnknownFilterValue for a name no plan has, NothingToCompare for fewer than two plans.
        """
        filters = Filters(provinces=tuple(provinces), plans=tuple(plans))
        wanted = resolve_filters(filters, self.index)
        heads = [head for head in self._retriever.heads(wanted) if head.rows]
        chosen = tuple(self.plans[head.id] for head in heads)
        if len(chosen) < 2:
            raise NothingToCompare(tuple(provinces) or tuple(plans))
        terms = self._read(topic).terms if topic else ()
        about = Topic(terms, self._retriever.rarities) if terms else None
        return compare_plans(chosen, self._retriever, about)

    def renamed(self, plan_id: str, on: datetime.date) -> tuple[tuple[Span, Holder], ...]:
        """Return where a plan first names each unit that is no more on the day `on`, and its heir.

        The title of the plan tells which function of the unit is meant.
        """
        registry = self._retriever.registry
        plan = self.plans[plan_id]
        places: dict[str, tuple[Span, str]] = {}
        of_plan = self.index.allowed(Filter(plans=(plan_id,)))
        for position in of_plan.positions() if of_plan else ():
            chunk = self._retriever.chunk(int(position))
            named = {unit for units in chunk.units.values() for unit in units} - places.keys()
            gone = any(unit.successors for key in named if (unit := registry.get(key)))
            if not gone and chunk.kind != "plan":
                continue
            for mention in self._retriever.mentions(chunk.text):
                start = chunk.span.start
                span = Span(start + mention.span.start, start + mention.span.end)
                places.setdefault(mention.unit.id, (span, mention.text))
        return tuple(
            (span, holder)
            for span, name in sorted(places.values())
            for holder in holders_of((name,), plan.title, on, registry)
        )

    def ladder(
        self, filters: Filters | None = None, most: int | None = None
    ) -> tuple[Document, ...]:
        """Return the documents the plans stand on, from the top down, with who shares them.

        Raise TooMuchToList where the plans have more than `most` places beside sections and rows.
        """
        wanted = resolve_filters(filters or Filters(), self.index)
        self._check_reach(replace(wanted, kinds=("plan",)), most)
        return legal_ladder(self.plans[head.id] for head in self._retriever.heads(wanted))

    def units(self) -> tuple[tuple[str, str, dict[str, int]], ...]:
        """Return every unit the plans name: id, name, and how many rows and clauses by role."""
        counts: dict[str, dict[str, int]] = {}
        for key, number in self.index.facets.counts("held:").items():
            role, _, unit_id = key.partition(":")
            counts.setdefault(unit_id, {})[role] = number
        return tuple(
            (unit_id, unit_name(unit_id, self._retriever.registry), by_role)
            for unit_id, by_role in sorted(counts.items(), key=lambda item: -sum(item[1].values()))
        )

    def _check_reach(self, wanted: Filter, most: int | None) -> None:
        allowed = self.index.allowed(wanted)
        if most is not None and allowed is not None and allowed.count > most:
            raise TooMuchToList(allowed.count, most)

    def _ranked(
        self, words: str, filters: Filters | None, *, as_typed: bool = False
    ) -> tuple[Wording, Rankings]:
        with stage("understand"):
            asked = self._words_of(check_length(words), as_typed=as_typed)
        wanted = resolve_filters(filters or Filters(), self.index)
        return asked, self._retriever.ranked(asked.text, wanted, meaning=asked.restored)

    def _asked(self, text: str, previous: Sequence[str], *, as_typed: bool) -> Question:
        """Return a question as it goes on from those before it."""
        asked = self._read(text, as_typed=as_typed)
        return follow_up(asked, self._read_in_turn(previous)) if previous else asked

    def _read_in_turn(self, questions: Sequence[str]) -> Question:
        """Return the last of `questions`, each read as going on from those before it."""
        first, *others = questions
        asked = self._read(first)
        for text in others:
            asked = follow_up(self._read(text), asked)
        return asked

    @stage("understand")
    def _understand(self, text: str, *, as_typed: bool = False) -> Question:
        said = self._words_of(text, as_typed=as_typed)
        return read_question(text, said, self._retriever.mentions)

    def _read_words(self, text: str, *, as_typed: bool = False) -> Wording:
        return read_words(
            text,
            self._retriever.vocabulary,
            self._retriever.mentions,
            self._restorer,
            as_typed=as_typed,
            provinces=self.index.catalogue.provinces,
        )

    def _draft(self, question: Question, scope: Scope) -> Draft:
        if scope.reason:
            return refusal(scope.reason, scope.message)
        retriever = self._retriever.within(scope.wanted)
        if not self._is_ours(question):
            return refusal(
                Reason.NOT_UNDERSTOOD,
                "Chưa hiểu câu hỏi. Hãy hỏi bằng tiếng Việt về nội dung của kế hoạch, ví dụ: "
                "“Đơn vị nào chủ trì …?”.",
            )
        if cues.JUDGEMENT.search(question.text.lower()):
            return refusal(
                Reason.OUT_OF_CORPUS,
                "Kế hoạch nói sẽ làm gì, không đánh giá ai làm tốt hơn: không có gì để trích dẫn.",
            )
        if question.intent not in (Intent.METADATA, Intent.LEGAL_BASIS, Intent.VERIFY):
            refused = refuse_unknown_unit(question, retriever, scope.wanted)
            if refused is not None:
                return refused
        first = (
            answer_conflict,
            answer_address,
            answer_report_to,
            answer_costliest,
            answer_of_amount,
        )
        for answerer in (*first, *_ANSWERERS[question.intent]):
            draft = answerer(question, retriever, scope.wanted)
            if draft is not None:
                if unmet := unmet_want(question, draft):
                    draft = answer_quantity(question, retriever, scope.wanted) or unmet
                draft = tell_quantity(question, draft, retriever)
                return admit_conflict(question, draft, retriever)
        return self._refuse(question, scope)

    def _refuse(self, question: Question, scope: Scope) -> Draft:
        """Say that the plans do not answer, with the nearest they have."""
        retriever = self._retriever.within(scope.wanted)
        if question.intent in (Intent.ACTIVITIES, Intent.DUTIES, Intent.COUNT):
            draft = refuse_unit(question, retriever, scope.wanted)
            if draft is not None:
                return draft
        draft = refusal(
            Reason.OUT_OF_CORPUS,
            "Không tìm thấy trong các kế hoạch đã có câu trả lời cho câu hỏi này.",
        )
        topic = retriever.topic(question)
        if topic:
            for match in retriever.rows(question, topic, scope.wanted)[:2]:
                draft.offer(
                    "Dòng gần nhất, có thể không đúng điều được hỏi.", match.plan, match.row.span
                )
            for clause in retriever.clauses(question, topic, scope.wanted)[:1]:
                draft.offer(
                    "Mục gần nhất, có thể không đúng điều được hỏi.",
                    clause.plan,
                    whole_clause(clause),
                )
        return draft

    def _by_names_of_other_days(
        self, question: Question, scope: Scope, on: datetime.date
    ) -> tuple[Question, Scope]:
        """Read a unit that the plans do not name as those whose tasks it holds on the day `on`.

        An older name is read as those who hold its tasks by then.
        """
        if scope.reason or not question.units:
            return question, scope
        known = self.index.facets.counts("unit:", self.index.allowed(scope.wanted))
        titles = " ".join(head.title for head in self._retriever.heads(scope.wanted))
        units, notes = [], []
        for unit in question.units:
            found: tuple[tuple[str, Holder], ...] = ()
            if not set(unit.ids) & known.keys() and not self._retriever.is_collective(unit.ids):
                topic = f"{question.restored} {titles}"
                registry = self._retriever.registry
                found = predecessors_of(unit.ids, known, topic, on, registry)
                found = found or successors_of(unit.ids, known, question.restored, on, registry)
            notes += [holder.sentence for _, holder in found]
            units.append(replace(unit, ids=tuple(u for u, _ in found)) if found else unit)
        if not notes:
            return question, scope
        note = " ".join(filter(None, (scope.note, *(f"{note}." for note in notes))))
        return replace(question, units=tuple(units)), replace(scope, note=note)

    def _answer(
        self, question: Question, scope: Scope, draft: Draft, on: datetime.date, started: float
    ) -> Answer:
        cited_plans = {citation.plan_id for citation in draft.citations}
        searched = self._retriever.heads(
            replace(scope.wanted, years=(), units=(), roles=(), kinds=())
        )
        notes = [note for note in (scope.note, draft.note) if note]
        notes += [
            self._given_way(plan_id) for plan_id in cited_plans & self.index.superseded.keys()
        ]
        status, reason = draft.status, draft.reason
        if draft.citations and scope.missing_provinces:
            status, reason = Status.PARTIAL, Reason.PROVINCE_NOT_IN_CORPUS
            notes.append(
                f"Chưa có kế hoạch của {', '.join(scope.missing_provinces)} trong kho dữ liệu."
            )
        whole = self._retriever.reads_all(scope.wanted)
        if draft.citations and not whole:
            notes.append(_TOO_MUCH)
        holders = self._holders(question, draft, on) if draft.citations else ()
        lines = [draft.sentence] if draft.sentence else []
        day = f"{on.day}/{on.month}/{on.year}"
        if question.intent is Intent.TODAY and draft.citations:
            asked = [holder for holder in holders if self._is_asked_about(holder, question)]
            draft.add_values(holder.holder for holder in asked if holder.holder)
            if not asked:
                names = [unit.name for unit in question.units] or list(question.provinces)
                draft.add_values(names)
                lines.append(f"Đến ngày {day} không thấy thay đổi nào của {', '.join(names)}.")
        if holders:
            lines.append(f"Đến ngày {day}: {'; '.join(holder.sentence for holder in holders)}.")
        return Answer(
            question=question.raw,
            status=status,
            reason=reason,
            answer="\n".join(lines),
            values=tuple(draft.values) if draft.citations else (),
            items=tuple(draft.items),
            complete=draft.complete and whole and status is Status.ANSWERED,
            coverage=Coverage(
                len(searched), len(cited_plans), draft.rows_matched, " ".join(notes) or None
            ),
            citations=tuple(draft.citations),
            interpretation=Interpretation(
                intent=question.intent.value,
                topic=question.topic or None,
                years=question.years,
                provinces=scope.provinces or scope.missing_provinces,
                units=tuple(unit.name for unit in question.units),
                corrected=question.corrected,
            ),
            alternatives=tuple(draft.alternatives),
            holders=holders,
            took_ms=_milliseconds(started),
        )

    def _given_way(self, plan_id: str) -> str:
        """Say that a cited plan no longer is the one that answers."""
        edition = self.index.superseded[plan_id]
        newer = self.index.plans[edition.by]
        number = newer.number or newer.title
        return f"Kế hoạch này đã có bản khác trả lời thay: {number} ({edition.by})."

    def _holders(self, question: Question, draft: Draft, on: datetime.date) -> tuple[Holder, ...]:
        """Return who holds today what the units of the answer held, and what its provinces are."""
        names: dict[str, None] = {}
        topics = [question.restored]
        for item in draft.items:
            for role in (Role.LEAD, Role.SUPPORT):
                if role in question.asks or question.intent in _NAMES_UNITS:
                    names.update(dict.fromkeys(_strings(item.fields.get(role.value))))
        names.update(dict.fromkeys(draft.values))
        names.update(dict.fromkeys(unit.name for unit in question.units))
        plans = {c.plan_id: self.index.plans[c.plan_id] for c in draft.citations}
        gone = [name for name in names if self._may_be_gone(name)]
        registry = self._retriever.registry
        held = holders_of(gone, question.restored, on, registry)
        # A function that the question names is meant; else that of the plan it is answered from.
        if question.intent is not Intent.TODAY or not any(holder.function for holder in held):
            topics += [plan.title for plan in plans.values()]
            held = holders_of(gone, " ".join(topics), on, registry)
        unique = {(self._retriever.unit_id(h.name), h.holder): h for h in reversed(held)}
        provinces = dict.fromkeys(plan.province for plan in plans.values())
        today = [holder for name in provinces if (holder := province_today(name, on))]
        return (*reversed(unique.values()), *today)

    def _is_asked_about(self, holder: Holder, question: Question) -> bool:
        """Say whether a holder is that of a unit (else of a province) the question names."""
        if not question.units:
            return holder.name in question.provinces
        ids = {unit_id for unit in question.units for unit_id in unit.ids}
        return self._retriever.unit_id(holder.name) in ids

    def _may_be_gone(self, name: str) -> bool:
        """Say whether a name is that of a body with successors; remembered, for names recur."""
        unit = self._retriever.registry.get(self._retriever.unit_id(name))
        return unit is not None and bool(unit.successors)

    def _is_ours(self, question: Question) -> bool:
        """Say whether enough of the question is Vietnamese that questions or plans use."""
        tokens = [t for t in tokenise(question.text) if not t.key.isdigit()]
        known = sum(
            t.key in self._retriever.vocabulary or t.key in question_words() for t in tokens
        )
        return bool(tokens) and known >= _LEAST_KNOWN_SHARE * len(tokens)

    def _facets(self, positions: NDArray[np.int64]) -> dict[str, dict[str, int]]:
        """Return how many of the chunks at `positions` have each value of each facet."""
        tallies = self.index.facets.tally(positions, [f"{name}:" for name in _FACETS])
        counted = dict(zip(_FACETS, tallies, strict=True))
        names = self._provinces_by_key
        counted["province"] = {names.get(k, k): number for k, number in counted["province"].items()}
        registry = self._retriever.registry
        counted["unit"] = {unit_name(k, registry): number for k, number in counted["unit"].items()}
        return {
            name: dict(sorted(counts.items(), key=lambda item: -item[1])[:_MOST_FACETS])
            for name, counts in counted.items()
        }

    @functools.cached_property
    def _provinces_by_key(self) -> dict[str, str]:
        return {fold(province): province for province in self.index.catalogue.provinces}

    def _phrases_like(self, typed: Sequence[str]) -> list[_Phrase]:
        """Return what may go on from what is typed: all there is; of many plans, the nearest."""
        if len(self.plans) <= MOST_PLANS:
            return self._phrases
        if not typed:
            return []
        # All phrases of very many plans are far too many to go through at every letter.
        return _phrases_of(self._retriever.named_like(typed)) + self._names_of_units

    @functools.cached_property
    def _phrases(self) -> list[_Phrase]:
        texts = (
            text
            for plan in self.plans.values()
            for text in (
                *(row.text_of(Role.ACTIVITY) for row in plan.rows),
                *(section.title for section in plan.walk() if section.title),
            )
        )
        return _phrases_of([*texts, *(name for _, name, _ in self.units())])

    @functools.cached_property
    def _names_of_units(self) -> list[_Phrase]:
        return _phrases_of(name for _, name, _ in self.units())


# Rows are found by what they say; for these the plan's own subject need not be named.
_OF_ROWS = frozenset({Intent.LEAD, Intent.SUPPORT, Intent.PRODUCT, Intent.YEARS, Intent.COMPARE})
# Intents whose answer shows the units of a row whatever column was asked for.
_NAMES_UNITS = frozenset({Intent.COMPARE})

# What is tried for each intent, in order; the first that has evidence answers.
_ANSWERERS: dict[Intent, tuple[Answerer, ...]] = {
    Intent.LEAD: (answer_owed, answer_listed, answer_lead),
    Intent.SUPPORT: (answer_owed, answer_partners, answer_who),
    Intent.PRODUCT: (
        lambda q, r, w: answer_column(q, (Role.PRODUCT,), r, w),
        lambda q, r, w: answer_task(q, (Role.PRODUCT,), r, w),
    ),
    Intent.YEARS: (answer_figures, answer_years, answer_clauses),
    Intent.DEADLINE: (answer_deadline, answer_when),
    Intent.DUTIES: (answer_duties, answer_clauses),
    Intent.ACTIVITIES: (
        answer_owed,
        answer_exact_heading,
        answer_activities,
        answer_held,
    ),
    Intent.LEGAL_BASIS: (answer_legal_basis, answer_section),
    Intent.BUDGET: (answer_money, answer_budget),
    Intent.METADATA: (answer_metadata,),
    Intent.SECTION: (
        answer_motto,
        answer_money,
        answer_figures,
        answer_surely_counted,
        answer_section,
        lambda q, r, w: answer_column(q, (Role.ACTIVITY,), r, w),
    ),
    Intent.COUNT: (answer_figures, answer_count, answer_quantity),
    Intent.COMPARE: (
        lambda q, r, w: answer_metadata(q, r, w) if q.parts else None,
        answer_compare,
        answer_section,
    ),
    Intent.VERIFY: (answer_verify,),
    Intent.TODAY: (answer_today,),
}


def _phrases_of(texts: Iterable[str]) -> list[_Phrase]:
    """Return each of `texts` once, with its words."""
    return [(text, [token.key for token in tokenise(text)]) for text in dict.fromkeys(texts)]


def _going_on(phrases: Iterable[_Phrase], typed: list[str], *, anywhere: bool) -> list[str]:
    """Return the phrases that hold the words of `typed`, the last perhaps unfinished."""
    found = {}
    for text, keys in phrases:
        for start in range(len(keys) if anywhere else 1):
            window = keys[start : start + len(typed)]
            if (
                window[:-1] == typed[:-1]
                and len(window) == len(typed)
                and window[-1].startswith(typed[-1])
            ):
                found[text] = (start, len(text))
                break
    return sorted(found, key=lambda text: found[text])


def _meant_by(said: Wording) -> dict[str, list[str]]:
    """Return the terms as typed, by their folded syllables."""
    meant: dict[str, list[str]] = {}
    for term in said.terms:
        meant.setdefault(term.key, []).append(term.text)
    return meant


def _highlights(text: str, meant: Mapping[str, Sequence[str]]) -> tuple[tuple[int, int], ...]:
    """Return where a term that is `meant` stands in `text`; marks that were typed must agree."""
    found = (
        (token.start, token.end)
        for token in tokens_among(text, meant)
        if any(may_be(term, token.text) for term in meant[token.key])
    )
    return tuple(sorted(found))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
