"""Read every edition of the shipped plans and write what was right into docs/formats.md.

Run `python -m tests.corpus.readers.measure` (about twenty minutes, most of it recognition; needs
LibreOffice, Chromium, Tesseract and poppler). `--quick` leaves the scans out.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from corpus.readers.isolate import _reader_of
from corpus.readers.kind import kind_of
from corpus.readers.limits import Limits
from tests.corpus.readers import editions

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
SCANS = (
    ("scan 200 dpi, clean", {"dpi": 200}),
    ("scan 150 dpi, skew 0.4°, noise", {"dpi": 150, "skew": 0.4, "noise": 4}),
    ("scan 200 dpi, skew 0.7°, noise", {"dpi": 200, "skew": 0.7, "noise": 8}),
    ("scan 300 dpi, skew 0.5°, noise", {"dpi": 300, "skew": 0.5, "noise": 8}),
    ("scan 200 dpi, skew 1.5°, heavy noise", {"dpi": 200, "skew": -1.5, "noise": 16}),
)


def files(folder: Path, *, scans: bool) -> Iterator[tuple[str, str, Path]]:
    """Yield edition, plan and file, editions in the order of the table."""
    truths = editions.truths()
    word = {
        way: [
            editions.write_docx(truth, folder / f"{plan}-{way}.docx", **options)
            for plan, truth in truths.items()
        ]
        for way, options in {
            "bordered": {},
            "numbers": {"automatic_numbers": True},
            "dashed": {"borders": "dashed"},
            "dotted": {"borders": "dotted"},
            "borderless": {"borders": "none"},
            "landscape": {"landscape": True},
            "flush": {"indent": False},
        }.items()
    }
    editions.convert([path for paths in word.values() for path in paths], "pdf", folder)
    plans = list(truths)

    def each(name: str, paths: list[Path]) -> Iterator[tuple[str, str, Path]]:
        yield from ((name, plan, path) for plan, path in zip(plans, paths, strict=True))

    yield from each("DOCX", word["bordered"])
    yield from each("DOCX, automatic numbers", word["numbers"])
    sheets = [editions.write_xlsx(truth, folder / f"{plan}.xlsx") for plan, truth in truths.items()]
    yield from each("XLSX", sheets)
    pages = [editions.write_html(truth, folder / f"{plan}.html") for plan, truth in truths.items()]
    yield from each("HTML", pages)
    for ending in ("doc", "odt", "rtf"):
        yield from each(f".{ending}", editions.convert(word["bordered"], ending, folder))
    for ending in ("xls", "ods"):
        yield from each(f".{ending}", editions.convert(sheets, ending, folder))
    for way in ("bordered", "dashed", "dotted", "borderless", "landscape", "flush"):
        yield from each(f"PDF, {way}", [path.with_suffix(".pdf") for path in word[way]])
    bordered = [path.with_suffix(".pdf") for path in word["bordered"]]
    for angle in (90, 180):
        turned = [editions.rotate(p, folder / f"{p.stem}-{angle}.pdf", angle) for p in bordered]
        yield from each(f"PDF, turned {angle}°", turned)
    for name, options in SCANS if scans else ():
        tag = "-".join(str(value) for value in options.values())
        yield from each(
            f"PDF, {name}",
            [
                editions.scan(path, folder / f"{path.stem}-{tag}.pdf", **options)
                for path in bordered
            ],
        )


def measure_one(path: Path, plan: str) -> dict[str, float]:
    """Read one file in this process; return its score, seconds of processor time and memory."""
    limits = Limits()
    reader = _reader_of(kind_of(path, limits))
    start = time.monotonic()
    document = reader(path, limits=limits)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        **asdict(editions.score(document, editions.truths()[plan])),
        "pages": document.pages or 1,
        "seconds": sum(one.ru_utime + one.ru_stime for one in used),
        "wall": time.monotonic() - start,
        "memory": max(_peak(), used[1].ru_maxrss) / 1024,
    }


def _peak() -> int:
    """Return the peak of resident memory since this program began (KB)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])


def measured_apart(path: Path, plan: str) -> dict[str, float]:
    """Measure one file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, str(path), plan],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"},
    )
    return json.loads(done.stdout.splitlines()[-1])


def table(*, scans: bool) -> str:
    """Return the measured table as Markdown."""
    results: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for edition, plan, path in files(Path(folder), scans=scans):
            results.setdefault(edition, []).append(measured_apart(path, plan))
            print(edition, plan, results[edition][-1], file=sys.stderr, flush=True)
    lines = [
        "| edition | rows exact | cells exact | paragraphs exact | characters | CPU s/page | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for edition, found in results.items():

        def share(name: str, found: list[dict[str, float]] = found) -> str:
            right, of = (sum(one[key] for one in found) for key in (f"{name}_right", name))
            return f"{right:.0f}/{of:.0f} ({right / of:.3f})"

        pages = sum(one["pages"] for one in found)
        characters = sum(one["characters"] for one in found) / len(found)
        seconds = sum(one["seconds"] for one in found) / pages
        memory = max(one["memory"] for one in found)
        lines.append(
            f"| {edition} | {share('rows')} | {share('cells')} | {share('paragraphs')} "
            f"| {characters:.4f} | {seconds:.2f} | {memory:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    if len(sys.argv) == 3:
        print(json.dumps(measure_one(Path(sys.argv[1]), sys.argv[2])))
        return
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    made = table(scans="--quick" not in sys.argv)
    PAGE.write_text(f"{head}{BEGIN}\n{made}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
