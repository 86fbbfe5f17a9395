"""Plans sent to a real server: read apart, checked, approved, found at once, withdrawn again."""

import io
import json
import shutil
import threading
import time
from collections import Counter

import docx
import httpx2
import pytest

from indexer.build import Outcome, build_index
from indexer.bundle import locked
from search_api.access import Access, KeyFile, Scope
from search_api.app import create_live_app
from search_api.engine import Engine
from search_api.metrics import Metrics
from search_api.turns import Turns
from search_api.uploads import State, Uploads, safe_name
from tests.conftest import SHIPPED_PLANS, serving
from tests.corpus.documents import COLUMNS, HEAD

QUESTION = "Đơn vị nào chủ trì số hóa hồ sơ đất đai ở Lâm Đồng?"
PLAN = "12-kh-ubnd.lam-dong.2026"


def make_docx(activity="Số hóa hồ sơ đất đai", number="12/KH-UBND") -> bytes:
    document = docx.Document()
    for line in HEAD:
        document.add_paragraph(line.replace("12/KH-UBND", number))
    document.add_paragraph("I. MỤC TIÊU")
    document.add_paragraph("Hoàn thành số hóa toàn bộ hồ sơ trong năm 2026.")
    document.add_paragraph("PHỤ LỤC")
    table = document.add_table(0, 4)
    for row in (COLUMNS, ("1", activity, "Sở Nông nghiệp và Môi trường", "Sở Tài chính")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.fixture
def index_dir(index_dir, tmp_path):
    """A copy of the index of the shipped plans, to write to."""
    return shutil.copytree(index_dir, tmp_path / "index")


@pytest.fixture
def keys(tmp_path):
    return KeyFile(tmp_path / "keys.json")


@pytest.fixture
def address(index_dir, keys, encoder):
    engine = Engine.open(index_dir, encoder)
    access = Access(keys, frozenset({Scope.READ, Scope.FEEDBACK}))
    # A machine with other work may let a request wait for longer than people would.
    turns = Turns(metrics := Metrics(), patience=60)
    app = create_live_app(engine, access=access, metrics=metrics, turns=turns)
    with serving(app) as address:
        yield address


@pytest.fixture
def admin(address, keys):
    token = keys.add("quan-tri", [Scope.ADMIN])
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture
def anybody(address):
    with httpx2.Client(base_url=address, timeout=60) as client:
        yield client


def problem_of(response, status, name):
    assert response.status_code == status, response.text
    document = response.json()
    assert document["type"] == f"urn:problem-type:kehoach:{name}"
    assert not document["detail"].isascii()
    return document


def sent(client, content=None, name="Kế hoạch 12.docx", query=""):
    files = {"file": (name, make_docx() if content is None else content)}
    response = client.post(f"/v1/plans{query}", files=files)
    assert response.status_code == 202, response.text
    assert response.headers["location"] == f"/v1/jobs/{response.json()['id']}"
    return response.json()["id"]


def until(client, job_id, *states):
    for _ in range(1500):
        job = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] in states:
            return job
        assert job["state"] not in ("failed", "rejected"), job
        time.sleep(0.02)
    raise AssertionError(job)


def answered(client):
    return client.post("/v1/ask", json={"question": QUESTION}).json()["status"] == "answered"


def published(client, content=None):
    return until(client, sent(client, content, query="?approve=auto"), "done")


# From a file to an answer


def test_what_was_understood_is_shown_before_it_is_found(admin, anybody):
    job = until(admin, sent(admin), "waiting")
    assert (job["plan"]["number"], job["plan"]["province"]) == ("12/KH-UBND", "Lâm Đồng")
    (row,) = job["rows"]
    assert row["cells"][1]["text"] == "Số hóa hồ sơ đất đai"
    assert job["plan"]["sections"][0]["title"] == "MỤC TIÊU"
    assert "notes" in job["plan"]
    assert not answered(anybody)
    assert anybody.get(f"/v1/plans/{PLAN}").status_code == 404


