import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.lint import lint
from kehoach import cli
from kehoach.cli import Exit, main
from tests.conftest import SHIPPED_PLANS

ROOT = Path(__file__).parents[1]
QUESTION = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"
NONSENSE = "giá vàng hôm nay ở Luân Đôn?"


@pytest.fixture
def command(index_dir, monkeypatch, capsys):
    """Run one command against the shipped index; give its exit code, stdout and stderr."""
    monkeypatch.setenv("KEHOACH_INDEX", str(index_dir))

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        return (code, *capsys.readouterr())

    return run


# Questions


def test_an_answer_is_printed_with_its_quotes_and_the_plans_they_come_from(command):
    code, out, err = command("ask", QUESTION)
    assert code == Exit.FOUND
    assert "Trả lời" in out
    assert "97/KH-UBND" in out
    assert "[1]" in out
    assert err == ""


def test_an_answer_as_json_is_the_wire_format(command, server):
    import httpx2

    _, out, _ = command("ask", QUESTION, "--json")
    printed = json.loads(out)
    served = httpx2.post(f"{server}/v1/ask", json={"question": QUESTION}).json()
    del printed["took_ms"], served["took_ms"]
    assert printed == served


def test_a_question_the_plans_do_not_answer_exits_with_one(command):
    code, out, _ = command("ask", NONSENSE)
    assert code == Exit.NOTHING
    assert "Không tìm thấy" in out


def test_a_filter_may_be_repeated(command):
    arguments = ("--province", "Kiên Giang", "--province", "Bình Thuận", "--year", "2024")
    code, out, _ = command("ask", QUESTION, *arguments, "--json")
    assert code == Exit.FOUND
    assert {c["province"] for c in json.loads(out)["citations"]} <= {"Kiên Giang", "Bình Thuận"}


def test_a_filter_holds(command):
    _, out, _ = command("search", "truyền thông", "--province", "Bình Thuận", "--json")
    assert {hit["citation"]["province"] for hit in json.loads(out)["hits"]} == {"Bình Thuận"}


def test_a_search_returns_at_most_what_was_asked_for(command):
    code, out, _ = command("search", "truyền thông", "-k", "2", "--json")
    assert code == Exit.FOUND
    assert len(json.loads(out)["hits"]) == 2


# The caller's mistakes


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", ""],
        ["ask", "x" * 10_000],
        ["ask", "báo chí", "--province", "Xứ Mây"],
        ["search", "báo chí", "-k", "0"],
        ["search", "báo chí", "--kind", "book"],
        ["ask", "báo chí", "--as-of", "hôm qua"],
        ["ask"],
        ["ask", "báo chí", "--colour", "red"],
        ["nothing"],
        ["show", "khong-co"],
        ["index", "/khong/co"],
        ["ask", "báo chí", "--province", "Bình Thuận", "--plan", "97/KH-UBND"],
        ["compare", "--province", "Kiên Giang", "--province", "Kiên Giang"],
        ["compare", "báo chí", "--province", "Xứ Mây"],
        ["duties", "Sở Xứ Mây"],
        ["duties"],
        ["deadlines", "--year", "nay"],
        ["deadlines", "--as-of", "30/2/2024"],
        ["deadlines", "--ics", "/khong/co/lich.ics"],
        ["deadlines", "--output", "/khong/co/bang.xlsx"],
        ["compare", "--output", "bang.pdf"],
        ["lint", "khong-co"],
    ],
)
def test_a_callers_mistake_exits_with_two_and_says_so_in_vietnamese_on_stderr(command, arguments):
    code, out, err = command(*arguments)
    assert code == Exit.CALLER
    assert out == ""
    assert not err.isascii()
    assert "Traceback" not in err


def test_a_missing_index_is_named_with_the_command_that_makes_it(command, tmp_path):
    code, _, err = command("ask", QUESTION, "--index", str(tmp_path / "none"))
    assert code == Exit.CALLER
    assert "kehoach index" in err


def test_a_damaged_index_is_our_failure_and_says_what_to_do(command, index_dir, tmp_path):
    broken = tmp_path / "index"
    shutil.copytree(index_dir, broken)
    vectors = next(broken.rglob("flat.bin"))
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"!")
    code, _, err = command("ask", QUESTION, "--index", str(broken))
    assert code == Exit.FAILURE
    assert "kehoach index" in err


