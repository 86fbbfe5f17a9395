"""The recipe: plan files in, an index out; and the index once it is open."""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

import corpus
from corpus.archive import read_plan, write_plan
from corpus.editions import Edition, superseded
from corpus.errors import CorpusError
from corpus.model import Note, Plan, Span
from corpus.parse import parse_document
from corpus.readers import read_document
from indexer.bundle import (
    Manifest,
    Records,
    RecordWriter,
    SourceEntry,
    current_generation,
    locked,
    open_generation,
    publish,
    writing,
)
from indexer.chunk import Chunk, chunk_plan, embedded_text
from indexer.config import Config
from indexer.dense import Dense
from indexer.embed import Encoder
from indexer.errors import IndexUnusable, NothingToIndex
from indexer.filter import Allowed, Facets, Filter, facet_terms
from indexer.lexical import Lexical

# Endings of files in a folder that may be plans; a file named by itself is always tried.
_PLAN_ENDINGS = frozenset(
    {
        *(".txt", ".md", ".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm"),
        *(".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".png", ".jpg", ".jpeg", ".tif", ".tiff"),
    }
)
_PLANS, _CHUNKS, _VECTORS, _LEXICAL = "plans.json", "chunks.json", "vectors.faiss", "lexical"
_TEXT_KEYS = "texts.npy"
_KEY_BYTES = 16


class Outcome(StrEnum):
    """What became of one file."""

    READ = "read"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REFUSED = "refused"
    SKIPPED = "skipped"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: `reason` (Vietnamese) says why it was refused, skipped, or its old plan kept."""

    path: str
    outcome: Outcome
    plan_id: str | None = None
    notes: tuple[Note, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: every file, and how many chunks were embedded or had their vector already.

    `warning` (Vietnamese) says that the old index could not be used, None where it could.
    """

    files: tuple[FileReport, ...]
    plans: int
    chunks: int
    embedded: int
    reused: int
    warning: str | None = None


def read_plan_file(path: Path, folder: Path | None) -> Plan:
    """Read and parse one file; a path that leaves `folder` is refused."""
    return parse_document(read_document(path, folder=folder))


def build_index(
    paths: Sequence[Path],
    index_dir: Path,
    encoder: Encoder,
    *,
    config: Config | None = None,
    drop: Collection[str] = (),
    read: Callable[[Path, Path | None], Plan] = read_plan_file,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Report:
    """Bring the index at `index_dir` up to date with the files and folders `paths`.

    Plans read before from elsewhere stay; those of files that are gone from a folder in `paths` and
    those whose id is in `drop` leave. A file that cannot be read stops no other. What did not
    change is neither parsed nor embedded again. `on_progress(stage, done, total)` is told of
    "read" and "embed". Raise NothingToIndex (and touch nothing) where no plan is left, IndexBusy
    where another build is running.
    """
    config = config or Config()
    progress = on_progress or _silent_progress
    with locked(index_dir):
        old = _Old.open(index_dir)
        collected = _collect(paths, old, frozenset(drop), read, progress)
        if not collected.plans:
            refused = tuple((f.path, f.reason) for f in collected.files if f.reason)
            raise NothingToIndex(refused)
        vectors_of = old.vectors_of(encoder)
        with writing(index_dir) as folder:
            chunks, embedded = _write(folder, collected, encoder, config, vectors_of, progress)
            publish(
                folder,
                Manifest(
                    config=config.fingerprint(),
                    encoder_name=encoder.name,
                    encoder=encoder.fingerprint,
                    dimensions=encoder.dimensions,
                    plans=len(collected.plans),
                    chunks=chunks,
                    created_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                    sources=tuple(entry for entry, _ in collected.plans),
                    files={},
                ),
            )
    return Report(
        files=tuple(collected.files),
        plans=len(collected.plans),
        chunks=chunks,
        embedded=embedded,
        reused=chunks - embedded,
        warning=old.warning,
    )


def open_index(index_dir: Path, encoder: Encoder, config: Config | None = None) -> Index:
    """Open the index at `index_dir`, every file verified.

    Raise IndexMissing, IndexDamaged, or IndexForeign where it was made with another encoder.
    """
    folder, manifest = open_generation(
        index_dir, encoder=encoder.fingerprint, config=(config or Config()).fingerprint()
    )
    try:
        return Index(index_dir, folder, manifest, encoder)
    except (OSError, RuntimeError, ValueError):
        # A build that ended between the check and the opening removed this generation.
        if current_generation(index_dir) == folder.name:
            raise
        return open_index(index_dir, encoder, config)


class Index:
    """An open index: immutable, safe to share between threads; positions number its chunks."""

    def __init__(self, index_dir: Path, folder: Path, manifest: Manifest, encoder: Encoder) -> None:
        self.manifest = manifest
        self.encoder = encoder
        self.generation = folder.name
        self.plans: Mapping[str, Plan] = _Plans(Records(folder / _PLANS), manifest.sources)
        self.chunks: Sequence[Chunk] = _Chunks(Records(folder / _CHUNKS), self.plans)
        self.dense = Dense.open(folder / _VECTORS)
        self.lexical = Lexical.open(folder / _LEXICAL)
        self.facets = Facets.open(folder)
        self._index_dir = index_dir

    @property
    def sources(self) -> Mapping[str, SourceEntry]:
        """Return the file each plan was read from, by plan id."""
        return {source.plan_id: source for source in self.manifest.sources}

    @functools.cached_property
    def superseded(self) -> Mapping[str, Edition]:
        """Return the plans that have given way to another edition, by id, and to which."""
        return superseded(self.plans.values())

    @property
    def is_stale(self) -> bool:
        """Say whether a newer generation has been published since this one was opened."""
        return current_generation(self._index_dir) != self.generation

    def allowed(self, wanted: Filter | None) -> Allowed | None:
        """Return the chunks `wanted` lets through, None where it restricts nothing."""
        return self.facets.allowed(wanted)


class _Plans(Mapping[str, Plan]):
    """Plans by id, each parsed when it is first asked for."""

    def __init__(self, records: Records, sources: Sequence[SourceEntry]) -> None:
        self._records = records
        self._numbers = {source.plan_id: number for number, source in enumerate(sources)}
        self._read: dict[str, Plan] = {}

    def __getitem__(self, plan_id: str) -> Plan:
        plan = self._read.get(plan_id)
        if plan is None:
            plan = self._read[plan_id] = read_plan(self._records[self._numbers[plan_id]])
        return plan

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _Chunks(Sequence[Chunk]):
    """Chunks by position, each made when it is asked for; its text is cut from its plan."""

    def __init__(self, records: Records, plans: Mapping[str, Plan]) -> None:
        self._records = records
        self._plans = plans

    @overload
    def __getitem__(self, position: int) -> Chunk: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Chunk]: ...
    def __getitem__(self, position: int | slice) -> Chunk | Sequence[Chunk]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        number = int(position)
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        data = json.loads(self._records[number % len(self)])
        data["span"] = Span(*data["span"])
        data["years"] = tuple(data["years"])
        data["units"] = {role: tuple(units) for role, units in data["units"].items()}
        return Chunk(**data, text=data["span"].of(self._plans[data["plan_id"]].text))

    def __len__(self) -> int:
        return len(self._records)


@dataclass(slots=True)
class _Collected:
    """The plans of the new index, each with its source, and what became of every file."""

    plans: list[tuple[SourceEntry, Plan]] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)

    def refuse(
        self,
        path: Path,
        reason: str,
        before: SourceEntry | None,
        old_plan: Callable[[SourceEntry], Plan],
    ) -> None:
        """Note that `path` cannot be read; the plan it held `before` stays."""
        if before is None:
            self.files.append(FileReport(str(path), Outcome.REFUSED, reason=reason))
            return
        self.plans.append((before, old_plan(before)))
        reason = f"{reason} Bản đã lập chỉ mục trước đó được giữ lại."
        self.files.append(FileReport(str(path), Outcome.KEPT, before.plan_id, reason=reason))


