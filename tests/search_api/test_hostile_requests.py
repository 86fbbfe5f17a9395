"""Whatever is sent: never an error of ours, always the shape that was described."""

import json
import shutil
import string

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from search_api.access import Access, KeyFile, Scope
from search_api.app import create_app
from search_api.engine import Engine
from tests.search_api.test_access import bearer

# Times each route is called with what its description allows and what it forbids, and questions.
_CALLS, _QUESTIONS = 30, 150

# What breaks programs: controls, marks that turn text round, halves of letters, other languages'
# code, and numbers of plans that are none.
FRAGMENTS = (
    "\x00", "\x07", "\x1b[31m", "\u202e", "\u2066", "\u200f", "\ufeff", "\u00ad", "\u0301" * 50,
    "\U000e0041", "\ufdfd", "ǆ", "İ", "ß", "ﬀ", "Đ", "\u0110\u0303",
    "' OR 1=1 --", "'; DROP TABLE plans; --", "{{7*7}}", "${jndi:ldap://a}", "<script>", "%s%n",
    "%(x)s", "{0.__class__}", "../../etc/passwd", "\\", '"', "*:*", "folded:^2", "[* TO *]", "~",
    "AND OR NOT", "(((((", "/.*/", "97/KH-UBND", "Sở Tài chính", "năm 99999999999999", "đơn vị nào",
    "chủ trì", "báo chí", "ngày 31/2/2024", "tỉnh", "VIII.3.đ)", "dòng 5.2", "-1", "1e309", "NaN",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(engine):
    """Errors of ours are answered with 500, as a server does."""
    return TestClient(create_app(engine), raise_server_exceptions=False)


hostile = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.text(max_size=30),
        st.text(alphabet=string.printable, max_size=20),
    ),
    max_size=12,
).map("".join)

often = settings(
    max_examples=_QUESTIONS, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def check_shape(response) -> None:
    assert response.status_code < 500, response.text
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
        assert json.loads(response.text)["detail"]


@often
@given(question=hostile)
def test_no_question_is_an_error_of_ours(client, question):
    body = json.dumps({"question": question})
    headers = {"content-type": "application/json"}
    response = client.post("/v1/ask", content=body, headers=headers)
    check_shape(response)
    if response.status_code == 200:
        for citation in response.json()["citations"]:
            text = client.get(citation["url"].partition("#")[0]).json()["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]


@often
@given(words=hostile)
def test_no_search_suggestion_or_page_is_an_error_of_ours(client, words):
    query = {"q": words.encode("utf-8", "replace").decode()}
    check_shape(client.get("/v1/search", params=query))
    check_shape(client.get("/v1/suggest", params=query))
    page = client.get("/", params=query, headers={"accept": "text/html"})
    assert page.status_code < 500
    assert "<script>" not in page.text.replace('<script type="module"', "").replace(
        "<script src=", ""
    )


@often
@given(value=hostile)
def test_no_filter_and_no_name_in_an_address_is_an_error_of_ours(client, value):
    value = value.encode("utf-8", "replace").decode()
    for name in ("province", "unit", "plan"):
        check_shape(client.get("/v1/search", params={"q": "báo chí", name: value}))
    from urllib.parse import quote

    for path in ("/v1/plans/{}", "/v1/plans/{}/rows", "/v1/units/{}/duties", "/plan/{}"):
        assert client.get(path.format(quote(value, safe=""))).status_code < 500


@pytest.mark.parametrize("piece", [" ", "a", "đ", "\u0301", "\x00", "🇻🇳", "kế hoạch "])
def test_a_question_of_a_megabyte_is_refused_at_once(client, piece):
    body = json.dumps({"question": piece * (1_000_000 // len(piece))})
    headers = {"content-type": "application/json"}
    assert client.post("/v1/ask", content=body, headers=headers).status_code == 413
    long = piece * (60_000 // len(piece.encode()) // 3)
    check_shape(client.post("/v1/ask", json={"question": long}))


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 50_000, b'{"a":' * 5_000, b'"' + b"\\" * 999])
def test_a_body_that_is_no_json_is_refused(client, body):
    headers = {"content-type": "application/json"}
    check_shape(client.post("/v1/ask", content=body, headers=headers))


@pytest.mark.parametrize("scope", [Scope.READ, Scope.ADMIN])
def test_every_route_does_what_the_description_says(index_dir, encoder, tmp_path, scope):
    """schemathesis: what the description allows and what it forbids, on every route."""
    # An administrator's requests change the index: this one has its own.
    shutil.copytree(index_dir, tmp_path / "index")
    engine = Engine.open(tmp_path / "index", encoder)
    key_file = KeyFile(tmp_path / "keys.json")
    headers = bearer(key_file.add("a", [scope]))
    app = create_app(engine, access=Access(key_file))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
    )

    called = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=_CALLS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case):
            nonlocal called
            called += 1
            case.call_and_validate(
                headers=headers,
                checks=[not_a_server_error, content_type_conformance, response_schema_conformance],
            )

        call()
    assert called > 20 * len(schema.raw_schema["paths"])
