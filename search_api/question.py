"""Raw words to a Question: what is asked, about what, where, when, by whom."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.abbreviations import expand
from corpus.model import Role, Span
from corpus.places import (
    Province,
    province_mentions,
    province_slips,
    shortened_provinces,
    write_out_after,
    write_out_label,
)
from corpus.text import (
    Token,
    fold,
    may_be,
    one_line,
    place_tones,
    strip_marks,
    token_texts,
    tokenise,
)
from corpus.units import Mention
from indexer.segment import words
from search_api import cues
from search_api.errors import LONGEST_QUESTION, EmptyQuestion, QuestionTooLong
from search_api.everyday import EVERYDAY
from search_api.model import Intent
from search_api.reference import Reference, find_reference
from search_api.restore import Restorer
from search_api.spelling import spell_out
from search_api.vocabulary import Vocabulary

# What is left of "ở tỉnh Kiên Giang" without its name.
_PLACE_WORD = re.compile(
    cues.cue(r"(?:(?:ở|tại|của|thuộc|trên địa bàn)(?: tỉnh)?|tỉnh)").pattern + r"(?=  )"
)
# "2024", "2023-2025", "2023 đến 2025"; not the year in "45/2025/NĐ-CP".
_YEARS = re.compile(
    r"(?<![\d/])(?P<first>(?:19|20)\d{2})"
    r"(?:\s*(?:-|–|đến|den|tới|toi)\s*(?:năm |nam )?(?P<last>(?:19|20)\d{2}))?(?![\d/])"
)
# A longer period is a slip, not a plan's.
_LONGEST_PERIOD = 30
# "97/KH-UBND" is the number of a plan, "2239/QĐ-TTg" is not.
_OF_A_PLAN = re.compile(r"/\s*kh\b", re.I)
_PLAN_WITH_NUMBER = cues.cue(r"(?:kế hoạch|kh|văn bản|phụ lục)(?: số)? \d{1,5}")
# "kí", "lí", "kĩ": the same words as ký, lý, kỹ.
_I_FOR_Y = re.compile(r"(?<![^\W_])([hklmstHKLMST])([iíìỉĩị])(?![^\W_])")
_Y_OF_I = dict(zip("iíìỉĩị", "yýỳỷỹỵ", strict=True))
_WORD = re.compile(r"[^\W_]+")
# The forms of a letter in a compiled cue, its full one first: "[ởơỏo]".
_LETTER_FORMS = re.compile(r"\[(\w)\w*\]")
# Artificial intelligence inside a sentence; "Ai chủ trì" and "AI CHỦ TRÌ" ask who.
_AI = re.compile(r"(?<=\S )AI(?![^\W_])")
_ANY_SMALL = re.compile(r"[^\W\d_A-ZĐ]{2}")
# About three of four syllables of Vietnamese text carry a mark.
_MARKED_SHARE = 0.65
# What a question about a numbered part of the body may look like, and is not.
_OF_A_PART = frozenset(
    {Intent.LEAD, Intent.ACTIVITIES, Intent.SUPPORT, Intent.BUDGET, Intent.DUTIES}
)
# "Thế sản phẩm là gì?", "vậy thì ai phối hợp?": what opens a follow-up; not "Thế giới nghề nghiệp".
_PARTICLE = cues.cue(r"(?:thế|vậy|rồi|à|ừ)(?: thì| là)?(?! (?:nào|giới|hệ|kỷ|mạnh))")
_OPENER = re.compile(rf"^(?:{_PARTICLE.pattern}[ ,]+)+", re.I)
# "30/3/2023"; not "30/3", "130/3/2023".
_A_DATE = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)")
# Typed without marks these are plain in a question, though law and news often write "báo nhiều".
_PHRASES = (
    *("bao nhiêu", "khi nào", "bao giờ", "thế nào", "là gì", "số mấy", "sở nào"),
    *(f"mấy {counted}" for counted in ("việc", "hoạt động", "đơn vị", "nhiệm vụ", "hình thức")),
    "nào",
)
_HOLDERS = frozenset({Role.LEAD, Role.SUPPORT, Role.MONITOR})
# Farther from the question word than any verb of a question can stand.
_FAR = 10_000
# What stands before or after the name of a unit and gives it a role.
_LED_BY = re.compile(
    cues.cue(
        "do|bởi|thuộc trách nhiệm của|dưới sự chủ trì của|chủ trì là|chủ trì bởi",
    ).pattern
    + "$"
)
_LEADS = cues.cue(
    r"(?:(?:tự mình |một mình )?(?:đứng |đồng )|(?:giữ|ở|với|trong) vai(?: trò)? |tham gia "
    r"|có (?:thực sự )?"
    r"|có phải (?:là )?(?:đơn vị |cơ quan |bên )?|đóng vai "
    r"|là (?:đơn vị|cơ quan|bên) |sẽ |được giao |phải "
    r"|cùng )?(?:chủ trì|phụ trách|đứng ra|đảm nhiệm|làm đầu mối|đầu mối|chịu trách nhiệm"
    r"|làm chủ trì)",
)
_MONITORING = r"(?:theo dõi|đôn đốc|giám sát|kiểm tra)"
_MONITORS = cues.cue(
    rf"(?:sẽ |phải |được giao |có trách nhiệm )?{_MONITORING}(?:(?:,| và|, và) {_MONITORING})*",
)
_SUPPORTS = cues.cue(
    r"(?:là (?:đơn vị|cơ quan|bên) |có phải (?:là )?(?:đơn vị |cơ quan |bên )?|sẽ |phải |cùng "
    r"|chỉ |thì |được |có |chỉ đóng vai(?: trò)? |góp mặt |có mặt "
    r"|(?:đóng|giữ|ở|với|trong) vai(?: trò)? )?(?:phối hợp|hỗ trợ"
    rf"|tham gia(?= (?:phối hợp|các|những|vào|gì|ở|mấy|{cues.WORK}))"
    r"|là thành viên(?! nào)|(?:góp|có) mặt (?:trong|ở)|cùng tham gia)",
)
_HELPS = cues.cue("hỗ trợ")
# "Sở X chủ trì, phối hợp với Y": who leads is said, so Y supports.
_STRICTLY_LED = r"(?:sở|ban|đơn vị|cơ quan|ủy ban|hội|đoàn|công an|trường|trung tâm)[^,?]*chủ trì"
_SUPPORTED_BY = re.compile(cues.cue("phối hợp (?:với|cùng)").pattern + r"\W*$")
_WITH_SUPPORT_OF = re.compile(
    cues.cue(
        r"có|sự phối hợp của|sự tham gia của|phối hợp (?:chỉ )?(?:là|ghi|gồm|có)"
        rf"|{_STRICTLY_LED} ?, phối hợp (?:với|cùng)"
    ).pattern
    + "$"
)
# "Tôi ở Sở Tài chính, sở tôi chủ trì việc gì?": whoever is named before the verb.
_HOLDS_WHAT = cues.cue(
    r"(?:chủ trì|phụ trách|đảm nhiệm|phối hợp|hỗ trợ) (?:ở |trong )?(?:những |các )?"
    rf"(?:{cues.WORK} )?(?:gì|nào|cái gì)"
)
_JOINED = re.compile(r" ?(?:,|" + cues.cue("và|cùng|với").pattern + r")(?: các)? ")
_WHO_WORKS_WITH = re.compile(
    cues.cue(
        rf"{cues.WHO}(?: [^ ]+){{0,2}}? {cues.SUPPORT}(?: thực hiện| công tác| làm việc)?"
        r"(?: với| cùng| cho)?",
    ).pattern
    + "$"
)
_BLANK_OR_QUOTE = " ,'\"“”‘’()"
# What the question is asked with is not what it is about.
_NEVER_TOPIC = (
    cues.YES_NO,
    cues.NOT_COUNT,
    cues.WHICH_PROVINCE,
    cues.WHO_CUE,
    cues.FILLER,
    cues.TODAY,
    cues.GONE,
    cues.EVERY_YEAR,
    cues.OF_APPENDIX,
    cues.STOP_PHRASES,
    cues.LIST,
    cues.REASON,
)
# "bao nhiêu đợt", "mấy đầu việc", "số hoạt động": what is counted, not what it is about.
_COUNTED_WORK = cues.cue(rf"(?:(?:bao nhiêu|mấy|số lượng|tổng số) |^số ){cues.WORK}")
_CUES_OF: dict[Intent, tuple[re.Pattern[str], ...]] = {
    Intent.PRODUCT: (cues.PRODUCT,),
    Intent.YEARS: (cues.YEARS,),
    Intent.COUNT: (
        cues.COUNT,
        cues.ALONE,
        cues.EACH,
        cues.EITHER_ROLE,
        _COUNTED_WORK,
        cues.WHERE_DUTIES_STAND,
        cues.PARTNERS,
    ),
    Intent.COMPARE: (cues.COMPARE,),
    Intent.DUTIES: (cues.DUTIES, cues.WHERE_DUTIES_STAND),
    Intent.DEADLINE: (cues.WHEN, cues.BY),
    Intent.BUDGET: (cues.MONEY_FROM, cues.EXCEPT),
    Intent.LEGAL_BASIS: (cues.BASED_ON,),
    Intent.ACTIVITIES: (cues.WHAT_ACTIVITY, cues.ALONE, cues.EITHER_ROLE),
}
# Questions about a column, which may be about all that a body does ...
_OF_A_COLUMN = frozenset(
    {
        *(Intent.LEAD, Intent.SUPPORT, Intent.PRODUCT, Intent.YEARS, Intent.DEADLINE),
        *(Intent.BUDGET, Intent.SECTION, Intent.DUTIES),
    }
)
# ... where these are all they say beside it.
_OF_ANY_COLUMN = (
    *_NEVER_TOPIC,
    *(cues.WHAT_ACTIVITY, cues.PARTNERS, cues.HOLDS_ROLE, cues.SUPPORT_FIELD, cues.LEAD_FIELD),
    *(cues.WHO_SUPPORTS_VERB, cues.PRODUCT, cues.YEARS, cues.WHEN, cues.BY, cues.TIME, cues.AMOUNT),
    cues.cue(r"(?:bên |cùng |với |thì |có )?chủ trì|phối hợp(?: với| cùng)?|xong|hoàn thành|năm"),
)
# Between a unit and the words that ask for its partners nothing else is asked.
_ASKS = re.compile(rf"[?,;]|{cues.WHO_CUE.pattern}|{cues.WHAT_ACTIVITY.pattern}")
# What somebody must do is a duty of the body of the plan.
_MUST = cues.cue("phải")
_CUES_OF_ROLE: dict[Role, tuple[re.Pattern[str], ...]] = {
    Role.PRODUCT: (cues.PRODUCT,),
    Role.SUPPORT: (cues.WHO_SUPPORTS_VERB, cues.SUPPORT_FIELD),
    Role.LEAD: (cues.LEAD_FIELD, cues.LEAD_CUE),
    Role.ACTIVITY: (cues.PRODUCT,),
}

FindUnits = Callable[[str], Sequence[Mention]]


@dataclass(frozen=True, slots=True)
class AskedUnit:
    """A unit the question names, and the role it must have (None: it is what is asked about).

    `ids` are all the units the words may mean ("sở văn hóa" is the short name of two).
    """

    ids: tuple[str, ...]
    name: str
    role: Role | None
    span: Span


@dataclass(frozen=True, slots=True)
class Wording:
    """Words as they are looked up.

    `text` is what was `typed`, abbreviations written out and slips corrected; `restored` the same
    letter by letter with its missing marks; `slipped` says that there were slips.
    """

    typed: str
    text: str
    restored: str
    slipped: bool = False

    @property
    def terms(self) -> tuple[Token, ...]:
        """Return the tokens that are more than words of any question."""
        marked = is_marked(self.text)
        return tuple(t for t in tokenise(self.text) if not _is_stopword(t, marked=marked))


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    `asks` are the columns wanted, `also` those that a row has to tell besides; `claim` is the
    intent of what a yes-or-no question says; `restored` is `text` with its missing marks; `topic`
    the words left when everything else is read off, `terms` the same as tokens, `free_terms` those
    with the names of units that must hold a role; `words` are the spans of words of several
    syllables in `text`; `provinces` as the question names them; `yes_no` that a claim is to be
    checked; `lists` that all there is is wanted; `parts` the parts of a plan's head it is about.
    """

    raw: str
    text: str
    corrected: str | None
    restored: str
    intent: Intent
    claim: Intent = Intent.SECTION
    asks: tuple[Role, ...] = ()
    also: tuple[Role, ...] = ()
    topic: str = ""
    terms: tuple[Token, ...] = ()
    free_terms: tuple[Token, ...] = ()
    words: tuple[Span, ...] = ()
    years: tuple[int, ...] = ()
    provinces: tuple[str, ...] = ()
    units: tuple[AskedUnit, ...] = ()
    yes_no: bool = False
    lists: bool = False
    parts: tuple[str, ...] = ()
    reference: Reference | None = None

    @property
    def restored_topic(self) -> str:
        """Return the topic with its missing marks."""
        return " ".join(term.span.of(self.restored) for term in self.terms)

    @property
    def names_plan(self) -> bool:
        """Say whether the number of a plan is named, which may be that of none."""
        lowered = self.text.lower()
        numbers = (cues.DOCUMENT_NUMBER, _PLAN_WITH_NUMBER)
        return any(pattern.search(lowered) for pattern in numbers)

    @property
    def partners_of(self) -> AskedUnit | None:
        """Return the unit whose partners are asked for, whoever leads: "Sở X phối hợp với ai"."""
        lowered = self.text.lower()
        for unit in self.units:
            with_whom = cues.PARTNERS.search(lowered, unit.span.end)
            between = lowered[unit.span.end : with_whom.start()] if with_whom else "?"
            if unit.role in (None, Role.SUPPORT) and not _ASKS.search(between):
                return unit
        return None

    def unit_in(self, role: Role | None) -> AskedUnit | None:
        """Return the first unit named in that role."""
        return next((unit for unit in self.units if unit.role is role), None)


