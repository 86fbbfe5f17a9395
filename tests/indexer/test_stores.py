"""One contract for every store of vectors and words: same hits, same filters, same answers.

The embedded store is what the others are compared with. Milvus is a real standalone server (2.3,
its words stay embedded) and, for words scored by Milvus itself, Milvus Lite.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from eval.cases import CASES
from eval.synthetic import read_plan_of, write_plans
from indexer.build import Index, Report, build_index, open_index
from indexer.bundle import open_generation
from indexer.dense import Found
from indexer.errors import IndexDamaged, IndexForeign, StoreUnavailable
from indexer.filter import Allowed, Filter
from indexer.milvus import Milvus, expression
from indexer.store import Embedded, Store
from kehoach.cli import main
from kehoach.parts import BadSettingError, open_store
from search_api.engine import Engine
from tests.conftest import SHIPPED_PLANS
from tests.indexer.milvus_server import MilvusServer, milvus_server

QUESTIONS = (
    "Đơn vị nào chủ trì phối hợp báo chí tuyên truyền?",
    "to chuc ngay hoi viec lam",
    "kinh phí thực hiện kế hoạch",
    "97/KH-UBND",
    "tập huấn cho cán bộ cấp xã năm 2024",
)
FILTERS = (
    None,
    Filter(provinces=("Kiên Giang",)),
    Filter(provinces=("Kiên Giang", "Bình Thuận"), kinds=("row",)),
    Filter(years=(2024, 2025), kinds=("row", "section")),
    Filter(units=("so-y-te",), roles=("lead", "support")),
    Filter(plans=("97-kh-ubnd.kien-giang.2023",), kinds=("section",)),
    Filter(provinces=("Không có tỉnh này",)),
)


@dataclass
class Place:
    """A store, its index, and how the index is built again."""

    store: Store
    plans: Path
    folder: Path
    encoder: object

    def build(self, **more: object) -> Report:
        return build_index(
            [] if "drop" in more else [self.plans],
            self.folder,
            self.encoder,
            store=self.store,
            read=lambda path, _folder: read_plan_of(path),
            **more,
        )

    def open(self) -> Index:
        return open_index(self.folder, self.encoder, store=self.store)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped plans and some made ones."""
    folder = tmp_path_factory.mktemp("stores") / "plans"
    shutil.copytree(SHIPPED_PLANS, folder)
    assert len(list(write_plans(folder / "made", 4))) == 4
    return folder


