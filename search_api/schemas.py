"""The wire format: what crosses HTTP and what `--json` prints; it decides nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from corpus import model as corpus
from corpus.editions import Edition
from corpus.lint import lint
from corpus.places import current_province
from indexer.catalogue import Catalogue, PlanHead
from search_api import ladder, model, uploads
from search_api.cite import cite
from search_api.comparison import Comparison
from search_api.diary import Entry
from search_api.errors import LONGEST_QUESTION
from search_api.matrix import Duties
from search_api.tally import count_duties
from search_api.wording import PROVINCES_BEFORE, PROVINCES_TODAY


def _whole(text: str) -> str:
    """Refuse halves of surrogate pairs: JSON can carry them, UTF-8 and our answers cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError("string_unicode", "not a Unicode text") from error
    return text


Text = Annotated[str, AfterValidator(_whole)]
Kind = Literal["row", "section", "plan"]
Year = Annotated[int, Field(ge=1000, le=9999)]
# Questions a question may go on from; a conversation that is longer has moved on. Not tuned.
MOST_BEFORE = 10
# How a table may be asked for.
Format = Literal["json", "xlsx", "csv", "docx"]


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple | set) or value is None else [value]


def _filter(singular: str, plural: str) -> Any:  # noqa: ANN401  # what pydantic's Field returns
    return Field(default=[], validation_alias=AliasChoices(singular, plural))


class Filters(BaseModel):
    """What a caller restricts the search to; one value or a list of alternatives each."""

    model_config = ConfigDict(extra="forbid")

    province: Annotated[list[Text], BeforeValidator(_as_list)] = _filter("province", "provinces")
    year: Annotated[list[Year], BeforeValidator(_as_list)] = _filter("year", "years")
    plan: Annotated[list[Text], BeforeValidator(_as_list)] = _filter("plan", "plans")
    unit: Annotated[list[Text], BeforeValidator(_as_list)] = _filter("unit", "units")
    role: Annotated[list[corpus.Role], BeforeValidator(_as_list)] = _filter("role", "roles")
    kind: Annotated[list[Kind], BeforeValidator(_as_list)] = _filter("kind", "kinds")

    def to_model(self) -> model.Filters:
        """Return the filters as the engine takes them."""
        return model.Filters(
            provinces=tuple(self.province),
            years=tuple(self.year),
            plans=tuple(self.plan),
            units=tuple(self.unit),
            roles=tuple(self.role),
            kinds=tuple(self.kind),
        )


class Context(BaseModel):
    """What was asked before, for a question that goes on from it.

    `questions` are oldest first; `question` alone is the one right before.
    """

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[Text], Field(max_length=MOST_BEFORE)] = []
    question: Text | None = None

    @property
    def in_order(self) -> tuple[str, ...]:
        """Return the questions, oldest first."""
        if self.question is None or self.questions[-1:] == [self.question]:
            return tuple(self.questions)
        return (*self.questions, self.question)


class AskRequest(BaseModel):
    """The body of ``POST /v1/ask``."""

    model_config = ConfigDict(extra="forbid")

    question: Text
    filters: Filters | None = None
    as_of: datetime.date | None = None
    context: Context | None = None
    as_typed: bool = False


class _Chosen(BaseModel):
    """What every query string over sections and rows may restrict."""

    model_config = ConfigDict(extra="forbid")

    province: list[str] = []
    year: list[Year] = []
    plan: list[str] = []
    unit: list[str] = []
    role: list[corpus.Role] = []
    kind: list[Kind] = []
    as_of: datetime.date | None = None
    format: Format = "json"

    def to_filters(self) -> model.Filters:
        """Return the filters of the query as the engine takes them."""
        return model.Filters(
            provinces=tuple(self.province),
            years=tuple(self.year),
            plans=tuple(self.plan),
            units=tuple(self.unit),
            roles=tuple(self.role),
            kinds=tuple(self.kind),
        )


class AskQuery(_Chosen):
    """The query string of ``GET /v1/ask``; `after` are the questions before, oldest first."""

    q: Text
    after: Annotated[list[Text], Field(max_length=MOST_BEFORE)] = []
    as_typed: bool = False


class SearchQuery(_Chosen):
    """The query string of ``GET /v1/search``."""

    q: str
    k: Annotated[int, Field(ge=1, le=100)] = 10
    offset: Annotated[int, Field(ge=0, le=10_000)] = 0


class CompareQuery(BaseModel):
    """The query string of ``GET /v1/compare``."""

    model_config = ConfigDict(extra="forbid")

    topic: Annotated[Text, Field(max_length=LONGEST_QUESTION)] = ""
    province: list[str] = []
    plan: list[str] = []
    format: Format = "json"


