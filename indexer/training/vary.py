"""Pairs as people would have typed them: pieces, questions, lost marks, abbreviations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.text import fold
from indexer.static import Vocabulary
from indexer.training.pairs import Ids, Source

# How Vietnamese questions are put: what stands before and after the matter itself. Headings never
# contain it, so without these the model could not learn that it says nothing.
_FRAMES = (
    "…như thế nào",
    "…thế nào",
    "…là gì",
    "…là như thế nào",
    "…có được không",
    "…được không",
    "…không ạ",
    "…ra sao",
    "…có đúng không",
    "…bao nhiêu",
    "…là bao nhiêu",
    "…bao lâu",
    "…khi nào",
    "…ở đâu",
    "…do ai",
    "…gồm những gì",
    "…bao gồm những gì",
    "…gồm những nội dung gì",
    "…được quy định như thế nào",
    "…quy định ra sao",
    "…theo quy định của pháp luật",
    "…có phải không",
    "…vì sao",
    "…tại sao",
    "…thì sao",
    "…phải làm gì",
    "…cần làm gì",
    "…xin cảm ơn",
    "…cảm ơn",
    "…thì có sao không",
    "…có bị gì không",
    "…thì có được không ạ",
    "cho hỏi…",
    "cho tôi hỏi…",
    "cho em hỏi…ạ",
    "tôi muốn hỏi…như thế nào",
    "xin hỏi…",
    "xin hỏi…có được không",
    "thế nào là…",
    "như thế nào là…",
    "khi nào…",
    "khi nào thì…",
    "tại sao…",
    "vì sao…",
    "ai là…",
    "ai…",
    "đơn vị nào…",
    "cơ quan nào…",
    "đơn vị nào chủ trì…",
    "ai có trách nhiệm…",
    "những ai…",
    "có phải…không",
    "có được…không",
    "có cần…không",
    "làm sao để…",
    "làm thế nào để…",
    "muốn…thì phải làm gì",
    "nếu…thì sao",
    "trường hợp…thì xử lý thế nào",
    "trong trường hợp nào…",
    "điều kiện…là gì",
    "hãy cho biết…",
    "bao giờ…",
    "bao nhiêu…",
    "ở đâu…",
    "việc…được thực hiện như thế nào",
    "tôi có…thì có được không",
    "mình…được không",
    "em…có sao không",
)
_ABBREVIATIONS = {
    "ủy ban nhân dân": "ubnd",
    "hội đồng nhân dân": "hđnd",
    "trung học cơ sở": "thcs",
    "trung học phổ thông": "thpt",
    "giáo dục nghề nghiệp": "gdnn",
    "giáo dục và đào tạo": "gdđt",
    "lao động thương binh và xã hội": "lđtbxh",
    "công nghệ thông tin": "cntt",
    "thông tin và truyền thông": "tttt",
    "khoa học và công nghệ": "khcn",
    "tài nguyên và môi trường": "tnmt",
    "bảo hiểm xã hội": "bhxh",
    "bảo hiểm y tế": "bhyt",
    "quản lý nhà nước": "qlnn",
    "cải cách hành chính": "cchc",
    "thủ tục hành chính": "tthc",
    "cơ sở dữ liệu": "csdl",
    "doanh nghiệp": "dn",
    "học sinh sinh viên": "hssv",
    "kinh tế xã hội": "ktxh",
    "kế hoạch": "kh",
    "nghị định": "nđ",
    "quyết định": "qđ",
    "phòng cháy chữa cháy": "pccc",
    "an toàn giao thông": "atgt",
    "thành phố": "tp",
    "việt nam": "vn",
}


@dataclass(frozen=True, slots=True)
class Habits:
    """How often each variation happens; shares of 1. See docs/findings/encoder.md."""

    piece: float = 0.4
    piece_left_out: float = 0.7
    heading_kept: float = 0.5
    framed: float = 0.4
    abbreviated: float = 0.5
    unmarked: float = 0.1
    half_marked: float = 0.1
    unmarked_text: float = 0.06
    window: int = 128
    windowed: float = 0.7


class Varier:
    """Draws a pair and varies it."""

    def __init__(self, vocabulary: Vocabulary, habits: Habits, random: np.random.Generator) -> None:
        self._habits = habits
        self._random = random
        plain = {word: vocabulary.id_of(fold(word)) for word in vocabulary.words}
        self._unmarked = np.arange(vocabulary.reach, dtype=np.int32)
        self._unmarked[: len(plain)] = list(plain.values())
        self._frames = [
            tuple(np.array(vocabulary.ids(side), dtype=np.int32) for side in frame.split("…"))
            for frame in _FRAMES
        ]
        self._abbreviations: dict[int, list[tuple[Ids, Ids]]] = {}
        for long, short in _ABBREVIATIONS.items():
            written = np.array(vocabulary.ids(long), dtype=np.int32)
            entry = (written, np.array(vocabulary.ids(short), dtype=np.int32))
            self._abbreviations.setdefault(int(written[0]), []).append(entry)

    def draw(self, source: Source, pair: int) -> tuple[Ids, Ids, int]:
        """Return the two sides of `pair`, varied, and what pairs of equal short side share."""
        habits, chance = self._habits, self._random.random
        heading, text = source.short(pair), source.long(pair)
        question, label = heading, hash(heading.tobytes())
        if chance() < habits.piece and len(text) > 30:
            question, text = self._piece(heading, text)
            label = int(self._random.integers(1 << 60))
        if len(text) > habits.window and chance() < habits.windowed:
            first = int(self._random.integers(len(text) - habits.window))
            text = text[first : first + habits.window]
        if chance() < habits.abbreviated:
            question = self._abbreviate(question)
        if chance() < habits.framed:
            before, after = self._frames[self._random.integers(len(self._frames))]
            question = np.concatenate([before, question, after])
        fate = chance()
        if fate < habits.unmarked:
            question = self._unmarked[question]
        elif fate < habits.unmarked + habits.half_marked:
            lost = self._random.random(len(question)) < 0.5
            question = np.where(lost, self._unmarked[question], question)
        elif fate < habits.unmarked + habits.half_marked + habits.unmarked_text:
            text = self._unmarked[text]
        return question, text, label

    def _piece(self, heading: Ids, text: Ids) -> tuple[Ids, Ids]:
        """Return some words of `text` as the question, and mostly the text without them."""
        length = int(self._random.integers(6, 26))
        first = int(self._random.integers(len(text) - length))
        piece = text[first : first + length]
        if self._random.random() < self._habits.piece_left_out:
            text = np.concatenate([text[:first], text[first + length :]])
        if self._random.random() < self._habits.heading_kept:
            text = np.concatenate([heading, text])
        return piece, text

    def _abbreviate(self, question: Ids) -> Ids:
        for place, word in enumerate(question.tolist()):
            for written, short in self._abbreviations.get(word, ()):
                if np.array_equal(question[place : place + len(written)], written):
                    rest = question[place + len(written) :]
                    return np.concatenate([question[:place], short, rest])
        return question
