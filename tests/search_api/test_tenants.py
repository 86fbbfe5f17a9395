"""Two bodies on one server: each sees its own plans, and no sign that there are others."""

import json
import re

import pytest
from starlette.testclient import TestClient

from eval.synthetic import read_plan_of, write_plans
from indexer.build import build_index
from kehoach.cli import Exit, main
from search_api.access import KeyFile, Scope
from search_api.app import create_tenant_app
from search_api.engine import Engine
from tests.conftest import SHIPPED_PLANS
from tests.search_api.test_access import bearer
from tests.search_api.test_app import problem_of

OURS, THEIRS = "kien-giang", "so-khac"
# A word that stands in the plans of one tenant only.
WORDS = "báo chí"
WATCHED = {"/healthz", "/readyz", "/metrics"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, encoder):
    """Indexes of two tenants: the shipped plans, and made ones."""
    folder = tmp_path_factory.mktemp("tenants")
    list(write_plans(folder / "made", 3))
    build_index([SHIPPED_PLANS], folder / "all" / OURS, encoder)
    build_index(
        [folder / "made"], folder / "all" / THEIRS, encoder, read=lambda path, _: read_plan_of(path)
    )
    return folder / "all"


@pytest.fixture(scope="module")
def engines(folder, encoder):
    return {name: Engine.open(folder / name, encoder) for name in (OURS, THEIRS)}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    file = KeyFile(tmp_path_factory.mktemp("keys") / "keys.json")
    everything = [Scope.ADMIN]
    return file, {
        OURS: bearer(file.add("ours", everything, OURS)),
        THEIRS: bearer(file.add("theirs", everything, THEIRS)),
        "gone": bearer(file.add("gone", everything, "mot-don-vi-khac")),
        "nobody": bearer(file.add("nobody", everything)),
    }