def test_an_approved_plan_is_found_by_everybody_once_the_job_is_done(admin, anybody):
    content = make_docx()
    job_id = sent(admin, content)
    until(admin, job_id, "waiting")
    assert admin.post(f"/v1/jobs/{job_id}/approve").status_code == 202
    job = until(admin, job_id, "done")
    assert job["plan_id"] == PLAN
    answer = anybody.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["values"] == ["Sở Nông nghiệp và Môi trường"]
    assert answer["citations"][0]["source"] == "Kế hoạch 12.docx"
    assert anybody.get(f"/v1/plans/{PLAN}/source").content == content
    assert len(anybody.get("/v1/plans").json()["plans"]) == 3


def test_a_rejected_file_is_gone(admin, anybody, index_dir):
    job_id = sent(admin)
    until(admin, job_id, "waiting")
    assert admin.post(f"/v1/jobs/{job_id}/reject").json()["state"] == "rejected"
    problem_of(admin.post(f"/v1/jobs/{job_id}/approve"), 409, "job-not-waiting")
    assert {path.name for path in (index_dir / "uploads" / job_id).iterdir()} == {
        "job.json", "lock"
    }  # fmt: skip
    assert not answered(anybody)


def test_who_trusts_the_reader_may_approve_beforehand(admin, anybody):
    published(admin)
    assert answered(anybody)


def test_a_withdrawn_plan_is_found_no_more_and_an_index_run_does_not_bring_it_back(
    admin, anybody, index_dir, encoder
):
    published(admin)
    gone = "97-kh-ubnd.kien-giang.2023"
    response = admin.delete(f"/v1/plans/{gone}")
    assert response.status_code == 202
    until(admin, response.json()["id"], "done")
    assert anybody.get(f"/v1/plans/{gone}").status_code == 404
    report = build_index([SHIPPED_PLANS], index_dir, encoder)
    assert report.plans == 2
    (skipped,) = [file for file in report.files if file.outcome is Outcome.SKIPPED]
    assert "gỡ" in skipped.reason
    report = build_index([SHIPPED_PLANS / "001_dd44a5c3ed61e0b7.txt"], index_dir, encoder)
    assert report.plans == 3
    assert build_index([SHIPPED_PLANS], index_dir, encoder).plans == 3


def test_a_withdrawn_upload_comes_back_when_it_is_sent_again(admin, anybody):
    content = make_docx()
    published(admin, content)
    until(admin, admin.delete(f"/v1/plans/{PLAN}").json()["id"], "done")
    assert not answered(anybody)
    assert published(admin, content)["plan_id"] == PLAN
    assert answered(anybody)


def test_an_index_run_over_a_folder_leaves_uploads_alone(admin, anybody, index_dir, encoder):
    published(admin)
    build_index([SHIPPED_PLANS], index_dir, encoder)
    assert answered(anybody)


def test_the_last_plan_cannot_be_withdrawn(admin):
    first, last = (plan["id"] for plan in admin.get("/v1/plans").json()["plans"])
    until(admin, admin.delete(f"/v1/plans/{first}").json()["id"], "done")
    job_id = admin.delete(f"/v1/plans/{last}").json()["id"]
    for _ in range(500):
        job = admin.get(f"/v1/jobs/{job_id}").json()
        if job["state"] == "failed":
            break
        time.sleep(0.02)
    assert "cuối cùng" in job["reason"]
    assert admin.get(f"/v1/plans/{last}").status_code == 200


def test_a_plan_is_read_again_under_the_same_id(admin, anybody, index_dir):
    published(admin)
    (path,) = (index_dir / "uploads").glob("*/*.docx")
    path.write_bytes(make_docx("Số hóa hồ sơ đất đai, hộ tịch"))
    response = admin.post(f"/v1/plans/{PLAN}/reread")
    job_id = response.json()["id"]
    job = until(admin, job_id, "waiting")
    assert job["rows"][0]["cells"][1]["text"] == "Số hóa hồ sơ đất đai, hộ tịch"
    before = anybody.get(f"/v1/plans/{PLAN}/rows").json()["rows"][0]["cells"][1]["text"]
    assert before == "Số hóa hồ sơ đất đai"
    admin.post(f"/v1/jobs/{job_id}/approve")
    assert until(admin, job_id, "done")["plan_id"] == PLAN
    after = anybody.get(f"/v1/plans/{PLAN}/rows").json()["rows"][0]["cells"][1]["text"]
    assert after == "Số hóa hồ sơ đất đai, hộ tịch"
    assert len(anybody.get("/v1/plans").json()["plans"]) == 3


