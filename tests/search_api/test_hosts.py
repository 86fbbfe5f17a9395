"""A server answers to its own names, and to no name that a stranger has pointed at it."""

import socket

import httpx2
import pytest
from starlette.testclient import TestClient

from search_api.app import create_app
from search_api.hosts import Hosts, read_hosts
from tests.conftest import running
from tests.search_api.fake_engine import FakeEngine
from tests.search_api.test_app import problem_of

LISTED = "kehoach.tinh.gov.vn"


def status_under(name, address, path="/v1/plans"):
    return httpx2.get(f"{address}{path}", headers={"Host": name}).status_code


@pytest.fixture(scope="module")
def served(index_dir, tmp_path_factory):
    log = tmp_path_factory.mktemp("hosts") / "log"
    with running(index_dir, log, KEHOACH_HOSTS=f"{LISTED} *.noi-bo.vn") as address:
        yield address


@pytest.mark.parametrize("path", ["/v1/plans", "/", "/healthz", "/metrics", "/static/portal.css"])
def test_a_server_called_by_the_name_of_a_stranger_tells_nothing(served, path):
    refused = httpx2.get(f"{served}{path}", headers={"Host": "evil.example"})
    assert "KEHOACH_HOSTS" in problem_of(refused, 421, "foreign-host")["detail"]
    assert refused.headers["x-frame-options"] == "DENY"


def test_a_server_answers_to_its_own_names_and_to_those_listed(served):
    port = served.rpartition(":")[2]
    own = ("localhost", "127.0.0.1", "10.1.2.3", "[::1]", socket.gethostname())
    for name in (*own, LISTED, LISTED.upper(), "a.noi-bo.vn"):
        assert status_under(name, served) == 200, name
        assert status_under(f"{name}:{port}", served) == 200, name


def test_a_page_behind_a_proxy_that_passes_its_name_on_may_send(served):
    headers = {"Host": LISTED, "Origin": f"https://{LISTED}", "Sec-Fetch-Site": "same-origin"}
    asked = httpx2.post(f"{served}/v1/ask", json={"question": "báo chí"}, headers=headers)
    assert asked.status_code == 200


def test_who_was_turned_away_for_the_name_is_counted(served):
    status_under("evil.example", served)
    assert 'kehoach_turned_away_total{why="host"}' in httpx2.get(f"{served}/metrics").text


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost"),
        *(f"{LISTED}.evil.example", f"x{LISTED}", f"x.{LISTED}", "noi-bo.vn", "x-noi-bo.vn"),
        *("evil.example@localhost", "localhost/x", "[::1", "[localhost]", ":80", "a b", "."),
    ],
)
def test_a_name_that_only_looks_like_ours_is_not(host):
    assert not Hosts([LISTED, "*.noi-bo.vn"]).know(host)


@pytest.mark.parametrize(
    "host", ["app.localhost", "localhost.:80", "[::ffff:1.2.3.4]:80", "", None]
)
def test_what_leads_nowhere_else_is_ours(host):
    assert Hosts([]).know(host)


def test_a_star_stands_for_every_name():
    client = TestClient(create_app(FakeEngine(), hosts=["*"]))
    assert client.get("/v1/plans", headers={"Host": "evil.example"}).status_code == 200


@pytest.mark.parametrize(
    "text", ["https://tinh.gov.vn", "tinh.gov.vn:8443", "a.*.vn", "**", "-a.vn", "tỉnh.vn", "a/b"]
)
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # the text is the message
        read_hosts(text)
