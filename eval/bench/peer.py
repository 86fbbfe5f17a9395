"""One other library on our texts, questions and encoder; runs in an environment of its own.

``python -m eval.bench.peer NAME CORPUS QUERIES ENCODER``: CORPUS and QUERIES are JSON lines.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from corpus.text import one_line
from eval.bench.measure import times_of
from indexer.bags import VectorSums

_BEST = 10
Search = Callable[[str], list[str]]


class _Encoder:
    """Our encoder, as every library wants to call it."""

    def __init__(self, folder: Path) -> None:
        self._model = VectorSums.load(folder)

    def many(self, texts: Sequence[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(list(map(one_line, texts))).tolist()
        return vectors

    def one(self, text: str) -> list[float]:
        return self.many([text])[0]


def langchain(texts: Sequence[str], ids: Sequence[str], encoder: _Encoder) -> Search:
    """FAISS and BM25Retriever in an EnsembleRetriever."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return encoder.many(texts)

        def embed_query(self, text: str) -> list[float]:
            return encoder.one(text)

    about = [{"id": name} for name in ids]
    store = FAISS.from_texts(list(texts), Ours(), metadatas=about)
    words = BM25Retriever.from_texts(list(texts), metadatas=about, k=_BEST)
    both = EnsembleRetriever(
        retrievers=[words, store.as_retriever(search_kwargs={"k": _BEST})], weights=[0.5, 0.5]
    )
    return lambda query: [found.metadata["id"] for found in both.invoke(query)]


def haystack(texts: Sequence[str], ids: Sequence[str], encoder: _Encoder) -> Search:
    """BM25 and embeddings in memory, joined by ranks."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents(
        [
            Document(id=name, content=text, embedding=vector)
            for name, text, vector in zip(ids, texts, encoder.many(texts), strict=True)
        ]
    )
    words = InMemoryBM25Retriever(store, top_k=_BEST)
    vectors = InMemoryEmbeddingRetriever(store, top_k=_BEST)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=_BEST)

    def search(query: str) -> list[str]:
        lists = [
            words.run(query=query)["documents"],
            vectors.run(query_embedding=encoder.one(query))["documents"],
        ]
        return [found.id for found in joiner.run(documents=lists)["documents"]]

    return search


def txtai(texts: Sequence[str], ids: Sequence[str], encoder: _Encoder) -> Search:
    """One hybrid Embeddings."""
    import numpy as np
    from txtai import Embeddings

    def transform(batch: Sequence[str]) -> Any:  # noqa: ANN401
        return np.array(encoder.many(batch), dtype=np.float32)

    index = Embeddings(method="external", transform=transform, hybrid=True)
    index.index(zip(ids, texts, strict=True))
    return lambda query: [name for name, _ in index.search(query, _BEST)]


def llamaindex(texts: Sequence[str], ids: Sequence[str], encoder: _Encoder) -> Search:
    """FAISS and BM25Retriever in a QueryFusionRetriever."""
    import faiss
    from llama_index.core import Settings, StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    class Ours(BaseEmbedding):  # type: ignore[misc]
        def _get_query_embedding(self, query: str) -> list[float]:
            return encoder.one(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return encoder.one(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return encoder.one(text)

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return encoder.many(texts)

    Settings.llm = MockLLM()
    Settings.embed_model = Ours()
    nodes = [TextNode(id_=name, text=text) for name, text in zip(ids, texts, strict=True)]
    store = FaissVectorStore(faiss.IndexFlatIP(len(encoder.one(texts[0]))))
    index = VectorStoreIndex(
        nodes, storage_context=StorageContext.from_defaults(vector_store=store)
    )
    both = QueryFusionRetriever(
        [
            index.as_retriever(similarity_top_k=_BEST),
            BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=_BEST),
        ],
        num_queries=1,
        similarity_top_k=_BEST,
        mode="reciprocal_rerank",
        use_async=False,
    )
    return lambda query: [found.node.node_id for found in both.retrieve(query)]


PEERS = {
    "langchain": langchain,
    "haystack": haystack,
    "txtai": txtai,
    "llamaindex": llamaindex,
}


def measure(name: str, corpus: Path, queries: Path, encoder: _Encoder) -> dict[str, object]:
    """Index the texts and search for the queries with one library; return what that took."""
    texts = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    asked = [json.loads(line) for line in queries.read_text(encoding="utf-8").splitlines()]
    started = time.process_time()
    search = PEERS[name]([t["text"] for t in texts], [t["id"] for t in texts], encoder)
    built = time.process_time() - started
    found = [search(query["text"])[:_BEST] for query in asked]
    times = times_of(search, [query["text"] for query in asked])
    at_10 = [query["id"] in ids for query, ids in zip(asked, found, strict=True)]
    at_1 = [query["id"] in ids[:1] for query, ids in zip(asked, found, strict=True)]
    return {
        "build_s": round(built, 1),
        "search": {
            "p50": times.p50, "p95": times.p95, "p99": times.p99, "wall_p50": times.wall_p50,
        },
        "found_at_10": round(sum(at_10) / len(at_10), 3),
        "found_at_1": round(sum(at_1) / len(at_1), 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


if __name__ == "__main__":
    _, chosen, texts_file, queries_file, folder = sys.argv
    measured = measure(chosen, Path(texts_file), Path(queries_file), _Encoder(Path(folder)))
    sys.stdout.write("\n" + json.dumps(measured) + "\n")