def check_length(raw: str) -> str:
    """Return the question on one line; raise EmptyQuestion or QuestionTooLong."""
    if len(raw) > LONGEST_QUESTION:
        raise QuestionTooLong(len(raw))
    text = one_line(raw)
    if not any(character.isalnum() for character in text):
        raise EmptyQuestion
    return text


def read_words(
    raw: str,
    vocabulary: Vocabulary,
    find_units: FindUnits,
    restorer: Restorer,
    *,
    as_typed: bool = False,
    provinces: Collection[str] = (),
) -> Wording:
    """Return the words of `raw` as they are looked up; raise EmptyQuestion or QuestionTooLong.

    Abbreviations are written out, slips of the keyboard corrected against the words of the plans;
    initials of one of `provinces` stand for it as a label of the question and behind a unit. With
    `as_typed` none of this is done.
    """
    typed = check_length(raw)
    if as_typed:
        return Wording(typed, typed, typed)
    typed = _OPENER.sub("", typed) or typed
    written = _written_out(write_out_label(typed, provinces))
    if _ANY_SMALL.search(typed):
        named = [mention.span.end for mention in find_units(written)]
        written = write_out_after(written, named, provinces)
    text, slipped = _correct(written, vocabulary, find_units, restorer)
    return Wording(typed, text, _restored(text, restorer, vocabulary), slipped)


