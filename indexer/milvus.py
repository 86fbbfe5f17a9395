"""Vectors, filters and words of an index in Milvus: one server or a cluster, the same client.

Every generation of an index is a collection of its own, filled, flushed, indexed, loaded and
counted before the generation is published; it never changes afterwards. The one before stays until
the next, for readers that have not turned over yet. Milvus knows nothing of plans: an entity is the
position of a chunk, its vector, the facet terms a filter asks for, and, on servers that score words
(2.5 or newer), its words.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.bundle import Manifest, current_generation
from indexer.dense import Found
from indexer.errors import IndexDamaged, IndexForeign, StoreUnavailable
from indexer.filter import PROVINCE, Allowed
from indexer.lexical import (
    FIELD_WEIGHTS,
    Lexical,
    LexicalWriter,
    question_terms,
)
from indexer.store import Opened

T = TypeVar("T")

# In the folder of a generation: which collection goes with it, and whether words are in it.
_POINTER = "milvus.json"
_LEXICAL = "lexical"
_PREFIX = "kehoach"
# BM25 came with 2.5; 2.3.5 takes such a schema without a word and cannot serve it.
_WORDS_SINCE = (2, 5)
# "v2.3.5-lite", "2.5.4", "milvus_lite-3.2.2".
_VERSION = re.compile(r"(?P<major>\d+)\.(?P<minor>\d+)")

# Provinces share partitions by their hash, as Milvus does it; 34 rarely meet in 64.
_PARTITIONS = 64
# Clusters of each segment, and those looked into. Vectors of real texts fall into clusters badly: a
# quarter of them must be looked into (docs/findings/growth.md). Under a narrow filter even 32 of
# 1,024 find half, and all of them every one in no more time (docs/decisions/0013-stores.md).
_CLUSTERS, _PROBES = 1_024, 256
# Up to so many allowed chunks all clusters are looked into, as the index of our own does.
_MOST_SCANNED = 100_000
# Rows of one request, a megabyte; positions of one query.
_BATCH = 1_000
_QUERY = 4_096
# What the server takes: characters as bytes of UTF-8, terms of a chunk, results of a search.
_MOST_BYTES, _MOST_TERMS, _MOST_RESULTS = 65_535, 4_096, 16_384
# Seconds a search may take, and the making of a collection.
_PATIENCE, _LONG_PATIENCE = 10.0, 3_600.0


class Milvus:
    """A place for indexes at `uri`, as pymilvus writes it; `replicas` of each are kept in memory.

    `database` must exist. Raise StoreUnavailable where there is none or nobody answers.
    """

    def __init__(self, uri: str, token: str = "", database: str = "", replicas: int = 1) -> None:
        self._replicas = replicas
        try:
            import grpc
            import pymilvus
        except ModuleNotFoundError as error:
            raise StoreUnavailable(
                "thiếu gói pymilvus; cài: pip install 'kehoach[milvus]'"
            ) from error
        # It prints the trace of every refusal; ours say what is wrong.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._api = pymilvus
        # Beside its own exceptions the client lets those of gRPC and of addresses through.
        self._refusals = (pymilvus.MilvusException, grpc.RpcError, OSError, ValueError)
        self.client = self._ask(
            lambda: pymilvus.MilvusClient(uri, token=token, db_name=database, timeout=_PATIENCE)
        )
        self.version = self._ask(self.client.get_server_version)
        self.has_words = _release(self.version) >= _WORDS_SINCE

    @contextlib.contextmanager
    def writing(
        self, folder: Path, dimensions: int, made_with: tuple[str, str]
    ) -> Iterator[MilvusWriter]:
        """Fill the collection of the generation in `folder`; it can be searched on leaving."""
        owner = _owner_before(folder) or secrets.token_hex(4)
        name = _collection(owner, folder, made_with)
        self._ask(lambda: self._create(name, dimensions))
        try:
            with contextlib.ExitStack() as stack:
                lexical = None
                if not self.has_words:
                    (folder / _LEXICAL).mkdir()
                    lexical = stack.enter_context(Lexical.writing(folder / _LEXICAL))
                writer = MilvusWriter(functools.partial(self._insert, name), lexical)
                yield writer
                writer.flush()
            self._ask(lambda: self._finish(name, writer.count))
        except BaseException:
            with contextlib.suppress(StoreUnavailable):
                self._ask(lambda: self.client.drop_collection(name))
            raise
        pointer = {"owner": owner, "words": self.has_words}
        (folder / _POINTER).write_text(json.dumps(pointer), encoding="utf-8")
        writer.kind = f"Milvus {self.version}: IVF_FLAT"

    def growing(self, folder: Path, before: Path, manifest: Manifest) -> None:
        """Have everything sent anew: a collection never changes once it is published."""

    def open(self, folder: Path, manifest: Manifest) -> Opened:
        """Open what `writing` filled; raise IndexForeign or IndexDamaged where it is not there."""
        if not (folder / _POINTER).exists():
            raise IndexForeign(folder.parent, "chỉ mục được lập không qua Milvus")
        pointer = json.loads((folder / _POINTER).read_text(encoding="utf-8"))
        name = _collection(pointer["owner"], folder, (manifest.config, manifest.encoder))
        if not self._ask(lambda: self.client.has_collection(name)):
            raise IndexForeign(
                folder.parent, f"Milvus không có bộ dữ liệu “{name}” của chỉ mục này"
            )
        self._ask(lambda: self._load(name))
        held = self._ask(lambda: self._count(name))
        if held != manifest.chunks:
            raise IndexDamaged(
                folder.parent, f"bộ dữ liệu “{name}” có {held}/{manifest.chunks} đoạn"
            )
        search = functools.partial(self._search, name)
        dense = MilvusDense(search, functools.partial(self._vectors, name), manifest)
        if pointer["words"]:
            return Opened(dense, MilvusLexical(search))
        return Opened(dense, Lexical.open(folder / _LEXICAL))

    def forget(self, folder: Path, before: str | None) -> None:
        """Drop what neither the generation in `folder` nor the one `before` it needs.

        Where Milvus does not answer the next build does it.
        """
        owner = json.loads((folder / _POINTER).read_text(encoding="utf-8"))["owner"]
        kept = tuple(_generation(owner, name) for name in (folder.name, before) if name)
        with contextlib.suppress(StoreUnavailable):
            for name in self._ask(self.client.list_collections):
                if name.startswith(f"{_PREFIX}_{owner}_") and not name.startswith(kept):
                    self._ask(functools.partial(self.client.drop_collection, name))

    def _create(self, name: str, dimensions: int) -> None:
        kinds = self._api.DataType
        schema = self.client.create_schema(
            auto_id=False, partition_key_field="province", num_partitions=_PARTITIONS
        )
        schema.add_field("position", kinds.INT64, is_primary=True)
        schema.add_field("province", kinds.INT64, is_partition_key=True)
        schema.add_field("terms", kinds.ARRAY, element_type=kinds.INT64, max_capacity=_MOST_TERMS)
        schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimensions)
        if self.has_words:
            schema.add_field(
                "words",
                kinds.VARCHAR,
                max_length=_MOST_BYTES,
                enable_analyzer=True,
                analyzer_params={"tokenizer": "standard"},
            )
            schema.add_field("scores", kinds.SPARSE_FLOAT_VECTOR)
            bm25 = self._api.Function("bm25", self._api.FunctionType.BM25, ["words"], ["scores"])
            schema.add_function(bm25)
        self.client.create_collection(name, schema=schema, timeout=_LONG_PATIENCE)

    def _insert(self, name: str, rows: list[dict[str, Any]]) -> None:
        self._ask(lambda: self.client.insert(name, rows, timeout=_LONG_PATIENCE))

    def _finish(self, name: str, count: int) -> None:
        self.client.flush(name, timeout=_LONG_PATIENCE)
        indexes = self.client.prepare_index_params()
        indexes.add_index(
            "vector", index_type="IVF_FLAT", metric_type="IP", params={"nlist": _CLUSTERS}
        )
        if self.has_words:
            indexes.add_index("scores", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        self.client.create_index(name, indexes, timeout=_LONG_PATIENCE)
        self._load(name)
        held = self._count(name)
        if held != count:
            raise StoreUnavailable(f"bộ dữ liệu “{name}” chỉ nhận {held}/{count} đoạn")

    def _load(self, name: str) -> None:
        self.client.load_collection(name, replica_number=self._replicas, timeout=_LONG_PATIENCE)

    def _count(self, name: str) -> int:
        found = self.client.query(
            name, output_fields=["count(*)"], consistency_level="Strong", timeout=_LONG_PATIENCE
        )
        return int(found[0]["count(*)"])

    def _search(
        self,
        name: str,
        field: str,
        wanted: list[float] | str,
        k: int,
        allowed: Allowed | None,
        probes: int | None = None,
    ) -> list[Found]:
        # A collection never changes once it is open: there is nothing to wait for.
        hits = self._ask(
            lambda: self.client.search(
                name,
                [wanted],
                anns_field=field,
                limit=min(k, _MOST_RESULTS),
                filter=expression(allowed),
                search_params={"params": {"nprobe": probes} if probes else {}},
                consistency_level="Eventually",
                timeout=_PATIENCE,
            )[0]
        )
        return [Found(int(hit.id), float(hit.distance)) for hit in hits]

    def _vectors(self, name: str, positions: Sequence[int]) -> dict[int, list[float]]:
        found: dict[int, list[float]] = {}
        for first in range(0, len(positions), _QUERY):
            wanted = f"position in {list(positions[first : first + _QUERY])}"
            rows = self._ask(
                functools.partial(
                    self.client.query,
                    name,
                    filter=wanted,
                    output_fields=["position", "vector"],
                    consistency_level="Eventually",
                    timeout=_LONG_PATIENCE,
                )
            )
            found.update((int(row["position"]), row["vector"]) for row in rows)
        return found

    def _ask(self, request: Callable[[], T]) -> T:
        """Return what Milvus says; raise StoreUnavailable where it refuses or is silent."""
        try:
            return request()
        except self._refusals as error:
            said = str(getattr(error, "message", None) or error).splitlines()
            raise StoreUnavailable(said[0] if said else type(error).__name__) from error


class MilvusWriter:
    """Takes chunks one after the other, in their order, and sends them by the thousand."""

    def __init__(
        self, insert: Callable[[list[dict[str, Any]]], None], lexical: LexicalWriter | None
    ) -> None:
        self.kind = ""
        self.count = 0
        self._insert = insert
        self._lexical = lexical
        self._rows: list[dict[str, Any]] = []

    def add(
        self, vector: NDArray[np.float32], words: Mapping[str, str], terms: Sequence[str]
    ) -> None:
        """Add the next chunk: its vector, the words it is found by, its facet terms."""
        province = next((term for term in terms if term.startswith(PROVINCE)), PROVINCE)
        row = {
            "position": self.count,
            "province": _number(province),
            "terms": [_number(term) for term in terms],
            "vector": vector.tolist(),
        }
        if self._lexical:
            self._lexical.add(words, terms)
        else:
            said = _said({field: text.split() for field, text in words.items()})
            row["words"] = _shortened(" ".join(said))
        self.count += 1
        self._rows.append(row)
        if len(self._rows) == _BATCH:
            self.flush()

    def flush(self) -> None:
        """Send what waits."""
        if self._rows:
            self._insert(self._rows)
            self._rows = []


class MilvusDense:
    """The vectors of one generation."""

    def __init__(
        self,
        search: Callable[..., list[Found]],
        vectors: Callable[[Sequence[int]], dict[int, list[float]]],
        manifest: Manifest,
    ) -> None:
        self._search = search
        self._vectors = vectors
        self._count = manifest.chunks
        self._dimensions = manifest.dimensions

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None
    ) -> list[Found]:
        """Return the `k` chunks nearest to `vector` ([dimensions]), best first."""
        most = self._count if allowed is None else allowed.count
        if min(k, most) <= 0:
            return []
        probes = _CLUSTERS if most <= _MOST_SCANNED else _PROBES
        wanted = np.asarray(vector, dtype=np.float32).reshape(-1).tolist()
        found = self._search("vector", wanted, min(k, most), allowed, probes)
        return sorted(found, key=lambda one: (-one.score, one.position))

    def vectors(self, positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of the chunks at `positions`: [chunks, dimensions]."""
        places = [int(position) for position in positions]
        found = self._vectors(places)
        rows = [found[place] for place in places]
        return np.asarray(rows, dtype=np.float32).reshape(-1, self._dimensions)


