"""Vectors, words and filters find the right chunks, and never fewer than there are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.chunk import chunk_plan, looked_up_text
from indexer.dense import Dense
from indexer.filter import Allowed, Facets, FacetWriter, Filter, facet_terms
from indexer.lexical import Lexical, chunk_terms
from tests.factories import make_plan, make_row, make_section
from tests.fakes import FakeEncoder

PLANS = [
    make_plan(
        sections=[
            make_section(
                "VIII",
                "TỔ CHỨC THỰC HIỆN",
                children=[make_section("1", "Sở Tài chính", "Bố trí kinh phí.")],
            )
        ],
        rows=[
            make_row("1", "Tuyên truyền trên báo", lead="Sở Tài chính", years=(2023,)),
            make_row(
                "2", "Tập huấn phóng viên", lead="Sở Nội vụ", support="Sở Tài chính", years=(2024,)
            ),
        ],
    ),
    make_plan(
        id="1549-kh-ubnd.binh-thuan.2024",
        number=None,
        province="Bình Thuận",
        period=(2024, 2024),
        rows=[make_row("1", "Tuyên truyền trên mạng", lead="Sở Nội vụ")],
    ),
]
CHUNKS = [(chunk, plan) for plan in PLANS for chunk in chunk_plan(plan, 200, FakeEncoder().count)]
TERMS = [facet_terms(chunk, plan) for chunk, plan in CHUNKS]


@pytest.fixture(scope="module")
def facets(tmp_path_factory: pytest.TempPathFactory) -> Facets:
    folder = tmp_path_factory.mktemp("facets")
    writer = FacetWriter()
    for terms in TERMS:
        writer.add(terms)
    writer.write(folder)
    return Facets.open(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> Lexical:
    return write_lexical(
        tmp_path_factory.mktemp("lexical"),
        [
            (looked_up_text(chunk, plan), terms)
            for (chunk, plan), terms in zip(CHUNKS, TERMS, strict=True)
        ],
    )


def write_lexical(folder: Path, chunks: list[tuple[str, tuple[str, ...]]]) -> Lexical:
    with Lexical.writing(folder) as writer:
        for text, terms in chunks:
            writer.add(chunk_terms(text), terms)
    return Lexical.open(folder)


def write_dense(vectors: np.ndarray, folder: Path, most_flat: int = 1_000) -> Dense:
    with Dense.writing(folder, vectors.shape[1], most_flat) as writer:
        for vector in vectors:
            writer.add(vector)
    return Dense.open(folder)


def texts(folder: Path, *lines: str) -> Lexical:
    return write_lexical(folder, [(line, ()) for line in lines])


def names(allowed: Allowed | None) -> set[str]:
    assert allowed is not None
    return {CHUNKS[position][0].id for position in allowed.positions()}


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (
            Filter(provinces=("kien giang",)),
            {"97-kh-ubnd.kien-giang.2023#r1", "97-kh-ubnd.kien-giang.2023#r2"},
        ),
        (Filter(years=(2023,)), {"97-kh-ubnd.kien-giang.2023#r1"}),
        (
            Filter(years=(2024,)),
            {"97-kh-ubnd.kien-giang.2023#r2", "1549-kh-ubnd.binh-thuan.2024#r1"},
        ),
        (Filter(plans=("1549-kh-ubnd.binh-thuan.2024",)), {"1549-kh-ubnd.binh-thuan.2024#r1"}),
        (
            Filter(units=("so-tai-chinh",)),
            {"97-kh-ubnd.kien-giang.2023#r1", "97-kh-ubnd.kien-giang.2023#r2"},
        ),
        (Filter(units=("so-tai-chinh",), roles=("support",)), {"97-kh-ubnd.kien-giang.2023#r2"}),
        (Filter(roles=("support",)), {"97-kh-ubnd.kien-giang.2023#r2"}),
        (Filter(provinces=("Bình Thuận",), years=(2023,)), set()),
        (Filter(provinces=("Cà Mau",)), set()),
    ],
)
def test_a_filter_lets_through_exactly_the_rows_it_names(
    facets: Facets, wanted: Filter, rows: set[str]
) -> None:
    allowed = names(facets.allowed(wanted))
    assert {name for name in allowed if "#r" in name} == rows


def test_a_section_counts_for_every_year_its_plan_covers(facets: Facets) -> None:
    wanted = Filter(years=(2025,), kinds=("section",))
    assert names(facets.allowed(wanted)) == {
        "97-kh-ubnd.kien-giang.2023#VIII",
        "97-kh-ubnd.kien-giang.2023#VIII.1",
    }


def test_a_filter_that_names_nothing_restricts_nothing(facets: Facets) -> None:
    assert facets.allowed(Filter()) is None
    assert facets.allowed(None) is None


def test_facets_count_what_is_allowed(facets: Facets) -> None:
    rows = facets.allowed(Filter(kinds=("row",)))
    assert facets.counts("province:", rows) == {"kien giang": 2, "binh thuan": 1}
    assert facets.counts("year:", rows) == {"2023": 1, "2024": 2}


def test_the_most_common_words_are_not_asked_for_where_all_would_be_too_much(
    tmp_path: Path,
) -> None:
    lines = [f"kế hoạch xã thứ {number}" for number in range(20)]
    texts(tmp_path, "kế hoạch ngân sách", *lines)
    assert len(Lexical.open(tmp_path).search("kế hoạch ngân sách", 50)) == 21
    # The rarest words, as many as are read with one entry a chunk.
    bounded = Lexical.open(tmp_path, most_read=1).search("kế hoạch ngân sách", 50)
    assert [found.position for found in bounded] == [0]


def test_a_question_of_common_words_alone_is_answered_by_one_of_them(tmp_path: Path) -> None:
    texts(tmp_path, *(f"kế hoạch số {number}" for number in range(20)))
    assert len(Lexical.open(tmp_path, most_read=1).search("kế hoạch", 50)) == 20


FILTERS = st.builds(
    Filter,
    provinces=st.sets(st.sampled_from(["Kiên Giang", "Bình Thuận", "Huế"])).map(tuple),
    years=st.sets(st.sampled_from([2023, 2024, 2026])).map(tuple),
    units=st.sets(st.sampled_from(["so-tai-chinh", "so-noi-vu"])).map(tuple),
    roles=st.sets(st.sampled_from(["lead", "support", "duty"])).map(tuple),
    kinds=st.sets(st.sampled_from(["row", "section", "plan"])).map(tuple),
)


@settings(deadline=None)
@given(FILTERS)
def test_words_and_vectors_see_the_same_chunks_and_all_of_them(
    facets: Facets, lexical: Lexical, tmp_path_factory: pytest.TempPathFactory, wanted: Filter
) -> None:
    allowed = facets.allowed(wanted)
    expected = set(range(len(CHUNKS))) if allowed is None else set(allowed.positions().tolist())
    dense = dense_of_chunks(tmp_path_factory)
    question = FakeEncoder().encode_questions(["kế hoạch truyền thông"])[0]
    assert {found.position for found in dense.search(question, len(CHUNKS), allowed)} == expected
    # Every chunk has the title of its plan in its context, so words find all that is allowed.
    by_words = lexical.search("truyền thông giáo dục", len(CHUNKS), allowed)
    assert {found.position for found in by_words} == expected


@settings(deadline=None)
@given(FILTERS, st.integers(1, len(CHUNKS)))
def test_a_broad_filter_lets_the_same_chunks_through_as_a_narrow_one(
    facets: Facets,
    tmp_path_factory: pytest.TempPathFactory,
    lexical: Lexical,
    wanted: Filter,
    k: int,
) -> None:
    allowed = facets.allowed(wanted)
    folder = tmp_path_factory.getbasetemp() / "broad"
    if not folder.exists():
        folder.mkdir()
        looked_up = [looked_up_text(chunk, plan) for chunk, plan in CHUNKS]
        write_lexical(folder, list(zip(looked_up, TERMS, strict=True)))
    broad = Lexical.open(folder, broad=0).search("truyền thông giáo dục Sở Nội vụ", k, allowed)
    narrow = lexical.search("truyền thông giáo dục Sở Nội vụ", k, allowed)
    assert [found.score for found in broad] == pytest.approx([found.score for found in narrow])


def dense_of_chunks(factory: pytest.TempPathFactory) -> Dense:
    path = factory.mktemp("dense") / "vectors"
    write_dense(FakeEncoder().encode_texts([chunk.text for chunk, _ in CHUNKS]), path)
    return Dense.open(path)


def test_a_rare_allowed_vector_is_found_among_many(tmp_path: Path) -> None:
    generator = np.random.default_rng(7)
    vectors = generator.normal(size=(5000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_dense(vectors, tmp_path / "vectors")
    dense = Dense.open(tmp_path / "vectors")
    mask = np.zeros(5000, dtype=np.bool_)
    mask[[3, 4111, 4999]] = True
    found = dense.search(vectors[0], 10, Allowed(mask, ()))
    assert {hit.position for hit in found} == {3, 4111, 4999}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    exact = dense.scores(vectors[0], np.array([hit.position for hit in found]))
    assert np.allclose(exact, [hit.score for hit in found], atol=1e-6)


def clustered(count: int = 4_000, dimensions: int = 16) -> np.ndarray:
    generator = np.random.default_rng(11)
    centres = generator.normal(size=(40, dimensions))
    vectors = centres[generator.integers(40, size=count)] + generator.normal(
        size=(count, dimensions), scale=0.6
    )
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_the_kind_of_index_is_chosen_by_the_number_of_vectors(tmp_path: Path) -> None:
    few, many = clustered(900), clustered()
    assert write_dense(few, tmp_path / "few").kind.startswith("Flat")
    assert write_dense(many, tmp_path / "many").kind.startswith("IVF")


def test_clusters_find_nearly_what_a_scan_finds(tmp_path: Path) -> None:
    vectors = clustered()
    write_dense(vectors, tmp_path / "v")
    approximate = Dense.open(tmp_path / "v", most_scanned=10)
    exact = Dense.open(tmp_path / "v", most_scanned=len(vectors))
    shared = [
        len(
            {hit.position for hit in approximate.search(vector, 10)}
            & {hit.position for hit in exact.search(vector, 10)}
        )
        for vector in vectors[:50]
    ]
    assert sum(shared) >= 0.95 * 500


def test_a_narrow_filter_is_scanned_exactly_however_many_vectors_there_are(tmp_path: Path) -> None:
    vectors = clustered()
    dense = write_dense(vectors, tmp_path / "v")
    mask = np.zeros(len(vectors), dtype=np.bool_)
    mask[::37] = True
    allowed = np.flatnonzero(mask)
    for vector in vectors[:20]:
        best = allowed[np.argsort(-(vectors[allowed] @ vector))[:10]]
        found = dense.search(vector, 10, Allowed(mask, ()))
        assert {hit.position for hit in found} == set(best.tolist())


def test_a_wide_filter_holds_in_the_clusters_too(tmp_path: Path) -> None:
    vectors = clustered()
    write_dense(vectors, tmp_path / "v")
    dense = Dense.open(tmp_path / "v", most_scanned=100)
    mask = np.arange(len(vectors)) % 2 == 0
    found = dense.search(vectors[1], 10, Allowed(mask, ()))
    assert len(found) == 10
    assert all(mask[hit.position] for hit in found)


def test_what_came_after_the_clusters_is_found_beside_them(tmp_path: Path) -> None:
    vectors, folder = clustered(), tmp_path / "v"
    write_dense(vectors[:3_000], folder)
    made = (folder / "clusters.faiss").read_bytes()
    for first, last, is_tail in ((3_000, 3_400, True), (3_400, 4_000, False)):
        with Dense.writing(folder, vectors.shape[1], 1_000, most_tail=500) as writer:
            for vector in vectors[first:last]:
                writer.add(vector)
        assert ((folder / "clusters.faiss").read_bytes() == made) is is_tail
        grown, fresh = Dense.open(folder, most_scanned=100), vectors[:last]
        mask = np.arange(last) % 2 == 0
        for at in range(0, last, 97):
            best = set(np.argsort(-(fresh @ fresh[at]))[:10].tolist())
            found = grown.search(fresh[at], 10)
            assert len(best & {hit.position for hit in found}) >= 8
            assert found[0].position == at
            allowed = grown.search(fresh[at], 10, Allowed(mask, ()))
            assert len(allowed) == 10
            assert all(mask[hit.position] for hit in allowed)


def test_of_equal_vectors_the_first_come_first(tmp_path: Path) -> None:
    vectors = np.tile(clustered(50), (40, 1))
    dense = write_dense(vectors, tmp_path / "v", most_flat=5_000)
    for k in (1, 7, 33, 41):
        found = [hit.position for hit in dense.search(vectors[3], k)]
        assert found[:40] == list(range(3, 2_000, 50))[:k]


def test_the_nearest_vector_comes_first(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    write_dense(encoder.encode_texts(["Sở Tài chính", "báo chí", "mạng xã hội"]), tmp_path / "v")
    found = Dense.open(tmp_path / "v").search(encoder.encode_questions(["cơ quan báo chí"])[0], 2)
    assert found[0].position == 1
    assert len(found) == 2


def test_a_question_without_marks_finds_marked_text(tmp_path: Path) -> None:
    lexical = texts(tmp_path, "Ngày hội tuyển sinh", "Sở Tài chính bố trí kinh phí")
    assert [hit.position for hit in lexical.search("so tai chinh", 5)] == [1]


def test_marks_that_were_typed_decide_between_words_that_differ_in_marks(tmp_path: Path) -> None:
    lexical = texts(tmp_path, "con đường mới", "cây dương mới", "củ duong mới")
    assert lexical.search("đường", 3)[0].position == 0
    assert lexical.search("dương", 3)[0].position == 1
    assert len(lexical.search("duong", 3)) == 3


def test_one_word_with_its_tone_mark_in_two_places_is_one_word(tmp_path: Path) -> None:
    lexical = texts(tmp_path, "Ụy ban hòa bình", "Uỷ ban hòa bình", "Ụy ban họa bình")
    found = lexical.search("Ủy ban Hoà Bình", 3)
    # Each differs from the next by the marks of one word more.
    assert [hit.position for hit in found] == [1, 0, 2]
    assert found[0].score > found[1].score > found[2].score


def test_words_side_by_side_beat_the_same_words_scattered(tmp_path: Path) -> None:
    lexical = texts(
        tmp_path, "hội nghị báo cáo tuyển chọn sinh viên", "ngày hội tuyển sinh của viên chức"
    )
    assert lexical.search("tuyen sinh", 2)[0].position == 1


def test_decomposed_and_underscored_words_are_the_same_words(tmp_path: Path) -> None:
    lexical = texts(tmp_path, "tuyển_sinh 97/KH-UBND")
    assert lexical.search("tuye\u0302\u0309n", 1)[0].position == 0
    assert lexical.search("97/kh-ubnd", 1)[0].position == 0


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("báo Kiên Giang", "97-kh-ubnd.kien-giang.2023#r1"),
        ("dòng 2", "97-kh-ubnd.kien-giang.2023#r2"),
        ("đơn vị phối hợp tập huấn", "97-kh-ubnd.kien-giang.2023#r2"),
    ],
)
def test_a_row_is_found_by_its_plan_its_number_and_its_columns_too(
    lexical: Lexical, question: str, first: str
) -> None:
    assert CHUNKS[lexical.search(question, 1)[0].position][0].id == first


@pytest.mark.parametrize("question", ["", "  ?!…", "không_có_từ_này"])
def test_a_question_without_a_known_word_finds_nothing(tmp_path: Path, question: str) -> None:
    assert texts(tmp_path, "Sở Tài chính").search(question, 5) == []