def read_question(raw: str, said: Wording, find_units: FindUnits) -> Question:
    """Return what `raw` asks, whose words are `said`.

    Missing marks are restored only to tell words from syllables, to read what is asked where there
    are none, and to be shown; what is matched is what was typed. `Question.corrected` shows the
    result.
    """
    text, marked = said.text, said.restored
    lowered = text.lower()
    years, year_spans = _years(lowered)
    places = (
        province_mentions(text)
        or province_mentions(marked)
        or _misspelt_provinces(text)
        or shortened_provinces(text)
    )
    named = {province.name for _, province in places}
    places += tuple(
        (span, province)
        for span, province in _misspelt_provinces(text)
        if province.name not in named
    )
    mentions = find_units(text)
    reference = find_reference(lowered)
    intent, asks, parts = _intent(lowered, mentions)
    if not is_marked(text):
        meant = _intent(marked.lower(), mentions)
        if meant[0] not in (Intent.SECTION, intent):
            intent, asks, parts = meant
    if cues.IS_TODAY.search(lowered) and (mentions or places):
        intent, asks, parts = Intent.TODAY, (), ()
    of_part = bool(reference and reference.path and intent in _OF_A_PART)
    if of_part and not _holds_role(lowered) and not (mentions and cues.DUTY_OF.search(lowered)):
        intent, asks = Intent.SECTION, ()
    units = _asked_units(_without(places, lowered), mentions, intent, asks)
    # "So Xay dung chu tri" is not "đúng chứ".
    yes_no = _is_yes_no(_blanked(lowered, (mention.span for mention in mentions)))
    placed = [*year_spans, *(span for span, _ in places)]
    held = _asked_units(_without(places, lowered), mentions, Intent.ACTIVITIES, ())
    of_duty = intent is Intent.DUTIES and cues.DUTY_OF.search(lowered)
    of_column = intent in _OF_A_COLUMN and not (yes_no or reference or of_duty)
    all_of_body = of_column and _is_all_of_a_body(text, held, placed)
    if all_of_body:
        intent, asks, units = Intent.ACTIVITIES, (Role.ACTIVITY,), held
    taken = [
        *placed,
        *(reference.spans if reference else ()),
        *_spans(cues.DOCUMENT_NUMBER, lowered),
        *_spans(_PLAN_WITH_NUMBER, lowered),
        *(
            Span(match.start(), unit.span.start)
            for unit in units
            if unit.role is Role.SUPPORT
            and (match := _SUPPORTED_BY.search(lowered[: unit.span.start]))
        ),
        *(_spans(_MONITORS, lowered) if any(u.role is Role.MONITOR for u in units) else ()),
        *(span for unit in units if unit.role for span in _role_words(lowered, unit.span)),
    ]
    compounds = _compounds(marked)
    free_terms = _topic_terms(text, intent, asks, taken, compounds)
    holding = [unit.span for unit in units if unit.role is not None]
    terms = tuple(
        term
        for term in free_terms
        if not all_of_body and not any(span.contains(term.span) for span in holding)
    )
    return Question(
        raw=raw,
        text=text,
        corrected=marked
        if said.slipped or fold(marked) != fold(said.typed) or marked != text
        else None,
        restored=marked,
        intent=Intent.VERIFY if yes_no and intent is not Intent.COMPARE else intent,
        claim=intent,
        asks=asks,
        also=_columns_asked(lowered, asks),
        topic=" ".join(token.text for token in terms),
        terms=terms,
        free_terms=free_terms,
        words=compounds,
        years=years,
        provinces=tuple(dict.fromkeys(place.name for _, place in places)),
        units=units,
        yes_no=yes_no,
        lists=bool(cues.LIST.search(lowered)),
        parts=parts,
        reference=reference,
    )


