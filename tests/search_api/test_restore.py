"""The restorer on real phrases of plans, with a model learnt here from a few sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import fold, strip_marks
from indexer.frequencies import Frequencies
from indexer.syllables import SYLLABLE
from indexer.training.marks import write_marks
from indexer.training.pairs import read_pairs
from search_api import restore
from search_api.restore import Restorer
from search_api.vocabulary import Vocabulary
from tests.indexer.training_data import write_source

SENTENCES = (
    "đơn vị nào chủ trì phối hợp với báo chí tuyên truyền về giáo dục nghề nghiệp",
    "Sở Lao động - Thương binh và Xã hội chủ trì, phối hợp với các sở, ban, ngành",
    "kế hoạch của Ủy ban nhân dân tỉnh về công tác truyền thông giáo dục nghề nghiệp",
    "sản phẩm dự kiến là tin bài, phóng sự trên báo và đài phát thanh truyền hình",
    "ban quản lý cho phép ngân hàng cho vay vốn, dương và đường là hai từ khác nhau",
)


@pytest.fixture(scope="module")
def restorer(tmp_path_factory: pytest.TempPathFactory) -> Restorer:
    folder = tmp_path_factory.mktemp("marks")
    write_source(folder / "law.jsonl.xz", [(sentence, sentence) for sentence in SENTENCES * 20])
    pairs = read_pairs(folder, ("law",), folder / "cache")
    write_marks(pairs, folder / "model")
    return Restorer.open(folder / "model")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("don vi nao chu tri phoi hop voi bao chi", "đơn vị nào chủ trì phối hợp với báo chí"),
        ("Don vi nao chu tri", "Đơn vị nào chủ trì"),
        ("don vị nao chủ tri phối hop voi báo chi", "đơn vị nào chủ trì phối hợp với báo chí"),
        ("đuong", "đường"),
        ("KE HOACH CUA UY BAN NHAN DAN TINH", "KẾ HOẠCH CỦA ỦY BAN NHÂN DÂN TỈNH"),
    ],
)
def test_lost_marks_come_back(restorer: Restorer, typed: str, meant: str) -> None:
    restored = restorer.restore(typed)
    assert restored.text == meant
    assert restored.changed
    assert 0 < restored.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "đơn vị nào chủ trì phối hợp với báo chí",
        "dương",
        "kế hoạch 97/KH-UBND",
        "uỷ ban nhân dân",
        "what is the plan",
        "2024",
        "",
        " \n",
    ],
)
def test_what_lacks_nothing_is_returned_as_typed(restorer: Restorer, text: str) -> None:
    restored = restorer.restore(text)
    assert restored.text == text
    assert not restored.changed


def test_capitals_abbreviate_unless_the_whole_text_shouts(restorer: Restorer) -> None:
    assert restorer.restore("KE HOACH cua UBND tinh").text == "KE HOACH của UBND tỉnh"
    assert restorer.restore("KE HOACH CUA TINH").text == "KẾ HOẠCH CỦA TỈNH"


def test_numbers_abbreviations_and_addresses_are_left_alone(restorer: Restorer) -> None:
    typed = "ke hoach 97/kh-ubnd cua UBND tinh, xem kiengiang.gov.vn/bao-chi hoac bao@chi.vn"
    restored = restorer.restore(typed).text
    assert restored.startswith("kế hoạch 97/kh-ubnd của UBND tỉnh")
    assert "kiengiang.gov.vn/bao-chi" in restored
    assert "bao@chi.vn" in restored


@given(st.text(alphabet="aăâeêioôơuưyđdáàảãạốờứhnctgbk BKĐ,.-/1&", max_size=40))
def test_only_marks_are_ever_added(restorer: Restorer, text: str) -> None:
    restored = restorer.restore(text).text
    assert fold(restored) == fold(text)
    assert len(restored) == len(text)
    for before, after in zip(text, restored, strict=True):
        if strip_marks(before) != before:
            assert strip_marks(after) != after


@given(st.text(max_size=60))
def test_any_text_is_survived(restorer: Restorer, text: str) -> None:
    assert fold(restorer.restore(text).text) == fold(text)


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        (
            "_TECHNICAL",
            ["97/KH-UBND", "a@b.vn", "kiengiang.gov.vn", "https://x", "covid19"],
            ["năm.", "báo/đài", "Thương", "-"],
        ),
        ("_LETTERS", ["báo", "UBND"], ["12", "_", "-"]),
        ("_CHUNK", ["97/KH-UBND,", "x"], [" ", "\n"]),
    ],
)
def test_patterns_take_what_they_mean_and_nothing_near_it(
    pattern: str, taken: list[str], left: list[str]
) -> None:
    expression = getattr(restore, pattern)
    find = expression.search if pattern == "_TECHNICAL" else expression.fullmatch
    assert all(find(text) for text in taken)
    assert not any(find(text) for text in left)


def test_syllables_are_not_joined_by_underscores() -> None:
    assert SYLLABLE.findall("giáo_dục, 97/KH") == ["giáo", "dục", "97", "KH"]


def test_the_restorer_that_comes_along_reads_a_question_nobody_trained_on() -> None:
    folder = Path(restore.__file__).parent / "weights" / "restorer"
    restored = Restorer.open(folder).restore("don vi nao chu tri to chuc hoi nghi tong ket")
    assert restored.text == "đơn vị nào chủ trì tổ chức hội nghị tổng kết"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("co may muc tieu", "có mấy mục tiêu"),
        ("lay o dau", "lấy ở đâu"),
        ("het bao nhieu tien", "hết bao nhiêu tiền"),
    ],
)
def test_what_questions_are_made_of_is_known(typed: str, meant: str) -> None:
    assert Restorer.open(restore.SHIPPED).restore(typed).text == meant


def test_what_the_plans_speak_of_is_likelier_to_be_meant() -> None:
    shipped = Restorer.open(restore.SHIPPED)
    plans = Frequencies.of(["Đặt các pa nô truyền thông"] * 20)
    counted = Vocabulary(plans).marked_count
    assert shipped.restore("cac pa no truyen thong").text != "các pa nô truyền thông"
    assert shipped.restore("cac pa no truyen thong", counted).text == "các pa nô truyền thông"


def test_what_stands_once_in_the_plans_is_no_habit_of_theirs() -> None:
    plans = Frequencies.of(["chú trọng tuyên truyền", *["chú trọng, trong kế hoạch"] * 30])
    counted = Vocabulary(plans).marked_count
    restored = Restorer.open(restore.SHIPPED).restore("lam gi trong tuyen truyen", counted)
    assert restored.text == "làm gì trong tuyên truyền"
