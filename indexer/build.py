"""The recipe: plan files in, an index out; and the index once it is open."""

from __future__ import annotations

import datetime
import functools
import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

import corpus
from corpus.archive import pack_plan, unpack_plan
from corpus.editions import Edition, abridged, superseded
from corpus.errors import CorpusError
from corpus.model import Note, Plan
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
from indexer.catalogue import Catalogue, PlanHead
from indexer.chunk import Chunk, ChunkBrief, looked_up_text
from indexer.config import Config
from indexer.embed import Encoder
from indexer.errors import IndexUnusable, NothingToIndex
from indexer.filter import Allowed, Facets, FacetWriter, Filter, facet_terms
from indexer.frequencies import Frequencies, FrequencyCounter
from indexer.prepare import KEY_BYTES, Known, prepare
from indexer.store import Embedded, Store

# Endings of files in a folder that may be plans; a file named by itself is always tried.
_PLAN_ENDINGS = frozenset(
    {
        *(".txt", ".md", ".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm"),
        *(".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".png", ".jpg", ".jpeg", ".tif", ".tiff"),
    }
)
_PLANS, _CHUNKS = "plans", "chunks"
_TEXT_KEYS = "texts.npy"
_NOTES = "notes"
# Plans in the order in which they were read; gone when the generation is complete.
_SPOOL = "read"
# Open plans that are kept: some half a megabyte each.
_OPEN_PLANS = 256


Kept = TypeVar("Kept", Chunk, ChunkBrief)


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

    `vectors` names the kind of vector index that was chosen, and why. `warning` (Vietnamese) says
    that the old index could not be used, None where it could.
    """

    files: tuple[FileReport, ...]
    plans: int
    chunks: int
    embedded: int
    reused: int
    vectors: str
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
    store: Store | None = None,
    drop: Collection[str] = (),
    read: Callable[[Path, Path | None], Plan] = read_plan_file,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Report:
    """Bring the index at `index_dir` up to date with the files and folders `paths`.

    Plans read before from elsewhere stay; those of files that are gone from a folder in `paths` and
    those whose id is in `drop` leave. What was dropped stays out, also where a folder still holds
    the file, until `paths` name the file itself. A file that cannot be read stops no other. What
    did not change is neither parsed nor embedded again. `on_progress(stage, done, total)` is told
    of "read" and "embed". Vectors and words go to `store`, by default beside the plans.

    Raise NothingToIndex (and touch nothing) where no plan is left, IndexBusy where another build is
    running, StoreUnavailable where the store refuses.
    """
    config, store = config or Config(), store or Embedded()
    progress = on_progress or _silent_progress
    with locked(index_dir):
        before = current_generation(index_dir)
        old = _Old.open(index_dir)
        with writing(index_dir) as folder:
            with RecordWriter(folder / _SPOOL) as spool:
                collected = _collect(paths, old, frozenset(drop), read, spool, progress)
            if not collected.plans:
                refused = tuple((f.path, f.reason) for f in collected.files if f.reason)
                raise NothingToIndex(refused)
            made = _write(folder, collected, encoder, config, store, old, progress)
            publish(
                folder,
                Manifest(
                    config=config.fingerprint(),
                    encoder_name=encoder.name,
                    encoder=encoder.fingerprint,
                    dimensions=encoder.dimensions,
                    plans=len(collected.plans),
                    chunks=made.chunks,
                    vectors=made.vectors,
                    created_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                    sources=tuple(plan.source for plan in collected.plans),
                    files={},
                    withdrawn=tuple(sorted(collected.withdrawn)),
                ),
            )
            store.forget(folder, before)
    return Report(
        files=tuple(collected.files),
        plans=len(collected.plans),
        chunks=made.chunks,
        embedded=made.embedded,
        reused=made.chunks - made.embedded,
        vectors=made.vectors,
        warning=old.warning,
    )


def files_to_read(paths: Sequence[Path], index_dir: Path) -> list[tuple[Path, Path | None]]:
    """Return the files `build_index` would read now, each with the folder it must not leave."""
    roots = [path.resolve() for path in paths]
    version = corpus_version()
    known = {(s.path, s.sha256, s.corpus_version) for s in _Old.open(index_dir).sources}
    return [
        (path, folder)
        for path, folder in sorted(_files(roots))
        if _may_be_plan(path, roots) and (str(path), _digest_of(path), version) not in known
    ]


def open_index(
    index_dir: Path, encoder: Encoder, config: Config | None = None, store: Store | None = None
) -> Index:
    """Open the index at `index_dir`, every file verified.

    Raise IndexMissing, IndexDamaged, or IndexForeign where it was made with another encoder or for
    another store.
    """
    folder, manifest = open_generation(
        index_dir, encoder=encoder.fingerprint, config=(config or Config()).fingerprint()
    )
    try:
        return Index(index_dir, folder, manifest, encoder, store or Embedded())
    except (OSError, RuntimeError, ValueError, IndexUnusable):
        # A build that ended between the check and the opening removed this generation.
        if current_generation(index_dir) == folder.name:
            raise
        return open_index(index_dir, encoder, config, store)


class Index:
    """An open index: immutable, safe to share between threads; positions number its chunks."""

    def __init__(
        self, index_dir: Path, folder: Path, manifest: Manifest, encoder: Encoder, store: Store
    ) -> None:
        self.manifest = manifest
        self.encoder = encoder
        self.generation = folder.name
        self.catalogue = Catalogue.open(folder)
        plans = Records(folder / _PLANS)
        self.plans: Mapping[str, Plan] = _Plans(plans, list(self.catalogue.heads))
        chunks = Records(folder / _CHUNKS)
        self.chunks: Sequence[Chunk] = _Chunks(chunks, Chunk)
        self.briefs: Sequence[ChunkBrief] = _Chunks(chunks, ChunkBrief)
        self.store = store
        self.dense, self.lexical = store.open(folder, manifest)
        self.facets = Facets.open(folder)
        self.frequencies = Frequencies.open(folder)
        self.index_dir = index_dir
        self._notes = Records(folder / _NOTES)

    @property
    def sources(self) -> Mapping[str, SourceEntry]:
        """Return the file each plan was read from, by plan id."""
        return {source.plan_id: source for source in self.manifest.sources}

    def notes_of(self, plan_id: str) -> tuple[Note, ...]:
        """Return what is doubtful or contradictory in a plan, gravest first."""
        packed = self._notes[self.catalogue.number_of(plan_id)]
        return msgspec.msgpack.decode(packed, type=tuple[Note, ...])

    @property
    def superseded(self) -> Mapping[str, Edition]:
        """Return the plans that have given way to another edition, by id, and to which."""
        return self.catalogue.superseded

    @property
    def is_stale(self) -> bool:
        """Say whether a newer generation has been published since this one was opened."""
        return current_generation(self.index_dir) != self.generation

    def allowed(self, wanted: Filter | None) -> Allowed | None:
        """Return the chunks `wanted` lets through, None where it restricts nothing."""
        return self.facets.allowed(wanted)


class _Plans(Mapping[str, Plan]):
    """Plans by id, each unpacked when it is asked for; the last ones are remembered."""

    def __init__(self, records: Records, plan_ids: Sequence[str]) -> None:
        self._numbers = {plan_id: number for number, plan_id in enumerate(plan_ids)}
        self._read = functools.lru_cache(maxsize=_OPEN_PLANS)(
            lambda number: unpack_plan(records[number])
        )

    def __getitem__(self, plan_id: str) -> Plan:
        return self._read(self._numbers[plan_id])

    def __contains__(self, plan_id: object) -> bool:
        return plan_id in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _Chunks(Sequence[Kept]):
    """Chunks by position, all or some of each, unpacked when it is asked for."""

    def __init__(self, records: Records, kind: type[Kept]) -> None:
        self._records = records
        self._decode: Callable[[bytes], Kept] = msgspec.msgpack.Decoder(kind).decode

    @overload
    def __getitem__(self, position: int) -> Kept: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Kept]: ...
    def __getitem__(self, position: int | slice) -> Kept | Sequence[Kept]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        number = int(position)
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._decode(self._records[number % len(self)])

    def __len__(self) -> int:
        return len(self._records)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan of the new index: where it is from, what tells its editions, its place in the spool.

    `is_old` says that its chunks in the old index, read by the same code, can be taken over.
    """

    source: SourceEntry
    abridged: Plan
    number: int
    is_old: bool


@dataclass(slots=True)
class _Collected:
    """The plans of the new index, each with its source, and what became of every file.

    The plans themselves wait in `spool`, for very many do not fit into memory.
    """

    spool: RecordWriter
    plans: list[_Plan] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)

    def take(self, source: SourceEntry, plan: Plan, *, is_old: bool) -> None:
        """Add a plan."""
        self.plans.append(_Plan(source, abridged(plan), len(self.plans), is_old))
        self.spool.add(pack_plan(plan))

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
        self.take(before, old_plan(before), is_old=before.corpus_version == corpus_version())
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

    @property
    def withdrawn(self) -> tuple[str, ...]:
        return self.manifest.withdrawn if self.manifest else ()

    def plan_reader(self) -> Callable[[SourceEntry], Plan]:
        if self.folder is None:
            return _no_plan
        records = Records(self.folder / _PLANS)
        plans = _Plans(records, [source.plan_id for source in self.sources])
        return lambda entry: plans[entry.plan_id]

    def chunks_by(self, encoder: Encoder, config: Config) -> Callable[[str], list[Chunk] | None]:
        """Return a look-up from the id of a plan to its chunks, if they would be cut alike now."""
        if self.folder is None or self.manifest is None:
            return _no_chunks
        made_with = (self.manifest.config, self.manifest.encoder)
        if made_with != (config.fingerprint(), encoder.fingerprint):
            return _no_chunks
        catalogue = Catalogue.open(self.folder)
        chunks = _Chunks(Records(self.folder / _CHUNKS), Chunk)
        return lambda plan_id: [chunks[at] for at in catalogue.chunks_of(plan_id)]

    def vectors_of(self, encoder: Encoder, store: Store) -> Known:
        """Return a look-up from keys of embedded texts to those vectors the same encoder made."""
        if self.folder is None or self.manifest is None:
            return _nothing_known
        if self.manifest.encoder != encoder.fingerprint:
            return _nothing_known
        try:
            dense = store.open(self.folder, self.manifest).dense
        except IndexUnusable:  # of another store: all is embedded again
            return _nothing_known
        keys = np.load(self.folder / _TEXT_KEYS)
        place = {key.tobytes(): number for number, key in enumerate(keys)}

        def known(wanted: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
            found = [key for key in dict.fromkeys(wanted) if key in place]
            return dict(zip(found, dense.vectors([place[key] for key in found]), strict=True))

        return known


def _collect(
    paths: Sequence[Path],
    old: _Old,
    drop: Collection[str],
    read: Callable[[Path, Path | None], Plan],
    spool: RecordWriter,
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
    dropped = {entry.sha256 for entry in old.sources if entry.plan_id in drop}
    named = {digest for path, digest in digests.items() if path in roots and digest}
    collected = _Collected(spool, withdrawn={*old.withdrawn, *dropped} - named)
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
            collected.take(entry, old_plan(entry), is_old=entry.corpus_version == version)
    # Plans that keep their id have it before any new plan can take it.
    taken = {plan.source.plan_id for plan in collected.plans}
    taken.update(entry.plan_id for entry in before.values())
    seen: dict[str | None, Path] = {}
    for number, (path, folder) in enumerate(sorted(folders.items())):
        progress("read", number, len(folders))
        digest, known = digests.get(path), before.get(path)
        if path not in digests:
            reason = "Không phải loại tệp văn bản được hỗ trợ."
            collected.files.append(FileReport(str(path), Outcome.SKIPPED, reason=reason))
        elif digest in collected.withdrawn:
            reason = "Đã được gỡ khỏi chỉ mục; muốn đưa vào lại thì nêu đích danh tệp này."
            collected.files.append(FileReport(str(path), Outcome.SKIPPED, reason=reason))
        elif digest and digest in seen:
            reason = f"Trùng nội dung với tệp “{seen[digest].name}”."
            collected.files.append(FileReport(str(path), Outcome.SKIPPED, reason=reason))
        elif known and (known.sha256, known.corpus_version) == (digest, version):
            plan = old_plan(known)
            collected.take(known, plan, is_old=True)
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
                collected.take(entry, plan, is_old=False)
                collected.files.append(FileReport(str(path), Outcome.READ, plan.id, plan.notes))
        seen[digest] = path
    progress("read", len(folders), len(folders))
    collected.plans.sort(key=lambda plan: plan.source.plan_id)
    return collected


@dataclass(frozen=True, slots=True)
class _Made:
    chunks: int
    embedded: int
    vectors: str


def _write(
    folder: Path,
    collected: _Collected,
    encoder: Encoder,
    config: Config,
    store: Store,
    old: _Old,
    progress: Callable[[str, int, int], None],
) -> _Made:
    """Write every file of a generation."""
    spool = Records(folder / _SPOOL)
    by_id = {plan.source.plan_id: plan for plan in collected.plans}
    given_way = superseded(
        (plan.abridged for plan in collected.plans),
        lambda plan: unpack_plan(spool[by_id[plan.id].number]).text,
    )
    vectors_of, chunks_of = old.vectors_of(encoder, store), old.chunks_by(encoder, config)
    frequencies = FrequencyCounter()
    keys: list[bytes] = []
    facets = FacetWriter()
    heads: list[PlanHead] = []
    lengths: list[int] = []
    unit_names: dict[str, None] = {}
    embedded = 0
    made_with = (config.fingerprint(), encoder.fingerprint)
    with (
        RecordWriter(folder / _PLANS) as plan_writer,
        RecordWriter(folder / _CHUNKS) as chunk_writer,
        RecordWriter(folder / _NOTES) as note_writer,
        store.writing(folder, encoder.dimensions, made_with) as writer,
    ):
        for number, waiting in enumerate(collected.plans):
            progress("embed", number, len(collected.plans))
            packed = spool[waiting.number]
            plan = unpack_plan(packed)
            old_chunks = chunks_of(plan.id) if waiting.is_old else None
            prepared = prepare(plan, encoder, config.longest, vectors_of, old_chunks)
            plan_writer.add(packed)
            heads.append(PlanHead.of(plan))
            note_writer.add(msgspec.msgpack.encode(prepared.notes))
            unit_names.update(dict.fromkeys(prepared.unit_names))
            lengths.append(len(prepared.chunks))
            embedded += prepared.embedded
            keys += prepared.keys
            for chunk, vector in zip(prepared.chunks, prepared.vectors, strict=True):
                chunk_writer.add(msgspec.msgpack.encode(chunk))
                terms = facet_terms(chunk, plan, current=plan.id not in given_way)
                facets.add(terms)
                frequencies.add(f"{chunk.context} {chunk.text}")
                writer.add(vector, looked_up_text(chunk, plan), terms)
        progress("embed", len(collected.plans), len(collected.plans))
    np.save(folder / _TEXT_KEYS, np.frombuffer(b"".join(keys), np.uint8).reshape(-1, KEY_BYTES))
    facets.write(folder)
    frequencies.write(folder)
    Catalogue.write(heads, given_way.values(), unit_names, lengths, folder)
    for path in folder.glob(f"{_SPOOL}*"):
        path.unlink()
    return _Made(len(keys), embedded, writer.kind)


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


def _no_chunks(_plan_id: str) -> None:
    return None


def _no_plan(entry: SourceEntry) -> Plan:
    raise AssertionError(f"there is no old index to take {entry.plan_id} from")


def _nothing_known(_wanted: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
    return {}


def _silent_progress(_stage: str, _done: int, _total: int) -> None:
    return None
