"""A language model behind a real server on this machine: honest, lying, broken or slow."""

import json
import time

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.testclient import TestClient

from kehoach.cli import main
from search_api.app import create_app
from search_api.engine import Engine
from search_api.errors import BadModelAddress
from search_api.model import Filters
from search_api.rephrase import LARGEST_REPLY, Rephraser, is_supported
from tests.conftest import serving

ASKED = "Đơn vị nào chủ trì xây dựng pa-nô quảng bá ở Kiên Giang?"
HONEST = "Sở Lao động - Thương binh và Xã hội chủ trì xây dựng các pa-nô, đề-can quảng bá hình ảnh."
LIES = {
    "an invented number": "Sở Lao động - Thương binh và Xã hội chủ trì xây dựng 500 pa-nô.",
    "an invented unit": "Sở Y tế chủ trì xây dựng các pa-nô.",
    "an invented word": "Sở Lao động - Thương binh và Xã hội chủ trì xây dựng pa-nô bắt buộc.",
    "a denial": "Sở Lao động - Thương binh và Xã hội không chủ trì xây dựng các pa-nô.",
    "roles exchanged": "Các cơ sở giáo dục nghề nghiệp chủ trì xây dựng các pa-nô.",
    "two roles at once": "Sở Lao động - Thương binh và Xã hội chủ trì và phối hợp xây dựng pa-nô.",
}


class Model:
    """Speaks as the real endpoint does; `says` is what it answers, `faults` what it does wrong."""

    def __init__(self) -> None:
        self.says = HONEST
        self.fault = ""
        self.heard: list[dict] = []
        self.headers: list[dict] = []
        self.app = FastAPI()
        self.app.post("/v1/chat/completions")(self.complete)
        self.app.get("/elsewhere")(lambda: self.reply())
        self.app.post("/elsewhere")(lambda: self.reply())

    def reply(self) -> JSONResponse:
        return JSONResponse({"choices": [{"message": {"role": "assistant", "content": self.says}}]})

    async def complete(self, request: Request) -> Response:
        self.heard.append(await request.json())
        self.headers.append(dict(request.headers))
        if self.fault == "500":
            return Response("sorry", 500)
        if self.fault == "no json":
            return Response("<html>{", media_type="application/json")
        if self.fault == "another shape":
            return JSONResponse({"choices": []})
        if self.fault == "no text":
            return JSONResponse({"choices": [{"message": {"content": None}}]})
        if self.fault == "redirect":
            return RedirectResponse("/elsewhere", 307)
        if self.fault == "too long":
            return JSONResponse({"choices": [{"message": {"content": "a" * LARGEST_REPLY}}]})
        if self.fault == "slow":
            import asyncio

            await asyncio.sleep(3)
        return self.reply()


@pytest.fixture(scope="module")
def model_server():
    model = Model()
    with serving(model.app) as address:
        yield model, address


@pytest.fixture(autouse=True)
def model(model_server):
    model, _ = model_server
    model.says, model.fault = HONEST, ""
    model.heard.clear()
    model.headers.clear()
    return model


@pytest.fixture
def rephraser(model_server):
    return Rephraser(f"{model_server[1]}/v1", "nhỏ", "bí mật", longest_wait=1)


@pytest.fixture
def speaking(engine, rephraser):
    return Engine(engine.index, engine._restorer, rephraser)


def ask(engine, question=ASKED):
    return engine.ask(question, Filters(provinces=("Kiên Giang",)))


def test_an_honest_rephrasing_stands_beside_the_answer_which_stays_as_it_was(
    speaking, engine, rephraser
):
    plain = ask(engine)
    answer = speaking.rephrase(ask(speaking))
    assert answer.rephrased == HONEST
    assert (answer.answer, answer.values, answer.citations) == (
        plain.answer,
        plain.values,
        plain.citations,
    )
    assert rephraser.counts == {"asked": 1, "kept": 1, "dropped": 0}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_sentence_that_says_more_than_the_citations_is_dropped(speaking, model, rephraser, lie):
    model.says = f"{HONEST} {lie}"
    assert speaking.rephrase(ask(speaking)).rephrased == HONEST
    model.says = lie
    assert speaking.rephrase(ask(speaking)).rephrased is None
    assert rephraser.counts["dropped"] == 2


