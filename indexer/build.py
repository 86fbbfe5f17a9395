"""The recipe: plan files in, an index out; and the index once it is open."""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import itertools
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

import corpus
from corpus.archive import pack_plan, unpack_plan
from corpus.editions import Edition, superseded
from corpus.errors import CorpusError
from corpus.model import Note, Plan
from corpus.parse import parse_document
from corpus.readers import read_document
from indexer.bundle import (
    GROWING,
    Manifest,
    Records,
    RecordWriter,
    SourceEntry,
    current_generation,
    locked,
    open_generation,
    publish,
    take_over,
    writing,
)
from indexer.catalogue import Abstract, Catalogue, PlanHead
from indexer.chunk import Chunk, ChunkBrief, looked_up_text
from indexer.config import Config
from indexer.embed import Encoder
from indexer.errors import IndexUnusable, NothingToIndex
from indexer.filter import Allowed, Facets, FacetWriter, Filter, facet_terms
from indexer.frequencies import Frequencies, FrequencyCounter, count_terms
from indexer.lexical import chunk_terms
from indexer.places import Places
from indexer.prepare import KEY_BYTES, Known, Prepared, counted_text, prepare
from indexer.store import Embedded, GrowingWriter, Store, StoreWriter
from indexer.workers import WorkerDied, Workers

# Endings of files in a folder that may be plans; a file named by itself is always tried.
_PLAN_ENDINGS = frozenset(
    {
        *(".txt", ".md", ".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm"),
        *(".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".png", ".jpg", ".jpeg", ".tif", ".tiff"),
    }
)
_PLANS, _CHUNKS = "plans", "chunks"
_NOTES, _ABSTRACTS = "notes", "abstracts"
_TEXT_KEYS = f"texts{GROWING}"
# Plans in the order in which they were read; gone when the generation is complete.
_SPOOL = "read"
# Open plans that are kept: some half a megabyte each.
_OPEN_PLANS = 256
# Files from which on it pays to start processes, which takes as long as reading a dozen.
_MANY = 50
# A generation goes on from the files of the one before until so large a share of the chunks in
# them has left; then all is written anew. Not tuned: what has left costs room, and time to scan.
_MOST_LEFT = 0.25
# An index of so few chunks is written anew as soon as a plan leaves or changes: some six seconds,
# and words are weighed exactly, where the text engine else counts what has left until it tidies up,
# which among so few lets other near places come first.
_FEW = 5_000


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
    workers: int = 1,
) -> Report:
    """Bring the index at `index_dir` up to date with the files and folders `paths`.

    Plans read before from elsewhere stay; those of files that are gone from a folder in `paths` and
    those whose id is in `drop` leave. What was dropped stays out, also where a folder still holds
    the file, until `paths` name the file itself. A file that cannot be read stops no other. What
    did not change is neither parsed nor embedded again. `on_progress(stage, done, total)` is told
    of "read" and "embed". Vectors and words go to `store`, by default beside the plans. Where files
    are many, so many `workers` read and prepare them side by side, if `read` and `encoder` can be
    copied; what comes of it is the same, but texts that were embedded before are embedded again.

    Raise NothingToIndex (and touch nothing) where no plan is left, IndexBusy where another build is
    running, StoreUnavailable where the store refuses.
    """
    config, store = config or Config(), store or Embedded()
    progress = on_progress or _silent_progress
    with locked(index_dir):
        before = current_generation(index_dir)
        old, warning = _open_old(index_dir)
        with (
            _Crew(_Parts(read, encoder, config.longest), workers) as crew,
            writing(index_dir) as folder,
        ):
            with RecordWriter(folder / _SPOOL) as spool:
                collected = _collect(paths, old, frozenset(drop), crew, spool, progress)
            if not collected.plans:
                refused = tuple((f.path, f.reason) for f in collected.files if f.reason)
                raise NothingToIndex(refused)
            made = _write(folder, collected, encoder, config, store, old, crew, progress)
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
                *((old.folder, old.manifest) if old else ()),
            )
            store.forget(folder, before)
    return Report(
        files=tuple(collected.files),
        plans=len(collected.plans),
        chunks=made.chunks,
        embedded=made.embedded,
        reused=made.chunks - made.embedded,
        vectors=made.vectors,
        warning=warning,
    )