def _is_all_of_a_body(text: str, units: Sequence[AskedUnit], placed: Sequence[Span]) -> bool:
    """Say whether a question is about all that the units it names do, and about nothing else.

    "Sở X chủ trì việc gì, với ai, tháng mấy?", "Sở X phối hợp với ai?".
    """
    lowered = text.lower()
    if not (units and all(unit.role for unit in units)) or _MUST.search(lowered):
        return False
    spans = [*placed, *(unit.span for unit in units)]
    spans += [span for pattern in _OF_ANY_COLUMN for span in _spans(pattern, lowered)]
    marked = is_marked(text)
    return all(
        _lies_in(token, spans) or _is_stopword(token, marked=marked) for token in tokenise(text)
    )


def _written_out(typed: str) -> str:
    """Return a question without the shortcuts of whoever typed it."""
    if _ANY_SMALL.search(typed):
        typed = _AI.sub("trí tuệ nhân tạo", typed)
    spelled = _I_FOR_Y.sub(
        lambda match: match[1] + _Y_OF_I[match[2]], place_tones(spell_out(typed))
    )
    return expand(spelled).text


def _is_yes_no(lowered: str) -> bool:
    """Say whether a question holds a claim that is to be checked."""
    if cues.OPEN_FIRST.search(lowered):
        return False
    ends_so = cues.ENDS_LIKE_YES_NO.search(lowered) and cues.HAS.search(lowered)
    return bool(cues.YES_NO.search(lowered) or (ends_so and not cues.WHO_CUE.search(lowered)))


