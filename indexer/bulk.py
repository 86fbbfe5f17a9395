"""Very many files read and embedded on a Ray cluster before an index is built of them.

Nodes need this program in the same version, the same encoder, and the files under the same paths.
What they hand back waits in a folder; the build then reads nothing and embeds nothing itself. A
file that a node could not read is tried again by the build, which says why.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.archive import pack_plan, unpack_plan
from corpus.errors import CorpusError
from corpus.model import Plan
from indexer.build import corpus_version, read_plan_file
from indexer.bundle import Records, RecordWriter
from indexer.config import Config
from indexer.embed import Encoder, open_encoder
from indexer.errors import ClusterUnavailable
from indexer.prepare import KEY_BYTES, embed, text_key

_PLANS, _VECTORS = "plans", "vectors.f32"
# Files of one request to a worker: few enough that none waits long for the last worker.
_FILES_AT_ONCE = 4
# Seconds.
_ANSWERS_WITHIN = 10


class Prepared:
    """What a cluster has read: plans by path, and vectors by the key of their text."""

    def __init__(
        self,
        folder: Path,
        paths: Mapping[Path, int],
        keys: Mapping[bytes, int],
        encoder: Encoder,
        nodes: int,
    ) -> None:
        self.nodes = nodes
        self.encoder: Encoder = _KnownTexts(encoder, folder / _VECTORS, keys)
        self._plans = Records(folder / _PLANS)
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    def read(self, path: Path, folder: Path | None) -> Plan:
        """Return the plan of a file, as `build_index` asks for it."""
        number = self._paths.get(path)
        return read_plan_file(path, folder) if number is None else unpack_plan(self._plans[number])


def prepare_on_ray(
    address: str,
    files: Sequence[tuple[Path, Path | None]],
    encoder: Encoder,
    encoder_name: str | None,
    folder: Path,
    config: Config | None = None,
) -> Prepared:
    """Read and embed `files` on the Ray cluster at `address`; what comes back waits in `folder`.

    Each is given with the folder it must not leave. `encoder` is what `encoder_name` opens on every
    node. Raise ClusterUnavailable.
    """
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise ClusterUnavailable("thiếu gói ray; cài: pip install 'kehoach[ray]'") from error
    longest = (config or Config()).longest
    expected = (corpus_version(), encoder.fingerprint)
    paths: dict[Path, int] = {}
    keys: dict[bytes, int] = {}
    nodes: set[str] = set()
    try:
        _knock(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
        rows = _rows(files, (encoder_name, longest, expected))
        with RecordWriter(folder / _PLANS) as plans, (folder / _VECTORS).open("wb") as vectors:
            for row in rows:
                nodes.add(row["node"])
                if not row["plan"]:
                    continue
                paths[Path(row["path"])] = len(paths)
                plans.add(row["plan"])
                made = np.frombuffer(row["vectors"], np.float32).reshape(-1, encoder.dimensions)
                for key, vector in zip(_cut(row["keys"]), made, strict=True):
                    if key not in keys:
                        keys[key] = len(keys)
                        vectors.write(vector.tobytes())
    except (ray.exceptions.RayError, OSError, RuntimeError, ValueError) as error:
        raise ClusterUnavailable(str(error).strip().splitlines()[-1]) from error
    finally:
        ray.shutdown()
    return Prepared(folder, paths, keys, encoder, len(nodes))


def _knock(address: str) -> None:
    """Raise OSError where nobody answers at `address`: Ray itself tries for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdigit():
        socket.create_connection((host, int(port)), _ANSWERS_WITHIN).close()


def _rows(
    files: Sequence[tuple[Path, Path | None]], how: tuple[Any, ...]
) -> Iterator[dict[str, Any]]:
    """Yield what became of each file, in any order."""
    import ray

    if not files:
        return iter(())
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    workers = max(1, int(resources.get("CPU", 1)))
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    items = [{"path": str(path), "folder": str(folder or "")} for path, folder in files]
    read = ray.data.from_items(items, override_num_blocks=min(len(items), 4 * workers)).map_batches(
        _Worker,
        fn_constructor_args=how,
        batch_size=_FILES_AT_ONCE,
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(items))),
    )
    found: Iterator[dict[str, Any]] = iter(read.iter_rows())
    return found


class _Worker:
    """Reads and embeds on a node; refuses to if it would do so in another way than the rest."""

    def __init__(self, encoder_name: str | None, longest: int, expected: tuple[str, str]) -> None:
        import ray

        self._node = ray.get_runtime_context().get_node_id()
        self._encoder = open_encoder(encoder_name)
        self._longest = longest
        if (corpus_version(), self._encoder.fingerprint) != expected:
            raise RuntimeError("máy trong cụm có phiên bản chương trình hoặc mô hình khác")

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        found = [self._prepare(*pair) for pair in zip(batch["path"], batch["folder"], strict=True)]
        columns = ("path", "node", "plan", "keys", "vectors")
        return {name: [row[name] for row in found] for name in columns}

    def _prepare(self, path: str, folder: str) -> dict[str, Any]:
        row = {"path": path, "node": self._node, "plan": b"", "keys": b"", "vectors": b""}
        try:
            plan = read_plan_file(Path(path), Path(folder) if folder else None)
        except (CorpusError, OSError):
            return row
        made = embed(plan, self._encoder, self._longest)
        keys, vectors = b"".join(made.keys), made.vectors.tobytes()
        return {**row, "plan": pack_plan(plan), "keys": keys, "vectors": vectors}


class _KnownTexts:
    """An encoder that has the vectors of many texts already."""

    def __init__(self, encoder: Encoder, path: Path, keys: Mapping[bytes, int]) -> None:
        self._encoder = encoder
        self._keys = keys
        shape = (len(keys), encoder.dimensions)
        self._vectors: NDArray[np.float32] = np.empty(shape, np.float32)
        if keys:
            self._vectors = np.memmap(path, np.float32, "r", shape=shape)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the encoder has
        return getattr(self._encoder, name)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of what is searched."""
        places = [self._keys.get(text_key(text), -1) for text in texts]
        if -1 in places:
            return self._encoder.encode_texts(texts)
        return np.asarray(self._vectors[places], dtype=np.float32)


def _cut(keys: bytes) -> Iterator[bytes]:
    return (keys[first : first + KEY_BYTES] for first in range(0, len(keys), KEY_BYTES))