@pytest.fixture(scope="module")
def client(engines, keys):
    return TestClient(create_tenant_app(engines, keys[0]), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def routes(client, keys):
    """Every route that is described, with the pages, as (method, path)."""
    described = client.get("/openapi.json", headers=keys[1][OURS]).json()["paths"]
    found = {(method.upper(), path) for path, methods in described.items() for method in methods}
    pages = ("/", "/plan/{plan_id}", "/don-vi", "/thoi-han", "/so-sanh", "/kho", "/quan-tri")
    return sorted(found | {("GET", path) for path in pages})


def test_each_tenant_lists_its_own_plans_and_no_other(client, engines, keys):
    for name in (OURS, THEIRS):
        listed = client.get("/v1/plans", headers=keys[1][name]).json()
        assert {plan["id"] for plan in listed["plans"]} == set(engines[name].plans)


def test_no_route_opens_without_a_key_of_a_tenant(client, keys, routes):
    assert len(routes) > 25
    for method, path in routes:
        if path in WATCHED:
            continue
        address = re.sub(r"\{\w+\}", "x", path)
        for headers, allowed in (
            ({}, {401}),
            (bearer("kehoach_wrong"), {401}),
            (keys[1]["gone"], {403}),
            (keys[1]["nobody"], {404}),
        ):
            response = client.request(method, address, headers=headers)
            assert response.status_code in allowed, f"{method} {path}: {response.status_code}"


def test_nothing_of_one_tenant_is_in_any_answer_to_the_other(client, engines, keys, routes):
    """Every reading route, asked by one tenant with the very ids and words of the other."""
    ours, theirs = engines[OURS], engines[THEIRS]
    plan_id = next(iter(ours.plans))
    unit_id = ours.units()[0][0]
    province = ours.plans[plan_id].province
    told = [*ours.plans, *(plan.number for plan in ours.plans.values()),
            *(plan.title for plan in ours.plans.values())]  # fmt: skip
    told = [word for word in told if not any(word in str(p.text) for p in theirs.plans.values())]
    assert len(told) > 4
    fill = {"plan_id": plan_id, "unit_id": unit_id, "job_id": "20260101-000000-abcdef"}
    query = {"q": WORDS, "topic": WORDS, "province": [province], "plan": [plan_id]}
    asked = 0
    for method, path in routes:
        if method != "GET" or path in WATCHED:
            continue
        address = re.sub(r"\{(\w+)\}", lambda found: fill.get(found[1], "x"), path)
        for parameters in ({}, {"q": WORDS}, query):
            response = client.get(address, params=parameters, headers=keys[1][THEIRS])
            assert response.status_code < 500 or response.status_code == 503
            # What the caller typed may be repeated; what it did not type must not come.
            typed = f"{address} {json.dumps(parameters, ensure_ascii=False)}"
            leaked = [word for word in told if word in response.text and word not in typed]
            assert leaked == [], f"{path} {parameters}"
            asked += 1
    assert asked > 50


def test_a_plan_of_another_tenant_is_unknown_like_one_that_does_not_exist(client, engines, keys):
    theirs = keys[1][THEIRS]
    plan_id = next(iter(engines[OURS].plans))
    for part in ("", "/rows", "/notes", "/source"):
        there = problem_of(client.get(f"/v1/plans/{plan_id}{part}", headers=theirs), 404,
                           "unknown-plan")  # fmt: skip
        none = problem_of(client.get(f"/v1/plans/khong-co{part}", headers=theirs), 404,
                          "unknown-plan")  # fmt: skip
        assert there["detail"].replace(plan_id, "") == none["detail"].replace("khong-co", "")
    for filters in ({"plan": plan_id}, {"province": "Kiên Giang"}):
        response = client.get("/v1/search", params={"q": "a", **filters}, headers=theirs)
        document = problem_of(response, 422, "unknown-filter-value")
        assert set(document["nearest"]).isdisjoint({*engines[OURS].plans, "Kiên Giang"})


@pytest.mark.parametrize("form", ["xlsx", "csv", "docx"])
def test_files_hold_the_plans_of_their_tenant_only(client, engines, keys, form):
    for name in (OURS, THEIRS):
        response = client.get(f"/v1/plans?format={form}", headers=keys[1][name])
        assert response.status_code == 200
        if form == "csv":
            numbers = {plan.number for plan in engines[name].plans.values()}
            others = {p.number for n, e in engines.items() if n != name for p in e.plans.values()}
            assert all(number in response.text for number in numbers)
            assert not any(number in response.text for number in others - numbers)


def test_what_one_tenant_says_or_sends_the_other_does_not_see(client, keys):
    said = {"question": "Ai chủ trì?", "verdict": "wrong", "comment": "bí mật của chúng tôi"}
    client.post("/v1/feedback", json=said, headers=keys[1][OURS])
    files = {"file": ("ke-hoach.txt", b"K\xe1\xba\xbf ho\xe1\xba\xa1ch", "text/plain")}
    sent = client.post("/v1/plans", files=files, headers=keys[1][OURS])
    assert sent.status_code == 202
    job = sent.json()["id"]
    assert client.get(f"/v1/jobs/{job}", headers=keys[1][OURS]).status_code == 200
    assert client.get(f"/v1/jobs/{job}", headers=keys[1][THEIRS]).status_code == 404
    assert job not in client.get("/v1/jobs", headers=keys[1][THEIRS]).text
    assert "bí mật" not in client.get("/v1/feedback", headers=keys[1][THEIRS]).text


def test_watchers_see_sums_and_no_names(client, engines):
    ready = client.get("/readyz").json()
    assert ready["plans"] == sum(len(engine.plans) for engine in engines.values())
    for path in WATCHED:
        text = client.get(path).text
        assert OURS not in text
        assert not any(plan_id in text for engine in engines.values() for plan_id in engine.plans)


def test_a_key_of_a_tenant_opens_nothing_where_there_are_no_tenants(engines, keys):
    from search_api.access import Access
    from search_api.app import create_app

    client = TestClient(create_app(engines[OURS], access=Access(keys[0])))
    problem_of(client.get("/v1/plans", headers=keys[1][THEIRS]), 403, "forbidden")


@pytest.mark.parametrize(
    ("settings", "named"),
    [({}, "KEHOACH_KEYS"), ({"KEHOACH_KEYS": "keys.json", "KEHOACH_OPEN": "read"}, "KEHOACH_OPEN")],
)
def test_tenants_without_keys_or_with_an_open_door_are_refused(
    folder, monkeypatch, capsys, settings, named
):
    monkeypatch.setenv("KEHOACH_TENANTS", str(folder))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert main(("serve", "--port", "0")) == Exit.CALLER
    assert named in capsys.readouterr().err