def _without(places: Sequence[tuple[Span, Province]], lowered: str) -> str:
    """Return a question with blanks for its places: "báo chí ở Bình Thuận phối hợp"."""
    lowered = _blanked(lowered, (span for span, _ in places))
    return _PLACE_WORD.sub(lambda match: " " * len(match[0]), lowered)


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with blanks for some of its places."""
    for span in spans:
        text = text[: span.start] + " " * len(span) + text[span.end :]
    return text


def _holds_role(lowered: str) -> bool:
    return bool(cues.HOLDS_ROLE.search(lowered))


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(*match.span()) for match in pattern.finditer(text)]


def _misspelt_provinces(text: str) -> tuple[tuple[Span, Province], ...]:
    """Return provinces written in capitals with a wrong mark or letter: "Bình Thuân"."""
    return tuple(
        (span, province)
        for span, province in province_mentions(strip_marks(text))
        if all(word[:1].isupper() for word in span.of(text).split())
    ) or province_slips(text)


def follow_up(question: Question, previous: Question) -> Question:
    """Return `question` with what it leaves unsaid taken from the question before it.

    "còn Bình Thuận thì sao?" keeps intent and topic, "thế ai phối hợp?" the topic, "năm 2025?" all
    but the year. A question that says its own topic and intent stands alone.
    """
    says_more = {term.key for term in question.terms} - {"gui", "nop"}
    sends = cues.SENDS.search(question.text.lower()) and not says_more
    if sends and question.parts == ("recipients",) and cues.REPORTING.search(previous.text.lower()):
        # After a question on reports, "gửi cho ai?" means them, not the plan.
        question = replace(
            question,
            text=f"báo cáo {question.text}",
            intent=Intent.SECTION,
            claim=Intent.SECTION,
            parts=(),
            terms=(),
        )
    if question.terms and question.claim is not Intent.SECTION:
        return question
    if question.terms and not question.provinces and not question.years:
        return question
    says_intent = question.claim is not Intent.SECTION or question.yes_no
    source = question if says_intent else previous
    return replace(
        question,
        text=question.text if says_intent else _said_before(previous, question),
        intent=source.intent,
        claim=source.claim,
        asks=source.asks,
        also=source.also,
        parts=source.parts,
        topic=previous.topic,
        terms=previous.terms,
        free_terms=previous.free_terms,
        words=previous.words,
        restored=f"{previous.restored} {question.restored}",
        years=question.years or previous.years,
        provinces=question.provinces or previous.provinces,
        units=question.units or previous.units,
        reference=question.reference or previous.reference,
    )


def _said_before(previous: Question, question: Question) -> str:
    """Return both questions as one, the first without the number of a plan of another province."""
    text = previous.text
    if question.provinces:
        for pattern in (cues.DOCUMENT_NUMBER, _PLAN_WITH_NUMBER):
            text = pattern.sub(lambda match: " " * len(match[0]), text)
    return f"{text} {question.text}"


def _restored(text: str, restorer: Restorer, vocabulary: Vocabulary) -> str:
    """Return `text` with the marks it lacks; the same length, letter by letter."""
    restored = place_tones(restorer.restore(text, vocabulary.marked_count).text)
    if fold(restored) != fold(text):
        return text
    for phrase in _PHRASES:
        # "Chuyển đổi số nào" asks for no sở.
        after_digital = "(?<!doi )" if phrase == "sở nào" else ""
        for match in re.finditer(rf"(?<!\w){after_digital}{fold(phrase)}(?!\w)", text):
            restored = f"{restored[: match.start()]}{phrase}{restored[match.end() :]}"
    return restored


def _correct(
    text: str, vocabulary: Vocabulary, find_units: FindUnits, restorer: Restorer
) -> tuple[str, bool]:
    """Replace syllables that are slips; a syllable takes the letters of the one that was meant."""
    tokens = tokenise(text)
    slips = vocabulary.correct(tokens, question_words(), restorer.is_usual)
    if not slips:
        return text, False
    names = [
        *_spans(cues.DOCUMENT_NUMBER, text),
        *(span for span, _ in province_mentions(text)),
        *(mention.span for mention in find_units(text)),
    ]
    pieces, position, slipped = [], 0, False
    for index, meant in sorted(slips.items()):
        span = tokens[index].span
        if not any(name.contains(span) for name in names):
            pieces += [text[position : span.start], meant]
            position, slipped = span.end, True
    return "".join([*pieces, text[position:]]), slipped


@functools.cache
def question_words() -> frozenset[str]:
    """Return the folded syllables that questions are made of, whatever they are about."""
    words = {fold(word) for word in cues.STOPWORDS}
    for value in vars(cues).values():
        if isinstance(value, re.Pattern):
            spelled = _LETTER_FORMS.sub(r"\1", value.pattern)
            words |= {fold(word) for word in _WORD.findall(spelled)}
    return frozenset(words)


def _years(lowered: str) -> tuple[tuple[int, ...], list[Span]]:
    years: dict[int, None] = {}
    spans = []
    numbers = _spans(cues.DOCUMENT_NUMBER, lowered)
    for match in _YEARS.finditer(lowered):
        span = Span(*match.span())
        if any(number.contains(span) for number in numbers):
            continue
        first = int(match["first"])
        last = int(match["last"] or first)
        if first <= last <= first + _LONGEST_PERIOD:
            years.update(dict.fromkeys(range(first, last + 1)))
            spans.append(span)
    return tuple(years), spans


def _intent(
    lowered: str, mentions: Sequence[Mention]
) -> tuple[Intent, tuple[Role, ...], tuple[str, ...]]:
    """Return the intent, the columns asked for, and the parts of a plan's head.

    The cues are tried from those that mean one thing to those that may mean many.
    """
    if cues.COMPARE.search(lowered):
        return Intent.COMPARE, _fields_named(lowered), _head_parts(lowered)
    columns = _columns_named(lowered)
    if len(columns) > 1:
        return Intent.LEAD, columns, ()
    numbers = [match[0] for match in cues.DOCUMENT_NUMBER.finditer(lowered)]
    cites_document = any(not _OF_A_PLAN.search(number) for number in numbers)
    who = cues.WHO_CUE.search(lowered)
    based = cues.LEGAL_BASIS.search(lowered)
    stands_on = based and not (
        who and who.start() < based.start() and cues.BASED_ON.match(based[0])
    )
    wants_years = cues.YEARS.search(lowered) and cues.WHICH_YEAR.search(lowered)
    if cues.COUNTED.search(cues.NOT_COUNT.sub(" ", lowered)) and not wants_years:
        return Intent.COUNT, _fields_named(lowered), ()
    if cues.REPORT_TO.search(lowered):
        return Intent.SECTION, (), ()
    if cues.ATTACHED_TO.search(lowered) and not cites_document:
        return Intent.METADATA, (), _head_parts(lowered)
    if cites_document or cues.BARE_DOCUMENT.search(lowered) or stands_on:
        return Intent.LEGAL_BASIS, (), ()
    # "so ke hoach va dau tu" is a department; "so ke hoach" alone is a number.
    planning = [m.span for m in mentions if fold(m.text).startswith("so ke hoach va")]
    parts = _head_parts(_blanked(lowered, planning))
    if parts:
        return Intent.METADATA, (), parts
    if mentions and _holds_role(lowered) and cues.WHICH_ACTIVITY.search(lowered):
        return Intent.ACTIVITIES, (Role.ACTIVITY,), ()
    late = cues.LATE.search(lowered) and cues.REPORTING.search(lowered)
    timed = cues.TIME.search(lowered) and not cues.YEARS.search(lowered)
    if late or timed or cues.DEADLINE.search(lowered):
        return Intent.DEADLINE, (), ()
    intent, asks = _intent_of_content(lowered, mentions)
    return intent, asks, ()


def _intent_of_content(
    lowered: str, mentions: Sequence[Mention]
) -> tuple[Intent, tuple[Role, ...]]:
    """Return the intent of a question about what is to be done, and the columns asked for."""
    who = cues.WHO_CUE.search(lowered)
    holds_role = _holds_role(lowered)
    listed = cues.LIST_ACTIVITIES.search(lowered)
    asks_activity = cues.WHAT_ACTIVITY.search(lowered) or listed
    asks_years = cues.YEARS.search(lowered) and cues.WHICH_YEAR.search(lowered)
    makes = cues.PRODUCT.search(lowered) and not asks_years
    if mentions and cues.DUTY_OF.search(lowered) and not holds_role:
        return Intent.DUTIES, ()
    if mentions and listed:
        return Intent.ACTIVITIES, (Role.ACTIVITY,)
    roles = _roles_asked(lowered)
    about_roles = Intent.SUPPORT if roles[:1] == (Role.SUPPORT,) else Intent.LEAD
    if roles and who:
        return about_roles, roles
    if asks_activity and mentions and holds_role:
        return Intent.ACTIVITIES, (Role.ACTIVITY,)
    if makes and cues.WHICH_ACTIVITY.search(lowered):
        return Intent.ACTIVITIES, (Role.ACTIVITY,)
    if cues.REASON.search(lowered):
        return Intent.SECTION, ()
    if makes:
        return Intent.PRODUCT, (Role.PRODUCT,)
    if cues.DUTIES.search(lowered) and mentions:
        return Intent.DUTIES, ()
    if cues.YEARS.search(lowered):
        return Intent.YEARS, (Role.YEARS,)
    if cues.BUDGET.search(lowered) and not who:
        # Money that one body has to find is its duty; a collective only spends it.
        bound = any(not mention.unit.collective for mention in mentions)
        return (Intent.DUTIES if bound else Intent.BUDGET), ()
    if roles:
        return about_roles, roles
    if cues.WHICH_PROVINCE.search(lowered):
        return Intent.ACTIVITIES, (Role.ACTIVITY,)
    if cues.SECTION_WORDS.search(lowered):
        return Intent.SECTION, ()
    if who:
        return Intent.LEAD, ()
    if cues.LIST.search(lowered) or asks_activity:
        return Intent.ACTIVITIES, (Role.ACTIVITY,)
    return Intent.SECTION, ()


def _head_parts(lowered: str) -> tuple[str, ...]:
    """Return which parts of a plan's head a question is about, in the order they are read."""
    if cues.REPORTING.search(lowered) or cues.OTHER_DOCUMENT.search(lowered):
        return ()
    spoken_of = cues.PLAN_WORD.search(lowered)
    parts = (
        ("attachment", cues.ATTACHED_TO),
        ("signatory", cues.SIGNED_BY),
        ("recipients", cues.RECIPIENTS),
        *(cues.HEAD_PARTS if spoken_of and not cues.MUST.search(lowered) else ()),
    )
    found = [part for part, pattern in parts if pattern.search(lowered)]
    if "signatory" in found and not spoken_of and cues.ALSO_DATED.search(lowered):
        found.append("issued_on")
    if found[:1] == ["attachment"]:
        names_appendix = cues.TITLE_OF.search(lowered) and not cues.LINE.search(lowered)
        others = {"signatory", "recipients"} & set(found)
        return ("appendix_title",) if names_appendix and not others else ("attachment",)
    if spoken_of and cues.WHICH_PROVINCE.search(lowered) and not cues.WHAT_ACTIVITY.search(lowered):
        return ("province",)
    if {"signatory", "issued_on"} <= set(found) and not cues.SIGNER.search(lowered):
        # "Ai ký văn bản ngày 30/3/2023?" gives the date, "ký ngày nào" asks for it.
        if _A_DATE.search(lowered):
            found.remove("issued_on")
        elif not cues.WHO_SIGNS.search(lowered):
            found.remove("signatory")
    if cues.APPENDIX.search(lowered):
        found = ["appendix_title" if part == "title" else part for part in found]
    return tuple(found)


