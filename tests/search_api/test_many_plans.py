"""Lists, pages and suggestions over many plans: what they say is whole, and no plan is read for it.

Sixty plans are many here, as ten thousand are on a server: what bounds a request is set lower.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from eval.synthetic import read_plan_of, write_plans
from indexer import build
from indexer.build import build_index
from indexer.catalogue import PlanHead
from indexer.embed import Encoder
from search_api.app import create_app
from search_api.engine import Engine
from search_api.model import Reason

PLANS, MANY, MOST = 60, 20, 100
BOUNDS = ("MOST_PLACES", "MOST_DUTIES")
UNIT = "so-tai-chinh"


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    folder = tmp_path_factory.mktemp("many")
    paths = list(write_plans(folder / "plans", PLANS))
    build_index(paths, folder / "index", encoder, read=lambda path, _: read_plan_of(path))
    return folder / "index"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every plan that is unpacked, by id."""
    found: list[str] = []
    unpack_plan = build.unpack_plan

    def unpack(record: bytes) -> object:
        found.append((plan := unpack_plan(record)).id)
        return plan

    monkeypatch.setattr(build, "unpack_plan", unpack)
    return found


@pytest.fixture
def many(index_dir: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine that nobody has asked yet, to which these plans are very many."""
    for module in ("search_api.engine", "search_api.retrieve"):
        monkeypatch.setattr(f"{module}.MOST_PLANS", MANY)
    for module in ("search_api.routes", "search_api.portal.overviews"):
        for bound in BOUNDS:
            monkeypatch.setattr(f"{module}.{bound}", MOST)
    monkeypatch.setattr("search_api.portal.overviews._OFFERED", MANY)
    return Engine.open(index_dir, encoder)


@pytest.fixture
def client(many: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(many)) as asked:
        yield asked


def province_of_few(engine: Engine) -> str:
    """A province with at least one plan, and few."""
    heads = [head.province for head in engine.index.catalogue.heads.values() if head.province]
    return min(heads, key=heads.count)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        *((path, 0) for path in (
            "/v1/plans", "/v1/plans?format=csv", "/v1/units", "/v1/deadlines", "/v1/compare",
            f"/v1/units/{UNIT}/duties", "/kho", "/so-sanh", "/thoi-han", "/don-vi",
            f"/don-vi/{UNIT}", "/opensearch.xml", "/huong-dan-nhung", "/metrics",
        )),
        # The first hits are quoted from their plans, examples made from the newest ones.
        ("/readyz", 1),
        ("/", 4),
        ("/v1/suggest?q=t", PLANS // 2),
        ("/v1/suggest?q=đơn vị nào chủ trì tuyên truy", PLANS // 2),
        ("/v1/ask?q=Sở Tài chính có trách nhiệm gì?", PLANS // 2),
        ("/v1/ask?q=Có bao nhiêu hoạt động?", PLANS // 2),
    ],
)  # fmt: skip
def test_no_list_or_page_opens_every_plan(
    client: TestClient, opened: list[str], path: str, most: int
) -> None:
    assert client.get(path).status_code in {200, 422}
    assert len(set(opened)) <= most


def test_what_lists_say_of_a_plan_is_what_the_plan_says(many: Engine) -> None:
    for plan_id, head in many.index.catalogue.heads.items():
        assert head == PlanHead.of(many.plans[plan_id])


def test_pages_of_a_list_make_up_the_whole(client: TestClient) -> None:
    for name in ("plans", "units"):
        whole = client.get(f"/v1/{name}").json()
        assert len(whole[name]) == whole["total"]
        pages = [
            client.get(f"/v1/{name}?count=7&offset={offset}").json()
            for offset in range(0, whole["total"], 7)
        ]
        assert [line for page in pages for line in page[name]] == whole[name]
        assert {page["total"] for page in pages} == {whole["total"]}


def test_the_file_of_a_part_of_a_list_says_which_part_it_is(client: TestClient) -> None:
    part = client.get("/v1/plans?count=5&offset=20&format=csv")
    assert f"ke-hoach-21-25-trong-{PLANS}.csv" in part.headers["content-disposition"]
    assert [line.partition(",")[0] for line in part.text.splitlines()[1:]] == [
        "21", "22", "23", "24", "25",
    ]  # fmt: skip
    whole = client.get("/v1/plans?format=csv")
    assert "ke-hoach.csv" in whole.headers["content-disposition"]


def test_a_list_longer_than_a_file_is_had_in_parts(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/v1/plans?format=csv" in client.get("/kho").text
    monkeypatch.setattr("search_api.portal.holdings.MOST_LISTED", 25)
    shown = html.unescape(client.get("/kho").text)
    assert "dòng 51 đến 60" in shown
    for offset in (0, 25, 50):
        assert f"/v1/plans?offset={offset}&format=csv" in shown


@pytest.mark.parametrize("path", ["/v1/deadlines", f"/v1/units/{UNIT}/duties", "/v1/bases"])
def test_a_list_is_whole_or_refused_with_what_to_do(
    client: TestClient, many: Engine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    refused = client.get(path)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith(":too-much-to-list")
    assert "chọn tỉnh, năm hoặc kế hoạch" in refused.json()["detail"]
    narrowed = client.get(path, params={"province": province_of_few(many)})
    assert narrowed.status_code == 200
    for bound in BOUNDS:
        monkeypatch.setattr(f"search_api.routes.{bound}", 1_000_000)
    assert client.get(path).json()["total"] > narrowed.json()["total"] > 0


@pytest.mark.parametrize("path", ["/thoi-han", f"/don-vi/{UNIT}"])
def test_a_page_that_would_be_too_long_offers_to_narrow_it(
    client: TestClient, many: Engine, path: str
) -> None:
    refused = client.get(path)
    assert refused.status_code == 422
    assert "Chưa liệt kê được" in refused.text
    assert '<select name="province">' in refused.text
    narrowed = client.get(path, params={"province": province_of_few(many)})
    assert narrowed.status_code == 200
    assert "Chưa liệt kê được" not in narrowed.text


def test_what_is_held_is_counted_over_all_plans(client: TestClient, many: Engine) -> None:
    rows = sum(len(plan.rows) for plan in many.plans.values())
    assert f"{PLANS} kế hoạch, {rows} dòng phụ lục." in client.get("/kho").text


@pytest.mark.parametrize(
    "asked",
    ["Có bao nhiêu hoạt động?", "Sở Y tế chủ trì mấy việc?", "Việc nào tốn tiền nhất?"],
)
def test_what_is_not_wholly_looked_at_is_neither_counted_nor_compared(
    many: Engine, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.retrieve._READ_WHOLE", 100)
    refused = many.ask(asked)
    assert refused.reason is Reason.NOT_UNDERSTOOD
    assert "Phạm vi hỏi quá rộng" in refused.answer


def test_very_many_plans_are_counted_by_their_heads(
    many: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.retrieve._READ_WHOLE", 100)
    monkeypatch.setattr("search_api.retrieve.MOST_PLANS", 5)
    monkeypatch.setattr("search_api.answer.head.MOST_PLANS", 5)
    monkeypatch.setattr("search_api.answer.count.MOST_PLANS", 5)
    assert many.ask("Có bao nhiêu kế hoạch?").values == (str(PLANS),)
    assert not many.ask("Có bao nhiêu kế hoạch về chuyển đổi số?").citations


def test_of_very_many_plans_those_of_the_chosen_province_are_offered(
    client: TestClient, many: Engine
) -> None:
    province = province_of_few(many)
    shown = client.get("/so-sanh", params={"province": province}).text
    offered = [
        head for head in many.index.catalogue.heads.values() if f'value="{head.id}"' in shown
    ]
    assert offered
    assert {head.province for head in offered} == {province}


def test_of_very_many_phrases_those_that_go_on_from_what_is_typed_are_found(
    many: Engine, index_dir: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Engine.open(index_dir, encoder)
    for typed in ("t", "tập h", "tổ chức đ", "Sở Tài", "đơn vị nào chủ trì tuyên truyền", "số hóa"):
        suggested = many.suggest(typed)
        monkeypatch.setattr("search_api.engine.MOST_PLANS", PLANS)
        every = few.suggest(typed, 1_000_000)
        monkeypatch.setattr("search_api.engine.MOST_PLANS", MANY)
        assert bool(suggested) == bool(every), typed
        assert set(suggested) <= set(every), typed


def test_what_nobody_wrote_is_not_gone_on_from(many: Engine) -> None:
    assert many.suggest("xyz qqq") == ()
    assert many.suggest("") == ()
    assert many.suggest("?!") == ()