class MilvusLexical:
    """The words of one generation, scored by BM25 on the server.

    It has one length and one table of rarities for all fields, where our own has them for each: the
    order of close results may differ. A word said twice counts twice, which is how fields weigh.
    """

    def __init__(self, search: Callable[..., list[Found]]) -> None:
        self._search = search

    def search(self, question: str, k: int, allowed: Allowed | None = None) -> list[Found]:
        """Return the `k` chunks that share most with `question`, best first."""
        words = [
            word
            for field, said in question_terms(question).items()
            for word in _said({field: said})
            * round(FIELD_WEIGHTS[field] / min(FIELD_WEIGHTS.values()))
        ]
        if not words or k <= 0 or (allowed is not None and not allowed.count):
            return []
        found = self._search("scores", _shortened(" ".join(words)), k, allowed)
        # Milvus Lite 3.2 gives scores with a minus sign.
        scored = [Found(position, abs(score)) for position, score in found]
        return sorted(scored, key=lambda one: (-one.score, one.position))


def expression(allowed: Allowed | None) -> str:
    """Return the filter as Milvus reads it: numbers only, nothing that anybody typed.

    A clause of provinces names partitions; every other one looks into the terms of a chunk.
    """
    if allowed is None:
        return ""
    if not allowed.clauses:
        return f"position in {allowed.positions().tolist()}"
    return " and ".join(
        f"province in {numbers}"
        if clause[0].startswith(PROVINCE)
        else f"ARRAY_CONTAINS_ANY(terms, {numbers})"
        for clause in allowed.clauses
        for numbers in [[_number(term) for term in clause]]
    )