def _fields_named(lowered: str) -> tuple[Role, ...]:
    named = (
        (Role.LEAD, cues.LEAD_CUE),
        (Role.SUPPORT, cues.SUPPORT_FIELD),
        (Role.PRODUCT, cues.PRODUCT),
        (Role.YEARS, cues.YEARS),
    )
    return tuple(role for role, pattern in named if pattern.search(lowered))


def _columns_asked(lowered: str, asks: Sequence[Role]) -> tuple[Role, ...]:
    """Return every column that some words of a question ask for; `asks` settles who is asked."""
    cued = (
        (Role.PRODUCT, cues.WHAT_PRODUCT),
        (Role.BUDGET, cues.AMOUNT),
        (Role.TIME, cues.TIME),
        (Role.YEARS, cues.WHICH_YEAR),
    )
    roles = () if _HOLDERS & set(asks) else _roles_asked(lowered)
    asked = [role for role, pattern in cued if pattern.search(lowered)]
    return (*roles, *asked, *_columns_named(lowered))


def _columns_named(lowered: str) -> tuple[Role, ...]:
    """Return the columns that a question names after a colon: "đào tạo: chủ trì, kinh phí?"."""
    _, colon, tail = lowered.rpartition(":")
    return tuple(Role(c) for c, pattern in cues.COLUMNS.items() if pattern.search(colon + tail))