def files_to_read(paths: Sequence[Path], index_dir: Path) -> list[tuple[Path, Path | None]]:
    """Return the files `build_index` would read now, each with the folder it must not leave."""
    roots = [path.resolve() for path in paths]
    version = corpus_version()
    old, _ = _open_old(index_dir)
    known = {(s.path, s.sha256, s.corpus_version) for s in (old.manifest.sources if old else ())}
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
        self._places = Places.open(folder, manifest.chunks, manifest.plans)
        self.plans: Mapping[str, Plan] = _Plans(
            Records(folder / _PLANS), list(self.catalogue.heads), self._places.plans
        )
        chunks, places = Records(folder / _CHUNKS), self._places.chunks
        self.chunks: Sequence[Chunk] = _Chunks(chunks, places, Chunk)
        self.briefs: Sequence[ChunkBrief] = _Chunks(chunks, places, ChunkBrief)
        self.store = store
        self.dense, self.lexical = store.open(folder, manifest)
        self.facets = Facets.open(folder)
        self.frequencies = Frequencies.open(folder)
        self.index_dir = index_dir
        self._notes = Records(folder / _NOTES)

    @functools.cached_property
    def sources(self) -> Mapping[str, SourceEntry]:
        """Return the file each plan was read from, by plan id."""
        return {source.plan_id: source for source in self.manifest.sources}

    def notes_of(self, plan_id: str) -> tuple[Note, ...]:
        """Return what is doubtful or contradictory in a plan, gravest first."""
        packed = self._notes[int(self._places.plans[self.catalogue.number_of(plan_id)])]
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

    def __init__(
        self, records: Records, plan_ids: Sequence[str], places: NDArray[np.int32]
    ) -> None:
        self._numbers = dict(zip(plan_ids, places.tolist(), strict=True))
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

    def __init__(self, records: Records, places: NDArray[np.int32], kind: type[Kept]) -> None:
        self._records = records
        self._places = places
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
        return self._decode(self._records[int(self._places[number % len(self)])])

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan of the new index: where it is from, what is known of it, and its place in the spool.

    `number` is None where the old index has it just so, chunks and all, read by the same code.
    """

    source: SourceEntry
    abstract: Abstract
    number: int | None = None


@dataclass(slots=True)
class _Collected:
    """The plans of the new index, each with its source, and what became of every file.

    Those that are not in the old index wait in `spool`, for very many do not fit into memory.
    """

    spool: RecordWriter
    old: _Old | None
    plans: list[_Plan] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    spooled: int = 0

    def take(self, source: SourceEntry, read: _Read) -> None:
        """Add a plan that was read just now, or is to be cut anew."""
        self.plans.append(_Plan(source, read.abstract, self.spooled))
        self.spool.add(read.packed)
        self.spooled += 1

    def keep(self, source: SourceEntry) -> Abstract:
        """Add a plan of the old index as it is; return what is known of it."""
        if self.old is None:
            raise ValueError(f"there is no old index to take {source.plan_id} from")
        if source.corpus_version != corpus_version():
            self.take(source, _Read.of(unpack_plan(self.old.packed(source.plan_id))))
        else:
            self.plans.append(_Plan(source, self.old.abstract(source.plan_id)))
        return self.plans[-1].abstract

    def refuse(self, path: Path, reason: str, before: SourceEntry | None) -> None:
        """Note that `path` cannot be read; the plan it held `before` stays."""
        if before is None:
            self.files.append(FileReport(str(path), Outcome.REFUSED, reason=reason))
            return
        self.keep(before)
        reason = f"{reason} Bản đã lập chỉ mục trước đó được giữ lại."
        self.files.append(FileReport(str(path), Outcome.KEPT, before.plan_id, reason=reason))


class _Old:
    """The index before the build."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.catalogue = Catalogue.open(folder)
        self.places = Places.open(folder, manifest.chunks, manifest.plans)
        self._plans, self._abstracts = Records(folder / _PLANS), Records(folder / _ABSTRACTS)
        self._chunks = _Chunks(Records(folder / _CHUNKS), self.places.chunks, Chunk)

    @property
    def chunks_ever(self) -> int:
        """Return how many chunks lie in the files that grow, those that have left among them."""
        return self.manifest.files[_TEXT_KEYS].size // KEY_BYTES

    def place_of(self, plan_id: str) -> int:
        """Return where a plan lies among the plans."""
        return int(self.places.plans[self.catalogue.number_of(plan_id)])

    def chunk_places(self, plan_id: str) -> NDArray[np.int32]:
        """Return where the chunks of a plan lie."""
        positions = self.catalogue.chunks_of(plan_id)
        return self.places.chunks[positions.start : positions.stop]

    def packed(self, plan_id: str) -> bytes:
        """Return a plan as it is kept."""
        return self._plans[self.place_of(plan_id)]

    def abstract(self, plan_id: str) -> Abstract:
        """Return what is known of a plan."""
        packed = self._abstracts[self.place_of(plan_id)]
        return msgspec.msgpack.decode(packed, type=Abstract)

    def chunks_of(self, plan_id: str) -> list[Chunk]:
        """Return the chunks of a plan."""
        return [self._chunks[position] for position in self.catalogue.chunks_of(plan_id)]

    @property
    def made_with(self) -> tuple[str, str]:
        """Return the fingerprints of configuration and encoder."""
        return self.manifest.config, self.manifest.encoder

    def vectors(self, encoder: Encoder, store: Store) -> Known:
        """Return a look-up from keys of embedded texts to those vectors the same encoder made."""
        if self.manifest.encoder != encoder.fingerprint:
            return _nothing_known
        try:
            dense = store.open(self.folder, self.manifest).dense
        except IndexUnusable:  # of another store: all is embedded again
            return _nothing_known
        kept = np.fromfile(self.folder / _TEXT_KEYS, np.uint8, self.chunks_ever * KEY_BYTES)
        keys = kept.reshape(-1, KEY_BYTES)[self.places.chunks]
        # Sorted by their first half; two texts that share it are told apart below.
        halves = keys.view(np.uint64)[:, 0]
        order = np.argsort(halves, kind="stable")
        halves = halves[order]

        def known(wanted: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
            found = {}
            for key in dict.fromkeys(wanted):
                at = int(np.searchsorted(halves, np.frombuffer(key, np.uint64)[0]))
                if at < len(order) and keys[order[at]].tobytes() == key:
                    found[key] = int(order[at])
            return dict(zip(found, dense.vectors(list(found.values())), strict=True))

        return known


def _open_old(index_dir: Path) -> tuple[_Old | None, str | None]:
    """Return the index before the build, None without one, and why it cannot be used."""
    if current_generation(index_dir) is None:
        return None, None
    try:
        return _Old(*open_generation(index_dir)), None
    except IndexUnusable as error:
        return None, f"{error.reason} Chỉ mục mới chỉ gồm các tệp được đọc lần này."


@dataclass(frozen=True, slots=True)
class _Read:
    """A plan as it is kept, and what is known of it."""

    packed: bytes
    abstract: Abstract

    @classmethod
    def of(cls, plan: Plan) -> _Read:
        return cls(pack_plan(plan), Abstract.of(plan))

    def renamed(self, plan_id: str) -> _Read:
        """Return the plan under this id."""
        if self.abstract.plan.id == plan_id:
            return self
        return _Read.of(replace(unpack_plan(self.packed), id=plan_id))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What it takes to read files and to prepare plans, one by one."""

    reader: Callable[[Path, Path | None], Plan]
    encoder: Encoder
    longest: int

    def read(self, path: Path, folder: Path | None) -> _Read | str:
        """Return the plan in a file, or why there is none."""
        try:
            return _Read.of(self.reader(path, folder))
        # One file, however broken, and whatever it finds wrong in the parser, stops no other.
        except Exception as error:
            return _reason(error)

    def prepare(
        self,
        packed: bytes,
        current: bool,
        known: Known = lambda _keys: {},
        chunks: Sequence[Chunk] | None = None,
    ) -> Prepared:
        """Return what is kept of a plan."""
        plan = unpack_plan(packed)
        return prepare(plan, self.encoder, self.longest, known, chunks, current=current)


class _Crew(contextlib.ExitStack):
    """Reads files and prepares plans: side by side where they are many, else in this process."""

    def __init__(self, parts: _Parts, count: int) -> None:
        super().__init__()
        self.parts = parts
        self._count = count
        self._workers: Workers[_Parts] | None = None

    def read(self, files: Sequence[tuple[Path, Path | None]]) -> Iterator[_Read | str]:
        """Yield the plan in each file, or why there is none."""
        workers = self._for(len(files))
        if workers is None:
            yield from itertools.starmap(self.parts.read, files)
            return
        for found in workers.results(_Parts.read, files):
            if isinstance(found, WorkerDied):
                yield "Tiến trình đọc tệp bị dừng giữa chừng hai lần (thường do thiếu bộ nhớ)."
            else:
                yield found

    def prepare(
        self, count: int, plans: Iterable[tuple[bytes, bool]]
    ) -> Iterator[Prepared | WorkerDied | None]:
        """Yield what is kept of each of `count` plans; anything else where that is left to do."""
        workers = self._for(count)
        return workers.results(_Parts.prepare, plans) if workers else itertools.repeat(None, count)

    def _for(self, tasks: int) -> Workers[_Parts] | None:
        if self._workers is None and self._count > 1 and tasks >= _MANY:
            with contextlib.suppress(OSError):
                self._workers = self.enter_context(Workers(self.parts, self._count))
        return self._workers if tasks >= _MANY else None


def _collect(
    paths: Sequence[Path],
    old: _Old | None,
    drop: Collection[str],
    crew: _Crew,
    spool: RecordWriter,
    progress: Callable[[str, int, int], None],
) -> _Collected:
    """Read what is new, take over what is not, leave out what is gone."""
    version = corpus_version()
    roots = [path.resolve() for path in paths]
    folders = dict(_files(roots))
    digests = {path: _digest_of(path) for path in folders if _may_be_plan(path, roots)}
    here = set(digests.values())
    before: dict[Path, SourceEntry] = {}
    sources, withdrawn = (old.manifest.sources, old.manifest.withdrawn) if old else ((), ())
    dropped = {entry.sha256 for entry in sources if entry.plan_id in drop}
    named = {digest for path, digest in digests.items() if path in roots and digest}
    collected = _Collected(spool, old, withdrawn={*withdrawn, *dropped} - named)
    for entry in sources:
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
            collected.keep(entry)
    # Plans that keep their id have it before any new plan can take it.
    taken = {plan.source.plan_id for plan in collected.plans}
    taken.update(entry.plan_id for entry in before.values())
    skipped: dict[Path, str] = {}
    new: dict[Path, Path | None] = {}
    seen: dict[str | None, Path] = {}
    for path, folder in sorted(folders.items()):
        digest, known = digests.get(path), before.get(path)
        if path not in digests:
            skipped[path] = "Không phải loại tệp văn bản được hỗ trợ."
        elif digest in collected.withdrawn:
            skipped[path] = "Đã được gỡ khỏi chỉ mục; muốn đưa vào lại thì nêu đích danh tệp này."
        elif digest and digest in seen:
            skipped[path] = f"Trùng nội dung với tệp “{seen[digest].name}”."
        elif not known or (known.sha256, known.corpus_version) != (digest, version):
            new[path] = folder
        seen[digest] = path
    plans = crew.read(list(new.items()))
    for number, path in enumerate(sorted(folders)):
        progress("read", number, len(folders))
        known = before.get(path)
        if path in skipped:
            collected.files.append(FileReport(str(path), Outcome.SKIPPED, reason=skipped[path]))
        elif known and path not in new:
            notes = collected.keep(known).plan.notes
            collected.files.append(FileReport(str(path), Outcome.UNCHANGED, known.plan_id, notes))
        elif isinstance(read := next(plans), str):
            collected.refuse(path, read, known)
        else:
            plan = read.abstract.plan
            plan_id = _free_id(plan.id, known.plan_id if known else None, taken)
            taken.add(plan_id)
            entry = SourceEntry(str(path), digests[path] or plan.source.sha256, version, plan_id)
            collected.take(entry, read.renamed(plan_id))
            collected.files.append(FileReport(str(path), Outcome.READ, plan_id, plan.notes))
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
    old: _Old | None,
    crew: _Crew,
    progress: Callable[[str, int, int], None],
) -> _Made:
    """Write every file of a generation, going on from those of the one before where that pays."""
    spool = Records(folder / _SPOOL)
    by_id = {plan.source.plan_id: plan for plan in collected.plans}

    def packed(plan_id: str) -> bytes:
        number = by_id[plan_id].number
        if number is not None:
            return spool[number]
        if old is None:
            raise ValueError(f"there is no old index to take {plan_id} from")
        return old.packed(plan_id)

    given_way = superseded(
        (plan.abstract.plan for plan in collected.plans),
        lambda plan: unpack_plan(packed(plan.id)).text,
    )
    made_with = (config.fingerprint(), encoder.fingerprint)
    same = old if old and old.made_with == made_with else None
    known = old.vectors(encoder, store) if old else _nothing_known
    embedded = 0
    with contextlib.ExitStack() as stack:
        kept = {plan_id for plan_id, plan in by_id.items() if plan.number is None}
        growing = None
        if same and _may_go_on(same, kept, given_way.keys()):
            growing = store.growing(folder, same.folder, same.manifest)
        if same and growing:
            writer: _Writer = _GoingOn(folder, stack, stack.enter_context(growing), same)
        else:
            fresh = store.writing(folder, encoder.dimensions, made_with)
            writer = _Writer(folder, stack, stack.enter_context(fresh))
        new = [plan_id for plan_id in by_id if not same or plan_id not in kept]
        elsewhere = crew.prepare(
            len(new), ((packed(plan_id), plan_id not in given_way) for plan_id in new)
        )
        for number, (plan_id, plan) in enumerate(by_id.items()):
            progress("embed", number, len(by_id))
            current = plan_id not in given_way
            if isinstance(writer, _GoingOn) and plan_id in kept:
                writer.keep(plan_id, plan.abstract, current=current)
                continue
            chunks = same.chunks_of(plan_id) if same and plan_id in kept else None
            prepared = next(elsewhere) if chunks is None else None
            if not isinstance(prepared, Prepared):
                prepared = crew.parts.prepare(packed(plan_id), current, known, chunks)
            writer.add(packed(plan_id), plan.abstract, prepared)
            embedded += prepared.fresh
        if isinstance(writer, _GoingOn):
            writer.remove_all_but(kept)
        progress("embed", len(by_id), len(by_id))
    writer.finish(given_way.values())
    for path in folder.glob(f"{_SPOOL}.*"):
        path.unlink()
    return _Made(writer.chunks, embedded, writer.vectors)


def _may_go_on(old: _Old, kept: AbstractSet[str], given_way: AbstractSet[str]) -> bool:
    """Say whether to go on from the files of `old`, where what is not `kept` stays as a rest."""
    leaving = old.catalogue.heads.keys() - kept
    changes = leaving or old.catalogue.superseded.keys() & kept != given_way & kept
    if changes and old.chunks_ever <= _FEW:
        return False
    left = old.chunks_ever - old.manifest.chunks
    left += sum(len(old.catalogue.chunks_of(plan_id)) for plan_id in leaving)
    return left <= _MOST_LEFT * old.chunks_ever


class _Writer:
    """Writes the files of a generation, plan after plan in the order of their ids."""

    def __init__(
        self,
        folder: Path,
        stack: contextlib.ExitStack,
        store: StoreWriter,
        facets: FacetWriter | None = None,
        frequencies: FrequencyCounter | None = None,
    ) -> None:
        self._folder = folder
        self._plans, self._chunks, self._notes, self._abstracts = (
            stack.enter_context(RecordWriter(folder / name))
            for name in (_PLANS, _CHUNKS, _NOTES, _ABSTRACTS)
        )
        self._keys = stack.enter_context((folder / _TEXT_KEYS).open("ab"))
        self._store = store
        self._facets = facets or FacetWriter()
        self._frequencies = frequencies or FrequencyCounter()
        self._heads: list[PlanHead] = []
        self._unit_names: dict[str, None] = {}
        self._plan_places: list[int] = []
        self._chunk_places: list[range | NDArray[np.int32]] = []

    @property
    def chunks(self) -> int:
        """Return how many chunks the generation has."""
        return sum(map(len, self._chunk_places))

    @property
    def vectors(self) -> str:
        """Return what the vectors are kept in, and why."""
        return self._store.kind

    def add(self, packed: bytes, abstract: Abstract, prepared: Prepared) -> None:
        """Add a plan."""
        first = self._chunks.count
        self._enter(abstract, self._plans.count, range(first, first + len(prepared.chunks)))
        self._plans.add(packed)
        self._notes.add(prepared.notes)
        self._abstracts.add(msgspec.msgpack.encode(abstract))
        self._keys.write(prepared.keys)
        self._frequencies.add(prepared.counts, len(prepared.chunks))
        for chunk, vector, words, terms in zip(
            prepared.chunks, prepared.vectors, prepared.words, prepared.facets, strict=True
        ):
            self._chunks.add(chunk)
            self._facets.add(terms)
            self._store.add(vector, words, terms)

    def finish(self, given_way: Iterable[Edition]) -> None:
        """Write what is known of all plans together."""
        self._facets.write(self._folder)
        self._frequencies.write(self._folder)
        lengths = [len(places) for places in self._chunk_places]
        Catalogue.write(self._heads, given_way, self._unit_names, lengths, self._folder)

    def _enter(self, abstract: Abstract, place: int, chunks: range | NDArray[np.int32]) -> None:
        self._heads.append(abstract.head)
        self._unit_names.update(dict.fromkeys(abstract.unit_names))
        self._plan_places.append(place)
        self._chunk_places.append(chunks)


class _GoingOn(_Writer):
    """Adds to the files of the generation `old` what that has not."""

    def __init__(
        self, folder: Path, stack: contextlib.ExitStack, store: GrowingWriter, old: _Old
    ) -> None:
        for name in old.manifest.files:
            if name.endswith(GROWING) and "/" not in name:
                take_over(old.folder, old.manifest, name, folder)
        facets = FacetWriter(Facets.open(old.folder))
        super().__init__(
            folder, stack, store, facets, FrequencyCounter(Frequencies.open(old.folder))
        )
        self._old = old
        self._growing = store

    def keep(self, plan_id: str, abstract: Abstract, *, current: bool) -> None:
        """Keep a plan as it is, but for whether it has given way."""
        old = self._old
        places = old.chunk_places(plan_id)
        self._enter(abstract, old.place_of(plan_id), places)
        if current == (plan_id not in old.catalogue.superseded):
            self._facets.keep(old.catalogue.chunks_of(plan_id))
            return
        plan = unpack_plan(old.packed(plan_id))
        for chunk, place in zip(old.chunks_of(plan_id), places.tolist(), strict=True):
            terms = facet_terms(chunk, plan, current=current)
            self._facets.add(terms)
            self._growing.replace(place, chunk_terms(looked_up_text(chunk, plan)), terms)

    def remove_all_but(self, kept: Collection[str]) -> None:
        """Take out the plans of the old index that are not `kept`."""
        old = self._old
        for plan_id in old.catalogue.heads.keys() - kept:
            chunks = old.chunks_of(plan_id)
            self._frequencies.remove(count_terms(map(counted_text, chunks)), len(chunks))
            self._growing.remove(old.chunk_places(plan_id).tolist())

    def finish(self, given_way: Iterable[Edition]) -> None:
        """Write what is known of all plans together, and where each lies."""
        super().finish(given_way)
        chunks = np.concatenate([np.asarray(p, dtype=np.int32) for p in self._chunk_places])
        Places(chunks, np.array(self._plan_places, dtype=np.int32)).write(self._folder)


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


def _nothing_known(_wanted: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
    return {}


def _silent_progress(_stage: str, _done: int, _total: int) -> None:
    return None