@pytest.fixture(scope="module")
def reference(plans, encoder, tmp_path_factory) -> Index:
    """The embedded index everything is compared with."""
    place = Place(Embedded(), plans, tmp_path_factory.mktemp("reference") / "index", encoder)
    place.build()
    return place.open()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[MilvusServer]:
    pytest.importorskip("pymilvus", reason="needs pip install 'kehoach[milvus]'")
    pytest.importorskip("milvus", reason="needs the package milvus: a server to test on")
    with milvus_server(tmp_path_factory.mktemp("milvus") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def make_store(tmp_path_factory, request) -> Callable[[str], Store]:
    """A store by name, each made once."""
    made: dict[str, Store] = {"embedded": Embedded()}

    def make(name: str) -> Store:
        if name not in made and name == "server":
            made[name] = Milvus(request.getfixturevalue("server").uri)
        elif name not in made:
            pytest.importorskip("milvus_lite", reason="needs the package milvus-lite")
            made[name] = Milvus(str(tmp_path_factory.mktemp("lite") / "lite.db"))
        return made[name]

    return make


@pytest.fixture(scope="module", params=["embedded", "server", "lite"])
def place(request, make_store, plans, encoder, tmp_path_factory) -> Place:
    """An index of all plans in each store; nobody may change it."""
    folder = tmp_path_factory.mktemp(request.param) / "index"
    made = Place(make_store(request.param), plans, folder, encoder)
    made.build()
    return made


@pytest.fixture(scope="module")
def index(place) -> Index:
    return place.open()


@pytest.fixture(scope="module")
def make_own(make_store, encoder, tmp_path_factory) -> Callable[[str], Place]:
    """An index of four made plans by the name of its store, which each test may change."""

    @functools.cache
    def make(name: str) -> Place:
        folder = tmp_path_factory.mktemp(f"own-{name}")
        assert len(list(write_plans(folder / "plans", 4, seed=7))) == 4
        made = Place(make_store(name), folder / "plans", folder / "index", encoder)
        made.build()
        return made

    return make


@pytest.fixture(params=["embedded", "server", "lite"])
def own(request, make_own) -> Place:
    return make_own(request.param)


def assert_same(found: list[Found], expected: list[Found]) -> None:
    """Say that two lists are alike; equal scores at the end may stand for each other."""
    assert [one.score for one in found] == pytest.approx([o.score for o in expected], abs=1e-4)
    if expected:
        last = round(expected[-1].score, 4) + 2e-4
        sure = {position for position, score in expected if score > last}
        assert sure <= {position for position, _ in found}


@pytest.mark.parametrize("words", QUESTIONS)
@pytest.mark.parametrize("wanted", FILTERS)
def test_the_nearest_vectors_are_the_same_under_every_filter(index, reference, words, wanted):
    vector = index.encoder.encode_questions([words])[0]
    found = index.dense.search(vector, 30, index.allowed(wanted))
    assert_same(found, reference.dense.search(vector, 30, reference.allowed(wanted)))
    allowed = index.allowed(wanted)
    assert allowed is None or all(allowed.mask[position] for position, _ in found)


def test_a_filter_lets_all_it_allows_through_and_nothing_else(index):
    vector = index.encoder.encode_questions([QUESTIONS[0]])[0]
    for wanted in FILTERS[1:]:
        allowed = index.allowed(wanted)
        found = index.dense.search(vector, len(index.chunks), allowed)
        assert sorted(position for position, _ in found) == allowed.positions().tolist()
    mask = np.zeros(len(index.chunks), dtype=np.bool_)
    mask[[3, 5, 8]] = True
    some = Allowed(mask, ())
    assert {position for position, _ in index.dense.search(vector, 9, some)} == {3, 5, 8}


def test_words_find_what_they_stand_in_under_every_filter(index, reference):
    """Milvus scores words by one length for all fields: what is found is alike, not its order."""
    for words, wanted in zip(itertools.cycle(QUESTIONS), FILTERS, strict=False):
        most = len(index.chunks)
        found = index.lexical.search(words, most, index.allowed(wanted))
        expected = reference.lexical.search(words, most, reference.allowed(wanted))
        assert {position for position, _ in found} == {position for position, _ in expected}
        scores = [score for _, score in found]
        assert scores == sorted(scores, reverse=True)
        assert not scores or scores[-1] > 0


def test_words_put_the_same_chunk_first_where_one_is_clearly_best(index, reference):
    clearly_best = []
    for chunk in [chunk for chunk in reference.chunks if chunk.kind == "row"][::8]:
        first, second = reference.lexical.search(chunk.text, 2)
        if first.score > 1.2 * second.score:
            clearly_best.append((chunk.text, reference.chunks[first.position].text))
    assert len(clearly_best) > 10
    for words, best in clearly_best:
        assert best in {index.chunks[at].text for at, _ in index.lexical.search(words, 3)}


def test_words_of_no_chunk_find_nothing(index):
    assert index.lexical.search("zzz qqq", 5) == []
    assert index.lexical.search("", 5) == []


def test_answers_to_our_own_cases_are_the_same(index, reference):
    lines = (CASES / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    sample = [json.loads(line)["question"] for line in lines[::50]]
    engine, expected = Engine(index), Engine(reference)
    for question in sample:
        one, other = engine.ask(question), expected.ask(question)
        assert (one.status, one.reason, one.answer) == (other.status, other.reason, other.answer)
        assert [c.quote for c in one.citations] == [c.quote for c in other.citations]


def test_indexing_again_embeds_nothing_and_finds_the_same(own):
    before = own.open()
    vector = before.encoder.encode_questions([QUESTIONS[0]])[0]
    report = own.build()
    assert (report.embedded, report.reused) == (0, len(before.chunks))
    assert_same(own.open().dense.search(vector, 9), before.dense.search(vector, 9))


def test_a_withdrawn_plan_is_gone_and_a_reader_of_the_index_before_answers_on(own):
    before = own.open()
    gone, *stay = before.plans
    title = before.plans[gone].title
    vector = before.encoder.encode_questions([title])[0]
    expected = before.dense.search(vector, 9)

    report = own.build(drop={gone})

    after = own.open()
    assert (report.embedded, list(after.plans)) == (0, stay)
    found = after.dense.search(vector, len(before.chunks))
    assert len(found) == len(after.chunks) == sum(c.plan_id != gone for c in before.chunks)
    words = after.lexical.search(title, len(before.chunks))
    assert {after.chunks[p].plan_id for p, _ in (*found, *words)} == set(stay)
    assert before.is_stale
    assert before.dense.search(vector, 9) == expected


def test_a_build_that_fails_leaves_the_index_before_and_nothing_else(own):
    vector = own.encoder.encode_questions([QUESTIONS[0]])[0]
    expected = own.open().dense.search(vector, 9)

    def fail(stage: str, done: int, _total: int) -> None:
        if stage == "embed" and done == 1:
            raise KeyboardInterrupt

    kept = _collections(own.store)
    with pytest.raises(KeyboardInterrupt):
        own.build(on_progress=fail)
    assert own.open().dense.search(vector, 9) == expected
    assert _collections(own.store) == kept


def test_an_index_is_refused_where_another_store_is_set(own, make_store):
    for other in (make_store("embedded"), make_store("server")):
        if other is not own.store:
            with pytest.raises(IndexForeign, match="Milvus"):
                open_index(own.folder, own.encoder, store=other)


def test_a_collection_of_another_configuration_is_not_opened(own):
    if isinstance(own.store, Embedded):
        pytest.skip("the manifest refuses it: see test_build")
    folder, manifest = open_generation(own.folder)
    with pytest.raises(IndexForeign, match="bộ dữ liệu"):
        own.store.open(folder, replace(manifest, encoder="other"))
    with pytest.raises(IndexDamaged, match="đoạn"):
        own.store.open(folder, replace(manifest, chunks=manifest.chunks + 1))


def test_only_this_and_the_last_generation_stay_in_milvus(own):
    if isinstance(own.store, Embedded):
        pytest.skip("files go with their generation")
    first, others = own.open().generation.replace("-", "_"), _collections(own.store)
    first_name = next(name for name in others if first in name)
    for _ in range(2):
        own.build()
    last = own.open().generation.replace("-", "_")
    assert not any(first in name for name in _collections(own.store))
    assert any(last in name for name in _collections(own.store))
    assert len(_collections(own.store) - others) == 2
    owner = first_name.rpartition(first)[0]
    assert {name for name in others if not name.startswith(owner)} <= _collections(own.store)


def test_milvus_keeps_all_through_a_power_cut_and_says_so_while_it_is_away(
    server, make_own, encoder
):
    own = make_own("server")
    index = own.open()
    vector = encoder.encode_questions([QUESTIONS[0]])[0]
    expected = index.dense.search(vector, 20)
    server.kill()
    try:
        with pytest.raises(StoreUnavailable, match="Milvus"):
            index.dense.search(vector, 20)
    finally:
        server.start()
    assert own.open().dense.search(vector, 20) == expected
    assert index.dense.search(vector, 20) == expected


def test_a_filter_reaches_milvus_as_numbers_only():
    typed = Filter(provinces=('x"] or position > 0 or province in ["',), years=(2024,))
    allowed = Allowed(np.ones(3, dtype=np.bool_), typed.clauses())
    assert re.fullmatch(
        r"province in \[\d+\] and ARRAY_CONTAINS_ANY\(terms, \[\d+\]\)", expression(allowed)
    )


@pytest.mark.parametrize(
    "setting",
    [
        "milvus",
        "http://127.0.0.1",
        "milvus://u:s3cret@h:x",
        "milvus://h?replica=2",
        "milvus://u:s3cret@",
    ],
)
def test_a_setting_that_names_no_milvus_is_refused_and_not_repeated(setting, monkeypatch):
    monkeypatch.setenv("KEHOACH_STORE", setting)
    with pytest.raises(BadSettingError, match="KEHOACH_STORE") as refused:
        open_store()
    assert "s3cret" not in str(refused.value)


def test_the_command_line_indexes_into_milvus_and_answers_from_it(
    server, plans, tmp_path, monkeypatch, capsys
):
    index = str(tmp_path / "index")
    address = server.uri.replace("http://", "milvus://")
    monkeypatch.setenv("KEHOACH_STORE", f"{address}/default?replicas=1")
    made = sorted((plans / "made").rglob("*.txt"))[:2]
    assert main(["index", *map(str, made), "--index", index]) == 0
    assert main(["search", "tập huấn", "--index", index, "-k", "3"]) == 0
    assert "tập huấn" in capsys.readouterr().out.lower()
    monkeypatch.delenv("KEHOACH_STORE")
    assert main(["search", "tập huấn", "--index", index]) == 2
    assert "KEHOACH_STORE" in capsys.readouterr().err


def _collections(store: Store) -> set[str]:
    return set(store.client.list_collections()) if isinstance(store, Milvus) else set()