def test_no_request_fails_while_plans_come_and_go(admin, address):
    statuses, over = [], threading.Event()

    def ask():
        with httpx2.Client(base_url=address, timeout=60) as client:
            while not over.is_set():
                statuses.append(client.post("/v1/ask", json={"question": QUESTION}).status_code)
                statuses.append(client.get("/v1/deadlines").status_code)
                statuses.append(client.get("/so-sanh").status_code)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(3):
        published(admin)
        until(admin, admin.delete(f"/v1/plans/{PLAN}").json()["id"], "done")
    over.set()
    for asker in askers:
        asker.join()
    assert Counter(statuses) == {200: len(statuses)}


def test_an_index_written_by_another_process_goes_live_by_itself(
    anybody, index_dir, tmp_path, encoder
):
    (tmp_path / "Kế hoạch 12.docx").write_bytes(make_docx())
    build_index([tmp_path / "Kế hoạch 12.docx"], index_dir, encoder)
    for _ in range(500):
        if answered(anybody):
            return
        time.sleep(0.02)
    raise AssertionError("the newer index was not opened")


# What is refused


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/plans"),
        ("DELETE", f"/v1/plans/{PLAN}"),
        ("POST", f"/v1/plans/{PLAN}/reread"),
        ("GET", "/v1/jobs"),
        ("GET", "/v1/jobs/20260101-000000-abcdef"),
        ("POST", "/v1/jobs/20260101-000000-abcdef/approve"),
        ("POST", "/v1/jobs/20260101-000000-abcdef/reject"),
        ("GET", "/v1/feedback"),
    ],
)
def test_only_an_administrator_changes_anything(anybody, method, path):
    problem_of(anybody.request(method, path), 401, "unauthorised")


def test_a_reader_is_no_administrator(address, keys):
    headers = {"Authorization": f"Bearer {keys.add('doc', [Scope.READ])}"}
    response = httpx2.delete(f"{address}/v1/plans/{PLAN}", headers=headers)
    problem_of(response, 403, "forbidden")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "không có nội dung"),
        (b"MZ\x90\x00 program", "Chưa hỗ trợ"),
        (b"PK\x03\x04 no archive", "hỏng"),
        (b"%PDF-1.7 nothing behind it", ""),
    ],
)
def test_what_is_no_document_fails_with_its_reason_and_is_not_kept(
    admin, index_dir, content, reason
):
    job_id = sent(admin, content)
    for _ in range(1500):
        job = admin.get(f"/v1/jobs/{job_id}").json()
        if job["state"] == "failed":
            break
        time.sleep(0.02)
    assert reason in job["reason"]
    assert not job["reason"].isascii()
    assert job["plan"] is None
    assert not list((index_dir / "uploads" / job_id).glob("*.docx"))


def test_a_form_without_a_file_is_refused(admin):
    problem_of(admin.post("/v1/plans", data={"file": "text"}), 422, "no-file")
    problem_of(admin.post("/v1/plans", data={}), 422, "no-file")


def test_a_file_too_large_is_refused_while_it_comes(index_dir, keys, monkeypatch, encoder):
    monkeypatch.setattr("search_api.administration.LARGEST_UPLOAD", 100_000)
    headers = {"Authorization": f"Bearer {keys.add('a', [Scope.ADMIN])}"}
    engine = Engine.open(index_dir, encoder)
    with serving(create_live_app(engine, access=Access(keys, frozenset()))) as address:
        response = httpx2.post(
            f"{address}/v1/plans", files={"file": ("a.txt", b"x" * 200_000)}, headers=headers
        )
    problem_of(response, 413, "too-large")
    assert not list((index_dir / "uploads").glob("*/*.txt"))


@pytest.mark.parametrize("job_id", ["x", "..", "20260101-000000-abcdef", "%2e%2e%2fcurrent"])
def test_an_unknown_job_is_not_found(admin, job_id):
    assert admin.get(f"/v1/jobs/{job_id}").status_code == 404