class BasesQuery(BaseModel):
    """The query string of ``GET /v1/bases``."""

    model_config = ConfigDict(extra="forbid")

    year: list[Year] = []
    province: list[str] = []
    plan: list[str] = []
    format: Format = "json"

    def to_filters(self) -> model.Filters:
        """Return the filters of the query as the engine takes them."""
        return model.Filters(tuple(self.province), tuple(self.year), tuple(self.plan))


class DutiesQuery(BasesQuery):
    """The query string of ``GET /v1/units/{id}/duties``."""

    as_of: datetime.date | None = None


class DeadlinesQuery(BaseModel):
    """The query string of ``GET /v1/deadlines``."""

    model_config = ConfigDict(extra="forbid")

    province: list[str] = []
    year: list[Year] = []
    unit: list[str] = []
    plan: list[str] = []
    as_of: datetime.date | None = None
    format: Format | Literal["ics"] = "json"

    def to_filters(self) -> model.Filters:
        """Return the filters of the query as the engine takes them."""
        return model.Filters(
            tuple(self.province), tuple(self.year), tuple(self.plan), tuple(self.unit)
        )


class _Wire(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Citation(_Wire):
    """A verbatim quote and where it stands."""

    plan_id: str
    plan_number: str | None
    plan_title: str
    province: str | None
    issued_on: datetime.date | None
    source: str
    kind: str
    locator: str
    label: str
    page: int | None
    start: int
    end: int
    quote: str
    url: str


class Hit(_Wire):
    """One ranked section or row."""

    rank: int
    score: float
    kind: str
    locator: str
    label: str
    text: str
    highlights: list[tuple[int, int]]
    citation: Citation
    found_by: list[str]


class SearchResult(_Wire):
    """One page of hits with the facet counts of all of them."""

    hits: list[Hit]
    facets: dict[str, dict[str, int]]
    total: int
    took_ms: float


class Item(_Wire):
    """One line of an answer; `citation` indexes `Answer.citations`."""

    province: str | None
    citation: int
    fields: dict[str, Any]


class Coverage(_Wire):
    """How much was looked at."""

    plans_searched: int
    plans_with_match: int
    rows_matched: int
    note: str | None


class Interpretation(_Wire):
    """How the question was read."""

    intent: str | None
    topic: str | None
    years: list[int]
    provinces: list[str]
    units: list[str]
    corrected: str | None


class Alternative(_Wire):
    """Evidence for another reading, or the nearest to an answer that does not exist."""

    note: str
    citation: Citation
    values: list[str]


class Holder(_Wire):
    """Who holds the tasks of a unit (or is a province) on the day asked, and on what basis."""

    name: str
    holder: str | None
    function: str | None
    since: datetime.date
    basis: str
    inferred: bool


class Answer(_Wire):
    """What the plans say; without citations it is a refusal, and `reason` says why."""

    question: str
    status: model.Status
    reason: model.Reason | None
    answer: str
    values: list[str]
    items: list[Item]
    complete: bool
    coverage: Coverage
    citations: list[Citation]
    interpretation: Interpretation
    alternatives: list[Alternative]
    holders: list[Holder]
    took_ms: float
    rephrased: str | None = None


class Suggestions(BaseModel):
    """Completions while typing."""

    suggestions: list[str]


class Place(BaseModel):
    """Characters ``[start, end)`` of the plan's text, and the text they cover."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, plan: corpus.Plan, span: corpus.Span) -> Self:
        """Return the place that `span` covers in `plan`."""
        return cls(start=span.start, end=span.end, text=span.of(plan.text))


class Period(_Wire):
    """The first and the last year a plan covers."""

    first: int
    last: int
    years: list[int]


class Source(_Wire):
    """The file a plan was read from."""

    name: str
    format: str
    sha256: str
    recognised: bool
    confidence: float | None


class Quote(Place):
    """A place of a plan, and how people call it."""

    label: str
    url: str

    @classmethod
    def of(cls, plan: corpus.Plan, span: corpus.Span) -> Self:
        """Return the quote of `span`, which is not empty."""
        citation = cite(plan, span)
        return cls(
            start=span.start,
            end=span.end,
            text=citation.quote,
            label=citation.label,
            url=citation.url,
        )


class Note(BaseModel):
    """A doubt about a plan, with the places that disagree."""

    code: str
    severity: corpus.Severity
    message: str
    places: list[Quote]


class Basis(BaseModel):
    """One legal basis of a plan."""

    kind: str | None
    number: str | None
    issued_on: datetime.date | None
    issuer: str | None
    title: str | None
    place: Place


class Signatory(BaseModel):
    """Who signed a plan."""

    name: str
    position: str
    place: Place


class Section(BaseModel):
    """A numbered part of the body with everything below it."""

    locator: str
    title: str
    start: int
    end: int
    url: str
    children: list[Section]

    @classmethod
    def of(cls, plan: corpus.Plan, section: corpus.Section) -> Section:
        """Return `section` of `plan` with its children."""
        return cls(
            locator=section.locator,
            title=section.title,
            start=section.span.start,
            end=section.span.end,
            url=f"{plan_url(plan.id)}#{quote(section.locator)}",
            children=[cls.of(plan, child) for child in section.children],
        )


class Cell(_Wire):
    """One cell of a row."""

    role: corpus.Role
    header: str
    text: str
    start: int
    end: int


class Row(BaseModel):
    """One row of an appendix table."""

    key: str
    appendix: str
    group: str | None
    ordinal: str
    parent: str | None
    is_heading: bool
    years: list[int]
    start: int
    end: int
    url: str
    cells: list[Cell]

    @classmethod
    def of(cls, plan: corpus.Plan, row: corpus.AppendixRow) -> Row:
        """Return `row` of `plan`."""
        return cls(
            key=row.key,
            appendix=row.appendix,
            group=row.group,
            ordinal=row.ordinal,
            parent=row.parent,
            is_heading=row.is_heading,
            years=list(row.years),
            start=row.span.start,
            end=row.span.end,
            url=f"{plan_url(plan.id)}#{quote(row.key)}",
            cells=[
                Cell(
                    role=cell.role,
                    header=cell.header,
                    text=cell.text,
                    start=cell.span.start,
                    end=cell.span.end,
                )
                for cell in row.cells
            ],
        )


class Rows(BaseModel):
    """Every row of a plan's appendices."""

    plan_id: str
    rows: list[Row]
    total: int

    @classmethod
    def of(cls, plan: corpus.Plan) -> Rows:
        """Return the rows of `plan`."""
        listed = [Row.of(plan, row) for row in plan.rows]
        return cls(plan_id=plan.id, rows=listed, total=len(listed))


class Notes(BaseModel):
    """Every doubt about a plan and every contradiction in it, gravest first."""

    plan_id: str
    notes: list[Note]
    total: int


class NotesByPlan(BaseModel):
    """What is doubtful or contradictory in several plans."""

    plans: list[Notes]
    total: int

    @classmethod
    def of(cls, plans: Iterable[corpus.Plan]) -> NotesByPlan:
        """Return the notes of `plans`, in their order."""
        found = [(plan.id, notes_of(plan)) for plan in plans]
        return cls(
            plans=[Notes(plan_id=key, notes=notes, total=len(notes)) for key, notes in found],
            total=sum(len(notes) for _, notes in found),
        )


class PlanSummary(BaseModel):
    """A plan in a list; `notes` counts the doubts of its reading, not its contradictions."""

    id: str
    number: str | None
    title: str
    issuer: str | None
    province: str | None
    issued_on: datetime.date | None
    period: Period | None
    rows: int
    sections: int
    notes: int
    source: Source
    url: str
    superseded_by: str | None = None
    relation: str | None = None

    @classmethod
    def of(cls, plan: PlanHead, edition: Edition | None = None) -> PlanSummary:
        """Return the summary of `plan`; `edition` says to which other edition it has given way."""
        return cls(
            superseded_by=edition.by if edition else None,
            relation=edition.relation.value if edition else None,
            id=plan.id,
            number=plan.number,
            title=plan.title,
            issuer=plan.issuer,
            province=plan.province,
            issued_on=plan.issued_on,
            period=Period.model_validate(plan.period) if plan.period else None,
            rows=plan.rows,
            sections=plan.sections,
            notes=plan.notes,
            source=Source.model_validate(plan.source),
            url=plan_url(plan.id),
        )


class Plans(BaseModel):
    """Plans of the index, in the order of their ids, and how many there are in all."""

    plans: list[PlanSummary]
    total: int


class PlanDetail(BaseModel):
    """Everything known about a plan but its rows, which have a route of their own."""

    id: str
    number: str | None
    title: str
    issuer: str | None
    province: str | None
    issued_on: datetime.date | None
    period: Period | None
    fields: dict[str, Place]
    bases: list[Basis]
    recipients: list[Place]
    signatory: Signatory | None
    sections: list[Section]
    rows: int
    notes: list[Note]
    source: Source
    text: str
    url: str

    @classmethod
    def of(cls, plan: corpus.Plan, notes: list[Note]) -> PlanDetail:
        """Return `plan` with its `notes` as the wire shows it."""
        return cls(
            id=plan.id,
            number=plan.number,
            title=plan.title,
            issuer=plan.issuer,
            province=plan.province,
            issued_on=plan.issued_on,
            period=Period.model_validate(plan.period) if plan.period else None,
            fields={name: Place.of(plan, span) for name, span in plan.fields.items()},
            bases=[
                Basis(
                    kind=basis.kind,
                    number=basis.number,
                    issued_on=basis.issued_on,
                    issuer=basis.issuer,
                    title=basis.title,
                    place=Place.of(plan, basis.span),
                )
                for basis in plan.bases
            ],
            recipients=[Place.of(plan, span) for span in plan.recipients],
            signatory=Signatory(
                name=plan.signatory.name,
                position=plan.signatory.position,
                place=Place.of(plan, plan.signatory.span),
            )
            if plan.signatory
            else None,
            sections=[Section.of(plan, section) for section in plan.sections],
            rows=len(plan.rows),
            notes=notes,
            source=Source.model_validate(plan.source),
            text=plan.text,
            url=plan_url(plan.id),
        )


class Unit(BaseModel):
    """A body named by some plan, and how often in which role."""

    id: str
    name: str
    counts: dict[str, int]


class Units(BaseModel):
    """Bodies named by the plans, the most often named first, and how many there are in all."""

    units: list[Unit]
    total: int


class Duty(_Wire):
    """One duty; `through` is the collective name it came by."""

    unit: str
    roles: list[str]
    text: str
    years: list[int]
    province: str | None
    through: str | None
    citation: Citation


class UnitDuties(BaseModel):
    """What names a unit, apart from what it falls under; `matrix` counts the former."""

    unit_id: str
    name: str
    collective: bool
    matrix: dict[str, dict[int, int]]
    named: list[Duty]
    through_collectives: list[Duty]
    holders: list[Holder]
    total: int

    @classmethod
    def of(cls, duties: Duties, holders: Iterable[model.Holder]) -> UnitDuties:
        """Return `duties` as the wire shows them."""
        return cls(
            unit_id=duties.unit_id,
            name=duties.name,
            collective=duties.collective,
            matrix=count_duties(duties.named),
            named=[Duty.model_validate(duty) for duty in duties.named],
            through_collectives=[Duty.model_validate(d) for d in duties.through_collectives],
            holders=[Holder.model_validate(holder) for holder in holders],
            total=len(duties.named),
        )


class Deadline(BaseModel):
    """One thing due: `when` as written, the rest only where the calendar knows it.

    `due` is the first of `dates`, `next` the first from the day asked on; `before` says that the
    day itself is too late.
    """

    who: list[str]
    what: str
    to_whom: str | None
    when: str
    due: datetime.date | None
    recurs: bool
    before: bool
    dates: list[datetime.date]
    next: datetime.date | None
    years: list[int]
    province: str | None
    citation: Citation

    @classmethod
    def of(cls, entry: Entry) -> Deadline:
        """Return a deadline with its days as the wire shows it."""
        said = entry.deadline
        return cls(
            who=list(said.who),
            what=said.what,
            to_whom=said.to_whom,
            when=said.when,
            due=next(iter(entry.days), None),
            recurs=entry.recurs,
            before=said.due is not None and said.due.before,
            dates=list(entry.days),
            next=entry.next,
            years=list(said.years),
            province=said.province,
            citation=Citation.model_validate(said.citation),
        )


class Deadlines(BaseModel):
    """Every deadline in scope; what the calendar does not know stands last, as written."""

    deadlines: list[Deadline]
    total: int
    dated: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Deadlines:
        """Return `entries` as the wire shows them."""
        return cls(
            deadlines=[Deadline.of(entry) for entry in entries],
            total=len(entries),
            dated=sum(bool(entry.days) for entry in entries),
        )


class Side(_Wire):
    """One plan's row of a pair."""

    province: str | None
    fields: dict[str, Any]
    citation: Citation


class Paired(_Wire):
    """One activity in two plans; `could_take` are blank cells that the other plan fills."""

    one: Side
    other: Side
    likeness: float
    differs: list[str]
    same: list[str]
    could_take: list[dict[str, str]]


class ComparedPlans(_Wire):
    """Two plans side by side, by id."""

    one: str
    other: str
    pairs: list[Paired]
    only_one: list[Side]
    only_other: list[Side]


class Held(BaseModel):
    """How many provinces the index holds plans of, of all there were and of all there are."""

    plans: int
    provinces: list[str]
    held: int
    of: int
    held_today: int
    of_today: int

    @classmethod
    def by(cls, catalogue: Catalogue, today: datetime.date) -> Held:
        """Return what all plans cover; `today` decides which provinces are one."""
        names = catalogue.provinces
        return cls(
            plans=len(catalogue.heads),
            provinces=list(names),
            held=len(names),
            of=PROVINCES_BEFORE,
            held_today=len({current_province(name, today) for name in names}),
            of_today=PROVINCES_TODAY,
        )


class Comparisons(BaseModel):
    """Plans in pairs, and how much of the country they are."""

    topic: str | None
    comparisons: list[ComparedPlans]
    corpus: Held

    @classmethod
    def of(cls, topic: str | None, compared: Iterable[Comparison], held: Held) -> Comparisons:
        """Return `compared` as the wire shows it."""
        return cls(
            topic=topic,
            comparisons=[ComparedPlans.model_validate(pair) for pair in compared],
            corpus=held,
        )


class Document(_Wire):
    """A document that plans stand on; `step` is 0 at the top of the ladder."""

    kind: str
    number: str | None
    issued_on: datetime.date | None
    issuer: str | None
    title: str | None
    rank: str
    step: int
    plans: list[str]
    citations: list[Citation]


class Bases(BaseModel):
    """Every document that plans stand on, from the top down."""

    bases: list[Document]
    total: int

    @classmethod
    def of(cls, documents: Iterable[ladder.Document]) -> Bases:
        """Return `documents` as the wire shows them."""
        listed = [Document.model_validate(document) for document in documents]
        return cls(bases=listed, total=len(listed))


class Job(_Wire):
    """A task of the administrator; `name` is the file it is about, `done` of `total` plans."""

    id: str
    task: uploads.Task
    state: uploads.State
    name: str
    size: int
    created_at: datetime.datetime
    plan_id: str | None
    reason: str | None
    done: int
    total: int


class Jobs(BaseModel):
    """Every task, the newest first."""

    jobs: list[Job]
    total: int


class JobDetail(Job):
    """A task with what was understood of its file, None before it is read or once thrown away."""

    plan: PlanDetail | None = None
    rows: list[Row] = []

    @classmethod
    def of(cls, job: uploads.Job, plan: corpus.Plan | None) -> JobDetail:
        """Return `job` with the `plan` that was read for it."""
        shown = cls.model_validate(job)
        if plan is None:
            return shown
        understood = PlanDetail.of(plan, notes_of(plan))
        return shown.model_copy(update={"plan": understood, "rows": Rows.of(plan).rows})


class Remark(BaseModel):
    """The body of ``POST /v1/feedback``: what somebody thinks of an answer."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[Text, Field(min_length=1, max_length=LONGEST_QUESTION)]
    verdict: Literal["right", "wrong", "incomplete"]
    comment: Annotated[Text, Field(max_length=2_000)] = ""
    answer: Annotated[Text, Field(max_length=10_000)] = ""
    citation: Annotated[Text, Field(max_length=500)] = ""


class KeptRemark(Remark):
    """A remark as it was kept; `caller` is the name of the key it came with."""

    id: str
    at: datetime.datetime
    caller: str | None


class Remarks(BaseModel):
    """The newest remarks and how many there are."""

    remarks: list[KeptRemark]
    total: int


class Kept(BaseModel):
    """Says that a remark was kept, and under which id."""

    id: str


class Problem(BaseModel):
    """An error as RFC 9457 has it, in Vietnamese; `type` is stable."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


def plan_url(plan_id: str) -> str:
    """Return where the API shows a plan."""
    return f"/v1/plans/{quote(plan_id)}"


def notes_of(plan: corpus.Plan) -> list[Note]:
    """Return the doubts about `plan` and its contradictions, each with the places it concerns."""
    return [
        Note(
            code=note.code,
            severity=note.severity,
            message=note.message,
            places=[Quote.of(plan, span) for span in note.spans if len(span)],
        )
        for note in lint(plan)
    ]


def units_of(counted: Iterable[Sequence[Any]], total: int) -> Units:
    """Return units of `total` from `(id, name, counts by role)`."""
    units = [
        Unit(id=unit_id, name=name, counts={str(role): count for role, count in counts.items()})
        for unit_id, name, counts in counted
    ]
    return Units(units=units, total=total)