@dataclass(frozen=True, slots=True)
class _Old:
    """The index before the build, as far as it can be used."""

    folder: Path | None
    manifest: Manifest | None
    warning: str | None = None

    @classmethod
    def open(cls, index_dir: Path) -> _Old:
        if current_generation(index_dir) is None:
            return cls(None, None)
        try:
            folder, manifest = open_generation(index_dir)
        except IndexUnusable as error:
            return cls(
                None,
                None,
                f"{error.reason} Chỉ mục mới chỉ gồm các tệp được đọc lần này.",
            )
        return cls(folder, manifest)

    @property
    def sources(self) -> tuple[SourceEntry, ...]:
        return self.manifest.sources if self.manifest else ()

    def plan_reader(self) -> Callable[[SourceEntry], Plan]:
        if self.folder is None:
            return _no_plan
        plans = _Plans(Records(self.folder / _PLANS), self.sources)
        return lambda entry: plans[entry.plan_id]

    def vectors_of(self, encoder: Encoder) -> Callable[[bytes], NDArray[np.float32] | None]:
        """Return a look-up from the key of an embedded text to its vector by the same encoder."""
        if self.folder is None or self.manifest is None:
            return _no_vector
        if self.manifest.encoder != encoder.fingerprint:
            return _no_vector
        dense = Dense.open(self.folder / _VECTORS)
        keys = np.load(self.folder / _TEXT_KEYS)
        place = {key.tobytes(): number for number, key in enumerate(keys)}

        def vector_of(key: bytes) -> NDArray[np.float32] | None:
            number = place.get(key)
            return None if number is None else dense.vectors([number])[0]

        return vector_of


