"""Other sites read, frame and ask only where they are on the list; nobody's browser is abused."""

import pytest
from starlette.testclient import TestClient

from search_api.access import Access, KeyFile, Scope
from search_api.app import create_app
from search_api.origins import read_origins
from tests.search_api.fake_engine import FakeEngine
from tests.search_api.test_app import problem_of

LISTED, STRANGER = "https://kiengiang.gov.vn", "https://evil.example"
ASKED = {"question": "báo chí"}


@pytest.fixture
def client():
    return TestClient(create_app(FakeEngine(), origins=[LISTED]))


@pytest.fixture
def closed():
    return TestClient(create_app(FakeEngine()))


def allowed_origin(response):
    return response.headers.get("access-control-allow-origin")


@pytest.mark.parametrize("path", ["/v1/plans", "/v1/search?q=báo chí", "/v1/suggest?q=a"])
def test_a_listed_site_may_read_and_a_stranger_may_not(client, closed, path):
    assert allowed_origin(client.get(path, headers={"Origin": LISTED})) == LISTED
    assert allowed_origin(client.get(path, headers={"Origin": STRANGER})) is None
    assert allowed_origin(closed.get(path, headers={"Origin": LISTED})) is None


def test_pages_are_read_by_no_other_site(client):
    for path in ("/", "/metrics", "/openapi.json"):
        assert allowed_origin(client.get(path, headers={"Origin": LISTED})) is None


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/ask", True),
        ("POST", "/v1/feedback", True),
        ("POST", "/v1/plans", False),
        ("DELETE", "/v1/plans/x", False),
        ("GET", "/v1/plans", True),
    ],
)
def test_a_listed_site_may_ask_first_whether_it_may_send(client, method, path, allowed):
    headers = {
        "Origin": LISTED,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type",
    }
    assert (allowed_origin(client.options(path, headers=headers)) == LISTED) is allowed


def test_cookies_and_passwords_are_never_shared(client):
    response = client.get("/v1/plans", headers={"Origin": LISTED})
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": STRANGER},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": STRANGER, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_a_stranger_cannot_make_a_browser_send(client, headers):
    problem_of(client.post("/v1/ask", json=ASKED, headers=headers), 403, "foreign-origin")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": LISTED, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_our_own_pages_listed_sites_and_programs_may_send(client, headers):
    assert client.post("/v1/ask", json=ASKED, headers=headers).status_code == 200


def test_only_the_page_made_for_it_is_framed_and_only_by_listed_sites(client, closed):
    framed = client.get("/nhung").headers
    assert f"frame-ancestors 'self' {LISTED}" in framed["content-security-policy"]
    assert "x-frame-options" not in framed
    for response in (client.get("/"), closed.get("/nhung")):
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-frame-options"] == "DENY"


def test_a_server_with_keys_is_embedded_only_where_reading_is_open_to_all(tmp_path):
    key_file = KeyFile(tmp_path / "keys.json")
    key_file.add("quan-tri", [Scope.ADMIN])
    for opened, status in ((frozenset(), 401), (frozenset({Scope.READ}), 200)):
        access = Access(key_file, opened)
        client = TestClient(create_app(FakeEngine(), access=access, origins=[LISTED]))
        asked = client.post("/v1/ask", json=ASKED, headers={"Origin": LISTED})
        embedded = [asked, client.get("/widget.js"), client.get("/nhung")]
        assert [response.status_code for response in embedded] == [status] * 3
    assert "KEHOACH_OPEN" in client.get("/huong-dan-nhung").text


def test_only_the_script_is_loaded_by_every_site(client):
    named = "cross-origin-resource-policy"
    assert client.get("/widget.js").headers[named] == "cross-origin"
    assert client.get("/static/portal.css").headers[named] == "same-origin"


@pytest.mark.parametrize(
    "text",
    [
        *("*", "kiengiang.gov.vn", "https://a.vn/", "https://a.vn/x", "https://*.vn", "null"),
        *("https://a.vn;script-src", "ftp://a.vn", "https://", "https://a:b@c.vn", "https://["),
    ],
)
def test_what_is_no_origin_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # the text is the message
        read_origins(text)