def test_an_unforeseen_error_is_our_failure_in_one_sentence(command, monkeypatch):
    def explode(_index: Path) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(cli, "open_engine", explode)
    code, out, err = command("ask", QUESTION)
    assert code == Exit.FAILURE
    assert out == ""
    assert "Traceback" not in err


# Plans


def test_a_plan_is_shown_by_its_id_its_number_or_a_part_of_its_id(command, engine):
    for plan_id, plan in engine.plans.items():
        for name in (plan_id, plan.number, plan_id.partition(".")[2]):
            code, out, _ = command("show", name)
            assert code == Exit.FOUND
            assert plan_id in out


def test_an_ambiguous_part_of_an_id_names_the_plans_it_fits(command):
    code, _, err = command("show", "kh-ubnd")
    assert code == Exit.CALLER
    assert "kien-giang" in err
    assert "binh-thuan" in err


def test_a_plan_is_shown_as_it_was_understood(command, engine):
    plan = engine.plans["97-kh-ubnd.kien-giang.2023"]
    _, out, _ = command("show", plan.id)
    assert all(text in out for text in (plan.issuer, plan.province, "30/03/2023", "2023–2025"))
    assert all(section.title in out for section in plan.walk() if section.title)
    assert all(f" {row.ordinal} " in out for row in plan.rows)
    assert "Đơn vị chủ trì" in out
    assert "37/KH-UBND" in out


def test_the_doubts_about_every_plan_are_listed_with_both_places(command, engine):
    code, out, _ = command("lint")
    assert code == Exit.FOUND
    assert all(plan_id in out for plan_id in engine.plans)
    assert all(note.message in out for plan in engine.plans.values() for note in lint(plan))
    assert "[lỗi]" in out
    assert "“97 /KH-UBND”" in out
    assert "“37/KH-UBND”" in out


def test_doubts_as_json_are_those_of_the_api(command, server):
    import httpx2

    _, out, _ = command("lint", "97/KH-UBND", "--json")
    (printed,) = json.loads(out)["plans"]
    assert printed == httpx2.get(f"{server}/v1/plans/{printed['plan_id']}/notes").json()


def test_a_plan_without_doubts_exits_with_one(command, tmp_path):
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "ỦY BAN NHÂN DÂN\nTỈNH KIÊN GIANG\n\nSố: 5/KH-UBND\n\n"
        "Kiên Giang, ngày 03 tháng 02 năm 2024\n\nKẾ HOẠCH\nPhòng, chống thiên tai năm 2024\n\n"
        "I. MỤC ĐÍCH\n\n1. Chủ động phòng ngừa, ứng phó kịp thời với thiên tai.\n\n"
        "2. Nâng cao nhận thức của người dân về phòng, chống thiên tai.\n\n"
        "II. TỔ CHỨC THỰC HIỆN\n\nCác đơn vị triển khai kế hoạch này.\n",
        encoding="utf-8",
    )
    index = str(tmp_path / "index")
    command("index", str(folder), "--index", index)
    code, out, _ = command("lint", "--index", index)
    assert (code, "không có" in out) == (Exit.NOTHING, True)


# Tables


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("compare", "báo chí"), "/v1/compare?topic=báo chí"),
        (("compare", "--province", "Kiên Giang", "--province", "Bình Thuận"), "/v1/compare"),
        (
            ("duties", "Sở LĐTBXH", "--year", "2025", "--as-of", "2025-03-01"),
            "/v1/units/Sở LĐTBXH/duties?year=2025&as_of=2025-03-01",
        ),
        (
            ("deadlines", "--year", "2024", "--as-of", "2024-07-01"),
            "/v1/deadlines?year=2024&as_of=2024-07-01",
        ),
    ],
)
def test_a_table_as_json_is_that_of_the_api(command, server, arguments, path):
    import httpx2

    code, out, _ = command(*arguments, "--json")
    assert code == Exit.FOUND
    assert json.loads(out) == httpx2.get(server + path, timeout=60).json()


def test_a_comparison_reads_as_pairs_differences_and_what_only_one_has(command):
    _, out, _ = command("compare")
    assert "Khác: " in out
    assert "Chỉ Kiên Giang (số 97/KH-UBND) có" in out
    assert "có thể lấy của Bình Thuận" in out
    assert "2 trong 63" in out