def _collect(
    paths: Sequence[Path],
    old: _Old,
    drop: Collection[str],
    read: Callable[[Path, Path | None], Plan],
    progress: Callable[[str, int, int], None],
) -> _Collected:
    """Read what is new, take over what is not, leave out what is gone."""
    version = corpus_version()
    roots = [path.resolve() for path in paths]
    folders = dict(_files(roots))
    digests = {path: _digest_of(path) for path in folders if _may_be_plan(path, roots)}
    here = set(digests.values())
    old_plan = old.plan_reader()
    before: dict[Path, SourceEntry] = {}
    collected = _Collected()
    for entry in old.sources:
        path = Path(entry.path)
        if entry.plan_id in drop or (path not in folders and _is_under(path, roots)):
            collected.files.append(FileReport(entry.path, Outcome.REMOVED, entry.plan_id))
        elif path in folders:
            before[path] = entry
        elif entry.sha256 in here:
            continue  # The very file that is read now, from where it was before.
        elif entry.corpus_version != version and path.is_file():
            folders[path], digests[path] = path.parent, _digest_of(path)
            before[path] = entry
        else:
            collected.plans.append((entry, old_plan(entry)))
    # Plans that keep their id have it before any new plan can take it.
    taken = {entry.plan_id for entry, _ in collected.plans}
    taken.update(entry.plan_id for entry in before.values())
    seen: dict[str | None, Path] = {}
    for number, (path, folder) in enumerate(sorted(folders.items())):
        progress("read", number, len(folders))
        digest, known = digests.get(path), before.get(path)
        if path not in digests:
            reason = "Không phải loại tệp văn bản được hỗ trợ."
            collected.files.append(FileReport(str(path), Outcome.SKIPPED, reason=reason))
        elif digest and digest in seen:
            reason = f"Trùng nội dung với tệp “{seen[digest].name}”."
            collected.files.append(FileReport(str(path), Outcome.SKIPPED, reason=reason))
        elif known and (known.sha256, known.corpus_version) == (digest, version):
            plan = old_plan(known)
            collected.plans.append((known, plan))
            collected.files.append(FileReport(str(path), Outcome.UNCHANGED, plan.id, plan.notes))
        else:
            try:
                plan = read(path, folder)
            # One file, however broken, and whatever it finds wrong in the parser, stops no other.
            except Exception as error:
                collected.refuse(path, _reason(error), known, old_plan)
            else:
                plan = replace(plan, id=_free_id(plan.id, known.plan_id if known else None, taken))
                taken.add(plan.id)
                entry = SourceEntry(str(path), digest or plan.source.sha256, version, plan.id)
                collected.plans.append((entry, plan))
                collected.files.append(FileReport(str(path), Outcome.READ, plan.id, plan.notes))
        seen[digest] = path
    progress("read", len(folders), len(folders))
    collected.plans.sort(key=lambda pair: pair[1].id)
    return collected


