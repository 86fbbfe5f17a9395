"""The recipe: put every question to an engine and judge what comes back."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.model import Plan
from eval.cases import Case
from eval.metrics import Verdict, judge
from search_api.errors import SearchError
from search_api.model import Answer, Coverage, Filters, Interpretation, Reason, Status


class Engine(Protocol):
    """Whatever answers questions."""

    def ask(
        self,
        question: str,
        filters: Filters,
        as_of: datetime.date | None,
        previous: tuple[str, ...],
    ) -> Answer:
        """Answer `question`, asked after those of `previous`, or refuse with a reason."""


@dataclass(frozen=True, slots=True)
class Results:
    """The verdicts of one run, in the order of the cases, each with its answer, and the plans."""

    verdicts: tuple[Verdict, ...]
    answers: Mapping[str, Answer]
    plans: Mapping[str, Plan]


def run_cases(
    engine: Engine,
    cases: Sequence[Case],
    plans: Mapping[str, Plan],
    on_progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Ask `engine` every case once, after one question that warms it, and judge the answers.

    `plans` are the plans the engine answers from, by id. A question the engine rejects as bad input
    counts as refused. `on_progress` is told how many of how many are done.
    """
    if cases:
        _ask(engine, cases[0])
    verdicts = []
    answers = {}
    for number, case in enumerate(cases, 1):
        start = time.perf_counter()
        answer = _ask(engine, case)
        milliseconds = (time.perf_counter() - start) * 1000
        verdicts.append(judge(case, answer, plans, milliseconds))
        answers[case.id] = answer
        if on_progress:
            on_progress(number, len(cases))
    return Results(tuple(verdicts), answers, plans)


def _ask(engine: Engine, case: Case) -> Answer:
    try:
        return engine.ask(case.question, case.filters, case.as_of, case.previous)
    except SearchError as error:
        return Answer(
            question=case.question,
            status=Status.NOT_FOUND,
            reason=Reason.NOT_UNDERSTOOD,
            answer=str(error),
            values=(),
            items=(),
            complete=False,
            coverage=Coverage(plans_searched=0, plans_with_match=0, rows_matched=0),
            citations=(),
            interpretation=Interpretation(intent=None, topic=None),
        )
    except Exception as error:
        error.add_note(f"while asking {case.id}: {case.question}")
        raise