def _roles_asked(lowered: str) -> tuple[Role, ...]:
    """Return LEAD, SUPPORT or both, first the one whose word is nearest to the question word."""
    if cues.MONITORS.search(lowered) and not cues.LEAD_CUE.search(lowered):
        return (Role.MONITOR,)
    leads = _distance_to_who(lowered, cues.WHO_LEADS, cues.LEAD_VERB)
    supports = _distance_to_who(lowered, cues.WHO_SUPPORTS, cues.SUPPORT_VERB)
    lead_named = cues.LEAD_FIELD.search(lowered)
    support_named = cues.SUPPORT_FIELD.search(lowered)
    if support_named and not lead_named and not cues.LEAD_CUE.search(lowered):
        return (Role.SUPPORT,)
    if leads == supports == _FAR:
        if lead_named and support_named:
            return (Role.LEAD, Role.SUPPORT)
        if lead_named or support_named:
            return (Role.LEAD if lead_named else Role.SUPPORT,)
        return ()
    whos = cues.WHO_CUE.findall(lowered)
    if len(whos) > 1 and leads < _FAR and supports < _FAR:
        return (Role.LEAD, Role.SUPPORT)
    if leads == supports and not cues.LEAD_CUE.search(lowered):
        # "giao những cơ quan nào phối hợp": who is given something need not lead.
        return (Role.SUPPORT,)
    return (Role.LEAD,) if leads <= supports else (Role.SUPPORT,)


def _distance_to_who(lowered: str, pattern: re.Pattern[str], verbs: re.Pattern[str]) -> int:
    """Return how many characters lie between the question word and the nearest verb of a role."""
    best = _FAR
    for match in pattern.finditer(lowered):
        who = cues.WHO_CUE.search(match[0])
        if who is None:
            continue
        for verb in verbs.finditer(match[0]):
            gap = max(verb.start() - who.end(), who.start() - verb.end(), 0)
            best = min(best, gap)
    return best