def _write(
    folder: Path,
    collected: _Collected,
    encoder: Encoder,
    config: Config,
    vector_of: Callable[[bytes], NDArray[np.float32] | None],
    progress: Callable[[str, int, int], None],
) -> tuple[int, int]:
    """Write every file of a generation; return how many chunks it has, and how many are new."""
    longest = min(config.longest, encoder.longest)
    vectors: list[NDArray[np.float32]] = []
    keys: list[bytes] = []
    terms: list[tuple[str, ...]] = []
    embedded = 0
    lexical_folder = folder / _LEXICAL
    lexical_folder.mkdir()
    with (
        RecordWriter(folder / _PLANS) as plan_writer,
        RecordWriter(folder / _CHUNKS) as chunk_writer,
        Lexical.writing(lexical_folder) as lexical_writer,
    ):
        for number, (_, plan) in enumerate(collected.plans):
            progress("embed", number, len(collected.plans))
            plan_writer.add(write_plan(plan))
            missing: dict[bytes, str] = {}
            plan_keys: list[bytes] = []
            for chunk in chunk_plan(plan, longest, encoder.count):
                chunk_writer.add(_chunk_record(chunk))
                terms.append(facet_terms(chunk, plan))
                lexical_writer.add(chunk.text, chunk.context, terms[-1])
                text = embedded_text(chunk, plan)
                key = hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]
                plan_keys.append(key)
                if vector_of(key) is None:
                    missing[key] = text
            fresh = encoder.encode_texts(list(missing.values()))
            embedded += len(missing)
            made = dict(zip(missing, fresh, strict=True))
            vectors += [made[key] if key in made else _known(vector_of(key)) for key in plan_keys]
            keys += plan_keys
        progress("embed", len(collected.plans), len(collected.plans))
    matrix = np.stack(vectors) if vectors else np.empty((0, encoder.dimensions), np.float32)
    if not np.isfinite(matrix).all():
        raise ValueError("the encoder returned a vector that is not finite")
    Dense.write(matrix, folder / _VECTORS)
    np.save(folder / _TEXT_KEYS, np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES))
    Facets.write(terms, folder)
    return len(keys), embedded


def _chunk_record(chunk: Chunk) -> str:
    return json.dumps(
        {
            "id": chunk.id,
            "plan_id": chunk.plan_id,
            "kind": chunk.kind,
            "locator": chunk.locator,
            "label": chunk.label,
            "span": [chunk.span.start, chunk.span.end],
            "context": chunk.context,
            "years": chunk.years,
            "years_from": chunk.years_from,
            "units": dict(chunk.units),
            "page": chunk.page,
        },
        ensure_ascii=False,
    )


@functools.cache
def corpus_version() -> str:
    """Return a digest of the code that reads plans: those read by other code are read again."""
    folder = Path(corpus.__file__).parent
    digest = hashlib.sha256()
    for path in sorted((*folder.rglob("*.py"), *folder.rglob("registry/*.json"))):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(roots: Sequence[Path]) -> Iterator[tuple[Path, Path | None]]:
    """Yield every file of `roots` with the folder it must not leave; pass over hidden ones."""
    for root in roots:
        if not root.is_dir():
            yield root, None
            continue
        for parent, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith((".", "~$")):
                    yield Path(parent, name), root


def _may_be_plan(path: Path, roots: Sequence[Path]) -> bool:
    return path in roots or path.suffix.lower() in _PLAN_ENDINGS


def _is_under(path: Path, roots: Sequence[Path]) -> bool:
    return any(path == root or root in path.parents for root in roots)


def _digest_of(path: Path) -> str | None:
    """Return the sha256 of a regular file; None for anything else, which the reader will refuse."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _reason(error: Exception) -> str:
    if isinstance(error, CorpusError):
        return str(error)
    return f"Lỗi khi phân tích tệp ({type(error).__name__}); hãy báo cho người phát triển."


def _free_id(wanted: str, before: str | None, taken: Collection[str]) -> str:
    """Return `wanted`, or the numbered form of it this file had before, or the first free one."""
    if before and (before == wanted or before.rpartition("-")[0] == wanted):
        return before
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def _known(vector: NDArray[np.float32] | None) -> NDArray[np.float32]:
    if vector is None:
        raise AssertionError("a vector was looked up that nobody has")
    return vector


def _no_plan(entry: SourceEntry) -> Plan:
    raise AssertionError(f"there is no old index to take {entry.plan_id} from")


def _no_vector(_key: bytes) -> None:
    return None


def _silent_progress(_stage: str, _done: int, _total: int) -> None:
    return None