@functools.lru_cache(maxsize=65_536)
def _number(term: str) -> int:
    """Return 63 bits that stand for a facet term."""
    return int.from_bytes(hashlib.sha256(term.encode()).digest()[:8]) >> 1


def _said(fields: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the words of all fields as words of one text, of letters that no analyser parts.

    Pairs are told apart by "zz", which no Vietnamese syllable holds. What stands without marks
    anyway is said once.
    """
    folded = set(fields.get("folded", ()))
    return [
        *fields.get("folded", ()),
        *(pair.replace("_", "zz") for pair in fields.get("pairs", ())),
        *(word for word in fields.get("marked", ()) if word not in folded),
    ]


def _release(version: str) -> tuple[int, int]:
    found = _VERSION.search(version)
    return (int(found["major"]), int(found["minor"])) if found else (0, 0)


def _shortened(words: str) -> str:
    return words.encode()[:_MOST_BYTES].decode(errors="ignore")


def _collection(owner: str, folder: Path, made_with: tuple[str, str]) -> str:
    digest = hashlib.sha256(" ".join(made_with).encode()).hexdigest()[:8]
    return f"{_generation(owner, folder.name)}_{digest}"


def _generation(owner: str, generation: str) -> str:
    return f"{_PREFIX}_{owner}_{generation.replace('-', '_')}"


def _owner_before(folder: Path) -> str | None:
    """Return the owner of the collections of the index that `folder` will be part of."""
    before = current_generation(folder.parent)
    if before is None or not (folder.parent / before / _POINTER).exists():
        return None
    return str(json.loads((folder.parent / before / _POINTER).read_text(encoding="utf-8"))["owner"])