def test_an_unknown_plan_is_neither_withdrawn_nor_read_again(admin):
    problem_of(admin.delete("/v1/plans/khong-co"), 404, "unknown-plan")
    problem_of(admin.post("/v1/plans/khong-co/reread"), 404, "unknown-plan")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\Kế hoạch.docx", "Kế hoạch.docx"),
        (".hidden", "hidden"),
        ("..", "ke-hoach"),
        ("", "ke-hoach"),
        ("a\x00b\nc.pdf", "ab c.pdf"),
        ("job.json", "job.json"),
        ("x" * 300 + ".docx", "x" * 80 + ".docx"),
        ("97/KH-UBND (bản ký).pdf", "KH-UBND (bản ký).pdf"),
        ('"><script>.txt', "script.txt"),
    ],
)
def test_a_name_becomes_a_harmless_name(name, kept):
    assert safe_name(name) == kept


def test_a_file_cannot_take_the_place_of_the_jobs_own(admin, index_dir):
    job_id = sent(admin, b'{"state": "done"}', name="job.json")
    job = until(admin, job_id, "waiting")
    assert job["name"] == "job.json"
    assert json.loads((index_dir / "uploads" / job_id / "job.json").read_text())["id"] == job_id


# What can go wrong


def test_a_job_whose_server_died_says_so(index_dir, encoder):
    uploads = Uploads(index_dir, encoder)
    job = uploads.add("a.docx", io.BytesIO(make_docx()))
    while uploads.get(job.id).state is not State.WAITING:
        time.sleep(0.02)
    path = index_dir / "uploads" / job.id / "job.json"
    path.write_text(path.read_text().replace('"waiting"', '"reading"'))
    # The thread that has just kept the job is alive until it lets go of the lock.
    for _ in range(500):
        found = Uploads(index_dir, encoder).get(job.id)
        if found.state is not State.READING:
            break
        time.sleep(0.02)
    assert (found.state, "khởi động lại" in (found.reason or "")) == (State.FAILED, True)


def test_an_index_that_another_build_holds_can_be_tried_again(admin, anybody, index_dir):
    job_id = sent(admin)
    until(admin, job_id, "waiting")
    with locked(index_dir):
        admin.post(f"/v1/jobs/{job_id}/approve")
        for _ in range(500):
            job = admin.get(f"/v1/jobs/{job_id}").json()
            if job["state"] == "waiting" and job["reason"]:
                break
            time.sleep(0.02)
    assert "đang được một tiến trình khác cập nhật" in job["reason"]
    admin.post(f"/v1/jobs/{job_id}/approve")
    assert until(admin, job_id, "done")["reason"] is None
    assert answered(anybody)


# Feedback


def test_anybody_may_say_what_is_wrong_and_the_administrator_reads_it(admin, anybody):
    remark = {
        "question": QUESTION,
        "verdict": "wrong",
        "comment": "Thiếu\u2028dòng 2\n<script>",
        "citation": f"/v1/plans/{PLAN}#r1",
    }
    assert anybody.post("/v1/feedback", json=remark).status_code == 201
    assert admin.post("/v1/feedback", json={**remark, "verdict": "right"}).status_code == 201
    listed = admin.get("/v1/feedback").json()
    assert listed["total"] == 2
    newest, oldest = listed["remarks"]
    assert (newest["caller"], oldest["caller"]) == ("quan-tri", None)
    assert remark.items() <= oldest.items()
    assert len(admin.get("/v1/feedback?count=1").json()["remarks"]) == 1


@pytest.mark.parametrize(
    "remark",
    [
        {"question": QUESTION},
        {"question": "", "verdict": "right"},
        {"question": QUESTION, "verdict": "perhaps"},
        {"question": QUESTION, "verdict": "right", "comment": "x" * 2001},
        {"question": QUESTION, "verdict": "right", "caller": "quan-tri"},
    ],
)
def test_a_remark_that_says_too_little_or_too_much_is_refused(anybody, remark):
    problem_of(anybody.post("/v1/feedback", json=remark), 422, "invalid-request")


def test_a_full_book_of_remarks_says_so(anybody, monkeypatch):
    monkeypatch.setattr("search_api.feedback._LARGEST_FILE", 10)
    remark = {"question": QUESTION, "verdict": "right"}
    assert anybody.post("/v1/feedback", json=remark).status_code == 201
    problem_of(anybody.post("/v1/feedback", json=remark), 507, "feedback-full")