def test_a_comparison_about_nothing_exits_with_one(command):
    assert command("compare", "giá vàng")[0] == Exit.NOTHING


def test_duties_read_as_a_table_and_a_list_with_collectives_apart(command):
    code, out, _ = command("duties", "Sở Tài chính")
    assert code == Exit.FOUND
    assert "bố trí kinh phí" in out
    assert "Mục VIII.3" in out
    assert out.index("Được nêu tên") < out.index("Có thể thuộc một tên gọi chung")


def test_deadlines_are_told_apart_by_whether_they_are_to_come(command):
    _, out, _ = command("deadlines", "--as-of", "2024-07-01")
    assert "20/11/2024 – trước ngày 20/11 (hằng năm)" in out
    assert out.index("Sắp tới") < out.index("Không rõ ngày")
    assert "Đã qua" in command("deadlines", "--as-of", "2026-01-01")[1]


def test_deadlines_go_into_a_calendar_file(command, tmp_path):
    file = tmp_path / "lich.ics"
    code, out, err = command("deadlines", "--ics", str(file))
    assert (code, out) == (Exit.FOUND, "")
    assert file.name in err
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_question_goes_on_from_the_one_before(command):
    first = "Đơn vị nào chủ trì phối hợp báo chí ở Kiên Giang?"
    _, out, _ = command("ask", "còn Bình Thuận thì sao?", "--after", first, "--json")
    assert {c["province"] for c in json.loads(out)["citations"]} == {"Bình Thuận"}
    _, out, _ = command(
        "ask", "Sản phẩm là gì?", "--after", first, "--after", "còn Bình Thuận thì sao?", "--json"
    )
    assert {c["province"] for c in json.loads(out)["citations"]} == {"Bình Thuận"}
    assert json.loads(out)["interpretation"]["intent"] == "product"


def test_who_holds_a_task_is_told_for_the_day_asked(command):
    _, before, _ = command("ask", QUESTION, "--as-of", "2025-02-28")
    _, after, _ = command("ask", QUESTION, "--as-of", "2025-03-01")
    assert "→" not in before
    assert "Đến ngày 01/03/2025" in after
    assert "→ Sở Giáo dục và Đào tạo" in after


# Indexing


