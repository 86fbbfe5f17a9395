"""Other libraries beside ours: their environment, the same texts and questions, and their runs."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import eval as package
from eval.bench.measure import in_a_child
from eval.bench.ours import known_items, words_for
from eval.bench.peer import PEERS
from indexer.build import open_index
from indexer.chunk import embedded_text
from indexer.embed import DEFAULT_FOLDER, open_encoder

# torch goes first and pinned: left to itself the newest build is chosen, gigabytes larger.
_TORCH = "torch==2.13.0"
_PACKAGES = (
    "langchain-community", "langchain-classic", "rank_bm25", "faiss-cpu", "haystack-ai", "txtai",
    "llama-index-core", "llama-index-retrievers-bm25", "llama-index-vector-stores-faiss",
    "safetensors",
)  # fmt: skip
_QUESTIONS = 60


def prepare(folder: Path) -> Path:
    """Return the interpreter of the peers' environment at `folder`; make it if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        for names in ((_TORCH,), (_TORCH, *_PACKAGES)):
            subprocess.run(  # noqa: S603 - our own list
                [str(python), "-m", "pip", "install", "--quiet", *names], check=True
            )
    return python


def measure_peers(index_dir: Path, plans: int, python: Path, folder: Path) -> dict[str, object]:
    """Run every peer on the texts of the index at `index_dir`; one that fails says why."""
    corpus, queries = folder / "corpus.jsonl", folder / "queries.jsonl"
    _write_texts(index_dir, plans, corpus, queries)
    measured: dict[str, object] = {}
    for name in PEERS:
        try:
            measured[name] = in_a_child(
                python,
                ("-m", "eval.bench.peer", name, str(corpus), str(queries), str(DEFAULT_FOLDER)),
                PYTHONPATH=str(Path(package.__path__[0]).parent),
            )
        except (subprocess.CalledProcessError, ValueError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            measured[name] = {"failed": str(error)}
    return measured


def _write_texts(index_dir: Path, plans: int, corpus: Path, queries: Path) -> None:
    """Write the texts that our own encoder reads, and a query for rows among them."""
    index = open_index(index_dir, open_encoder())
    with corpus.open("w", encoding="utf-8") as file:
        for chunk in index.chunks:
            text = embedded_text(chunk, index.plans[chunk.plan_id])
            file.write(json.dumps({"id": chunk.id, "text": text}, ensure_ascii=False) + "\n")
    by_number = {head.number: head.id for head in index.catalogue.heads.values()}
    with queries.open("w", encoding="utf-8") as file:
        for item in known_items(plans, _QUESTIONS, seed=3):
            row = f"{by_number[item.number]}#r{item.ordinal}"
            line = {"id": row, "text": words_for(item)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