def _asked_units(
    lowered: str, mentions: Sequence[Mention], intent: Intent, asks: tuple[Role, ...]
) -> tuple[AskedUnit, ...]:
    units: list[AskedUnit] = []
    for mention in reversed(mentions):
        role = _role_in_question(lowered, mention.span, intent, asks)
        # "Sở A và Sở B chủ trì": the role follows the last of several units.
        if role is None and units:
            between = lowered[mention.span.end : units[0].span.start]
            role = units[0].role if _JOINED.fullmatch(between) else None
        ids = tuple(unit.id for unit in (mention.unit, *mention.others))
        name = mention.text
        if not mention.unit.collective and fold(name) == fold(mention.unit.name):
            name = mention.unit.name
        units.insert(0, AskedUnit(ids, name, role, mention.span))
    if len(units) == 1 and units[0].role is None and intent is Intent.ACTIVITIES:
        held = _HOLDS_WHAT.search(lowered, units[0].span.end)
        if held:
            role = Role.LEAD if _LEADS.match(held[0]) else Role.SUPPORT
            units[0] = replace(units[0], role=role)
    return tuple(units)


def _role_in_question(
    lowered: str, span: Span, intent: Intent, asks: tuple[Role, ...]
) -> Role | None:
    """Return the role the question gives to a unit it names, None where it only talks about it."""
    before = lowered[: span.start].rstrip(_BLANK_OR_QUOTE)
    after = lowered[span.end :].lstrip(_BLANK_OR_QUOTE)
    if _MONITORS.match(after):
        return Role.MONITOR
    if _LED_BY.search(before) or _LEADS.match(after):
        return None if intent is Intent.LEAD and asks == (Role.LEAD,) else Role.LEAD
    if _SUPPORTS.match(after) or _WITH_SUPPORT_OF.search(before):
        return None if intent is Intent.SUPPORT and asks == (Role.SUPPORT,) else Role.SUPPORT
    if intent is Intent.SUPPORT and _WHO_WORKS_WITH.search(before):
        return Role.LEAD
    return None


def _role_words(lowered: str, unit: Span) -> Iterator[Span]:
    """Yield where the words behind a unit stand that give it a role: "Sở X cùng tham gia".

    "Hỗ trợ" may be what the question is about.
    """
    start = len(lowered) - len(lowered[unit.end :].lstrip(_BLANK_OR_QUOTE))
    for pattern in (_LEADS, _SUPPORTS):
        match = pattern.match(lowered, start)
        if match and not _HELPS.search(match[0]):
            yield Span(*match.span())


def _topic_terms(
    text: str,
    intent: Intent,
    asks: tuple[Role, ...],
    taken: Iterable[Span],
    compounds: tuple[Span, ...],
) -> tuple[Token, ...]:
    """Return the tokens that say what the question is about."""
    lowered = text.lower()
    patterns = [*_NEVER_TOPIC, *_CUES_OF.get(intent, ())]
    patterns += [pattern for role in asks for pattern in _CUES_OF_ROLE.get(role, ())]
    # "việc" is a filler, but not in "việc làm".
    spans = [
        *taken,
        *(
            span
            for pattern in patterns
            for span in _spans(pattern, lowered)
            if not _cuts_a_word(span, compounds)
        ),
    ]
    marked = is_marked(text)
    terms = tuple(
        token
        for token in tokenise(text)
        if not _lies_in(token, spans)
        and (_lies_in(token, compounds) or not _is_stopword(token, marked=marked))
    )
    # Where nothing else is said, words of every talk are no topic.
    return () if EVERYDAY.issuperset(token.text for token in terms) else terms


def _lies_in(token: Token, spans: Iterable[Span]) -> bool:
    start, end = token.start, token.end
    return any(span.start <= start and end <= span.end for span in spans)


def _cuts_a_word(span: Span, compounds: Sequence[Span]) -> bool:
    return any(
        word.start < span.start < word.end or word.start < span.end < word.end for word in compounds
    )


def _compounds(text: str) -> tuple[Span, ...]:
    """Return the words of several syllables of a marked text, without those that say nothing."""
    return tuple(
        span
        for span in words(text)
        if " " in (word := span.of(text)) and not cues.STOPWORDS.issuperset(token_texts(word))
    )


def is_marked(text: str) -> bool:
    """Say whether most syllables carry their marks, so that one without any means what it says."""
    syllables = [token for token in tokenise(text) if token.key.isalpha()]
    return sum(token.text != token.key for token in syllables) >= _MARKED_SHARE * len(syllables)


def _is_stopword(token: Token, *, marked: bool) -> bool:
    """Say whether a token is a stopword, or may be one where marks were not typed."""
    words = _stopwords_by_key().get(token.key, ())
    return token.text in words if marked else any(may_be(token.text, word) for word in words)


@functools.cache
def _stopwords_by_key() -> dict[str, tuple[str, ...]]:
    by_key: dict[str, tuple[str, ...]] = {}
    for word in cues.STOPWORDS:
        by_key[fold(word)] = (*by_key.get(fold(word), ()), word)
    return by_key