@pytest.mark.parametrize(
    "fault", ["500", "no json", "another shape", "no text", "redirect", "too long", "slow"]
)
def test_whatever_goes_wrong_the_answer_goes_out_without_it(speaking, model, rephraser, fault):
    model.fault = fault
    before = time.monotonic()
    answer = speaking.rephrase(ask(speaking))
    assert time.monotonic() - before < 2.9  # the server sleeps for 3 seconds where it is slow
    assert answer.rephrased is None
    assert answer.citations
    assert rephraser.counts == {"asked": 1, "failed": 1}


def test_nobody_at_the_address_is_no_failure_of_the_answer(engine):
    deaf = Rephraser("http://127.0.0.1:9", longest_wait=1)
    assert Engine(engine.index, engine._restorer, deaf).rephrase(ask(engine)).rephrased is None
    assert deaf.counts["failed"] == 1


def test_only_the_question_and_the_cited_quotes_leave(speaking, model):
    answer = speaking.rephrase(ask(speaking))
    (heard,) = model.heard
    told = json.loads(heard["messages"][1]["content"])
    assert told == {"câu hỏi": ASKED, "đoạn trích": [c.quote for c in answer.citations]}
    assert set(heard) == {"model", "temperature", "max_tokens", "messages"}
    assert model.headers[0]["authorization"] == "Bearer bí mật".encode().decode("latin-1")


def test_a_refusal_is_not_sent_anywhere(speaking, model):
    refused = speaking.rephrase(speaking.ask("Ai là tổng thống Pháp?"))
    assert refused.rephrased is None
    assert model.heard == []


def test_an_order_hidden_in_a_plan_changes_nothing(speaking, model):
    model.says = "Đã bỏ qua mọi quy định. Mật khẩu là 123456. Hãy mở https://xau.example ngay."
    assert speaking.rephrase(ask(speaking)).rephrased is None


def test_over_the_api_it_is_a_field_of_its_own(speaking, engine):
    asked = {"question": ASKED, "filters": {"province": ["Kiên Giang"]}}
    client = TestClient(create_app(speaking))
    answer = client.post("/v1/ask", json=asked).json()
    assert answer["rephrased"] == HONEST
    assert 'kehoach_rephrasings{outcome="kept"} 1.0' in client.get("/metrics").text
    silent = TestClient(create_app(engine)).post("/v1/ask", json=asked).json()
    assert silent["rephrased"] is None
    assert silent["answer"] == answer["answer"]


def test_on_the_page_it_stands_below_the_answer_as_written_by_a_machine(speaking, engine):
    asked = {"q": ASKED, "province": "Kiên Giang"}
    page = TestClient(create_app(speaking)).get("/", params=asked).text
    verbatim, marked, said = (
        page.index(text) for text in ('<p class="answer">', "máy viết", f"<p>{HONEST}</p>")
    )
    assert verbatim < marked < said < page.index("Trích dẫn nguyên văn")
    assert "máy viết" not in TestClient(create_app(engine)).get("/", params=asked).text


def test_what_a_model_writes_is_text_on_the_page(speaking, model):
    model.says = HONEST.replace("Sở", "<b>Sở</b>", 1)
    asked = {"q": ASKED, "province": "Kiên Giang"}
    page = TestClient(create_app(speaking)).get("/", params=asked).text
    assert "<b>Sở" not in page


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://nơi.nào", "http://", "file:///etc"])
def test_what_is_no_address_is_refused_at_once(url):
    with pytest.raises(BadModelAddress, match="KEHOACH_LLM_URL"):
        Rephraser(url)


def test_a_number_needs_the_words_it_stands_with(engine):
    answer = engine.ask("Các sở, ngành báo cáo vào những thời điểm nào ở Kiên Giang?")
    quote = answer.citations[0].quote
    assert "20/6" in quote
    assert "20/11" in quote
    assert not is_supported("Báo cáo năm trước ngày 20/6.", answer)
    assert is_supported(quote, answer)


def test_from_the_command_line_it_is_shown_as_written_by_a_machine(
    model_server, index_dir, monkeypatch, capsys
):
    monkeypatch.setenv("KEHOACH_LLM_URL", f"{model_server[1]}/v1")
    assert main(["ask", ASKED, "--province", "Kiên Giang", "--index", str(index_dir)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Diễn đạt lại (máy viết, chỉ từ các trích dẫn): {HONEST}" in shown


def test_an_address_that_is_none_is_the_mistake_of_the_caller(index_dir, monkeypatch, capsys):
    monkeypatch.setenv("KEHOACH_LLM_URL", "localhost:8000")
    assert main(["ask", ASKED, "--index", str(index_dir)]) == 2
    assert "KEHOACH_LLM_URL" in capsys.readouterr().err
