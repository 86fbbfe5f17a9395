"""Keys: what they open, that they are not kept, and that taking one away works at once."""

import base64
import json

import pytest
from fastapi import Depends
from starlette.testclient import TestClient

from search_api.access import Access, KeyFile, Scope, require
from search_api.app import create_app
from search_api.errors import KeyExists, KeyFileDamaged, UnknownKeyName
from tests.search_api.fake_engine import FakeEngine
from tests.search_api.test_app import problem_of

OPEN_TO_ALL = {"/healthz", "/readyz", "/metrics"}


@pytest.fixture
def key_file(tmp_path):
    return KeyFile(tmp_path / "keys.json")


def client_of(access: Access) -> TestClient:
    app = create_app(FakeEngine(), access=access)
    for scope in Scope:
        app.get(f"/needs/{scope}", dependencies=[Depends(require(scope))])(lambda: "in")
    return TestClient(app)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def client(key_file):
    return client_of(Access(key_file, frozenset()))


@pytest.mark.parametrize(
    ("scopes", "opens"),
    [
        ([Scope.READ], {"read"}),
        ([Scope.FEEDBACK], {"feedback"}),
        ([Scope.READ, Scope.FEEDBACK], {"read", "feedback"}),
        ([Scope.ADMIN], {"read", "feedback", "admin"}),
    ],
)
def test_a_key_opens_what_its_scopes_say(client, key_file, scopes, opens):
    headers = bearer(key_file.add("a", scopes))
    for scope in Scope:
        response = client.get(f"/needs/{scope}", headers=headers)
        assert response.status_code == (200 if scope in opens else 403)


def test_nothing_is_read_without_a_key_where_there_are_keys(client, key_file):
    key_file.add("a", [Scope.READ])
    problem_of(client.get("/v1/plans"), 401, "unauthorised")
    problem_of(client.get("/v1/plans", headers=bearer("kehoach_x")), 401, "unauthorised")
    page = client.get("/", headers={"accept": "text/html"})
    assert page.status_code == 401
    assert "Basic" in page.headers["www-authenticate"]
    assert "text/html" in page.headers["content-type"]


def test_whoever_watches_the_server_needs_no_key(client):
    for path in OPEN_TO_ALL:
        assert client.get(path).status_code == 200


def test_a_browser_sends_the_key_as_a_password(client, key_file):
    token = key_file.add("a", [Scope.READ])
    value = base64.b64encode(f"ai cũng được:{token}".encode()).decode()
    assert client.get("/", headers={"Authorization": f"Basic {value}"}).status_code == 200


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer ", "Basic !!", "Basic YQ==", "x" * 5000, "Bearer \xff"]
)
def test_a_header_that_holds_no_key_opens_nothing(client, key_file, value):
    key_file.add("a", [Scope.READ])
    headers = {"Authorization": value.encode("latin-1")}
    assert client.get("/v1/plans", headers=headers).status_code == 401


def test_reading_may_be_left_open_while_keys_are_kept(key_file):
    client = client_of(Access(key_file, frozenset({Scope.READ})))
    assert client.get("/v1/plans").status_code == 200
    assert client.get("/needs/feedback").status_code == 401
    # A wrong key is told so, not quietly taken for none.
    assert client.get("/v1/plans", headers=bearer("wrong")).status_code == 401


def test_without_keys_everybody_reads_and_nobody_is_an_administrator():
    client = client_of(Access())
    assert client.get("/v1/plans").status_code == 200
    assert client.get("/needs/feedback").status_code == 200
    refused = problem_of(client.get("/needs/admin", headers=bearer("a")), 403, "forbidden")
    assert "kehoach keys add TÊN --scope admin" in refused["detail"]


def test_a_key_is_not_kept(key_file):
    token = key_file.add("a", [Scope.READ])
    kept = key_file.path.read_text()
    assert token not in kept
    assert token.removeprefix("kehoach_") not in kept
    assert key_file.path.stat().st_mode & 0o077 == 0


def test_a_rotated_key_is_refused_at_once_and_its_successor_opens(client, key_file):
    old = key_file.add("a", [Scope.READ])
    assert client.get("/v1/plans", headers=bearer(old)).status_code == 200
    new = key_file.rotate("a")
    assert client.get("/v1/plans", headers=bearer(old)).status_code == 401
    assert client.get("/v1/plans", headers=bearer(new)).status_code == 200


def test_a_revoked_key_is_refused_at_once_while_the_others_go_on(client, key_file):
    gone, stays = key_file.add("a", [Scope.READ]), key_file.add("b", [Scope.READ])
    assert client.get("/v1/plans", headers=bearer(gone)).status_code == 200
    KeyFile(key_file.path).revoke("a")
    assert client.get("/v1/plans", headers=bearer(gone)).status_code == 401
    assert client.get("/v1/plans", headers=bearer(stays)).status_code == 200


def test_a_name_is_given_once_and_must_exist_to_be_taken_away(key_file):
    key_file.add("a", [Scope.READ])
    with pytest.raises(KeyExists):
        key_file.add("a", [Scope.ADMIN])
    with pytest.raises(UnknownKeyName):
        key_file.rotate("b")
    with pytest.raises(UnknownKeyName):
        key_file.revoke("b")


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"name": "a"}]', '[{"sha256": 1}]'])
def test_a_damaged_key_file_opens_nothing_and_is_told_without_its_path(client, key_file, content):
    token = key_file.add("a", [Scope.ADMIN])
    key_file.path.write_text(content)
    with pytest.raises(KeyFileDamaged):
        KeyFile(key_file.path).keys()
    response = client.get("/v1/plans", headers=bearer(token))
    problem_of(response, 503, "not-ready")
    assert str(key_file.path) not in response.text


def test_a_key_file_that_is_gone_opens_nothing(client, key_file):
    token = key_file.add("a", [Scope.ADMIN])
    key_file.path.unlink()
    assert client.get("/v1/plans", headers=bearer(token)).status_code == 401


def test_every_route_but_those_for_watchers_asks_for_a_key(client):
    described = client.get("/openapi.json").json()["paths"]
    asked = {(method, path) for path, methods in described.items() for method in methods}
    pages = [("get", path) for path in ("/", "/plan/x", "/don-vi", "/thoi-han", "/so-sanh")]
    assert len(asked) > 15
    for method, path in (*asked, *pages):
        status = client.request(method, path.replace("{", "").replace("}", "")).status_code
        assert (status == 401) == (path not in OPEN_TO_ALL), f"{method} {path}: {status}"


def test_keys_written_by_many_at_once_are_all_kept(key_file):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: KeyFile(key_file.path).add(f"k{n}", [Scope.READ]), range(40)))
    assert len(json.loads(key_file.path.read_text())) == 40