def test_indexing_reports_every_file_and_one_bad_file_stops_no_other(command, tmp_path):
    folder = tmp_path / "plans"
    shutil.copytree(SHIPPED_PLANS, folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    code, out, _ = command("index", str(folder), "--index", str(tmp_path / "index"))
    assert code == Exit.FOUND
    assert "từ chối" in out
    assert all(path.name in out for path in folder.iterdir())


def test_an_empty_folder_is_refused_and_what_was_indexed_stays(command, index_dir, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(index_dir, index)
    (tmp_path / "empty").mkdir()
    code, _, err = command("index", str(tmp_path / "empty"), "--index", str(index))
    assert (code, "") != (Exit.FAILURE, err)
    assert command("search", "báo chí", "--index", str(index))[0] == Exit.FOUND


def test_an_empty_folder_and_no_index_is_the_callers_mistake(command, tmp_path):
    (tmp_path / "empty").mkdir()
    index = str(tmp_path / "index")
    code, _, err = command("index", str(tmp_path / "empty"), "--index", index)
    assert code == Exit.CALLER
    assert "trống" in err


def test_plans_that_did_not_change_are_not_embedded_again(command, tmp_path):
    index = str(tmp_path / "index")
    command("index", str(SHIPPED_PLANS), "--index", index)
    code, out, _ = command("index", str(SHIPPED_PLANS), "--index", index)
    assert code == Exit.FOUND
    assert "không đổi" in out
    assert " 0 đoạn mã hóa mới" in out


# The manual

# A command and what it prints, up to the next command or the end of the block; "…" stands for more.
EXAMPLE = re.compile(
    r'^\$ kehoach (?P<command>\w+) "(?P<argument>[^"]+)"\n(?P<output>[^$`]+)', re.M
)


def readme_examples():
    return list(EXAMPLE.finditer((ROOT / "README.md").read_text(encoding="utf-8")))


def test_the_manual_has_examples():
    assert len(readme_examples()) >= 2


@pytest.mark.parametrize("example", readme_examples(), ids=lambda match: match["argument"])
def test_what_the_manual_shows_is_what_is_printed(command, example):
    _, out, _ = command(example["command"], example["argument"])
    for line in example["output"].strip().split("\n"):
        assert line in ("…", "") or line in out.split("\n")


# The program itself


def _kehoach(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kehoach", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def test_help_names_every_command_and_loads_nothing_heavy():
    code = (
        "import sys; from kehoach.cli import main; main(['--help']);"
        "heavy = ('torch', 'numpy', 'faiss', 'underthesea', 'fastapi');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    for name in (
        "index", "ask", "search", "serve", "show", "lint", "compare", "duties", "deadlines", "eval",
    ):  # fmt: skip
        assert f"  {name} " in done.stdout
    assert done.stdout.strip().endswith("[]")


def test_a_question_loads_no_learning_library(index_dir):
    code = (
        f"import sys; from kehoach.cli import main; main(['ask', {QUESTION!r}]);"
        "heavy = ('torch', 'transformers', 'sentence_transformers', 'fastapi');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "KEHOACH_INDEX": str(index_dir)},
    )
    assert done.stdout.strip().endswith("[]")


def test_the_exit_code_reaches_the_shell(tmp_path):
    done = _kehoach("ask", QUESTION, "--index", str(tmp_path))
    assert done.returncode == Exit.CALLER
    assert done.stdout == ""


def test_a_reader_that_stops_early_is_no_error(index_dir):
    command = [sys.executable, "-m", "kehoach", "search", "truyền thông", "-k", "100"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "KEHOACH_INDEX": str(index_dir)},
    ) as program:
        assert program.stdout is not None
        program.stdout.close()
        assert program.stderr is not None
        errors = program.stderr.read().decode()
        assert "Traceback" not in errors
        assert program.wait(120) in (Exit.FOUND, Exit.NOTHING)


def test_a_server_started_from_the_command_line_answers(index_dir):
    import socket
    import time

    import httpx2

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kehoach", "serve", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--index", str(index_dir)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as program:
        try:
            for _ in range(300):
                try:
                    ready = httpx2.get(f"http://127.0.0.1:{port}/readyz")
                    break
                except httpx2.TransportError:
                    time.sleep(0.2)
            assert ready.json()["status"] == "ready"
        finally:
            program.terminate()
        assert program.stdout is not None
        assert program.stdout.read() == b""


# Tables as files


@pytest.mark.parametrize(
    ("form", "arguments", "path"),
    [
        ("docx", ["ask", QUESTION], f"/v1/ask?q={QUESTION}"),
        ("xlsx", ["search", "báo chí", "-k", "3"], "/v1/search?q=báo chí&k=3"),
        ("csv", ["show", "97/KH-UBND"], "/v1/plans/97-kh-ubnd.kien-giang.2023/rows?"),
        ("docx", ["compare", "báo chí"], "/v1/compare?topic=báo chí"),
        ("xlsx", ["duties", "Sở Tài chính"], "/v1/units/so-tai-chinh/duties?"),
        ("csv", ["deadlines", "--province", "Kiên Giang"], "/v1/deadlines?province=Kiên Giang"),
    ],
)
def test_a_table_written_by_a_command_is_the_file_of_the_server(
    command, server, tmp_path, form, arguments, path
):
    import httpx2

    file = tmp_path / f"bang.{form.upper()}"
    code, out, err = command(*arguments, "--output", str(file))
    assert code == Exit.FOUND
    assert (out, "Đã ghi" in err) == ("", True)
    assert file.read_bytes() == httpx2.get(f"{server}{path}&format={form}", timeout=60).content


def test_remarks_are_listed_newest_first(command, tmp_path):
    from search_api.feedback import Feedback, book_of

    assert command("feedback", "--index", str(tmp_path))[0] == Exit.NOTHING
    for verdict in ("right", "wrong"):
        Feedback(book_of(tmp_path)).add({"question": QUESTION, "verdict": verdict}, None)
    code, out, _ = command("feedback", "--index", str(tmp_path), "-k", "1")
    assert code == Exit.FOUND
    assert out.startswith("sai – ")
    assert "1 trong 2 góp ý" in out
