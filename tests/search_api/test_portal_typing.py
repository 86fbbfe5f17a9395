"""Suggestions while typing: by keyboard, by mouse, and with an input method at work."""

import pytest


@pytest.fixture
def page(browser, server):
    opened = browser.new_page(viewport={"width": 1024, "height": 700})
    opened.asked = []
    opened.on(
        "request",
        lambda request: "/v1/suggest" in request.url and opened.asked.append(request.url),
    )
    opened.goto(server)
    yield opened
    opened.close()


def box_of(page):
    return page.get_by_role("combobox", name="Câu hỏi")


def options(page):
    return page.locator("[role=option]")


def test_suggestions_are_walked_through_with_the_arrows_and_asked_with_enter(page):
    box = box_of(page)
    box.press_sequentially("truyen th")
    options(page).first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    box.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    assert page.locator("[aria-selected=true]").count() == 1
    text = active.text_content()
    box.press("ArrowUp")
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_selector(".answer")
    assert page.locator("#q").input_value() == text


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page):
    box = box_of(page)
    box.press_sequentially("truyen th")
    options(page).first.wait_for()
    box.press("Escape")
    assert options(page).count() == 0
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "truyen th"


def test_a_suggestion_can_be_clicked(page):
    box_of(page).press_sequentially("Sở Tài")
    options(page).first.click()
    page.wait_for_selector(".answer, .not_found")
    assert page.locator("#q").input_value() == "Sở Tài chính"


def test_how_many_suggestions_there_are_is_said_aloud(page):
    box_of(page).press_sequentially("truyen th")
    options(page).first.wait_for()
    assert page.get_by_role("status").text_content().startswith(f"{options(page).count()} gợi ý")


def test_a_word_that_is_composed_is_one_request(page):
    """Typing "đường" with an input method: nothing is asked for until it is a word."""
    box = box_of(page)
    box.focus()
    typing = page.context.new_cdp_session(page)
    for text in ("d", "dd", "đ", "đu", "đươ", "đườ", "đường"):
        typing.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        page.wait_for_timeout(250)  # slower than the pause after which a suggestion is asked for
    assert page.asked == []
    with page.expect_response("**/v1/suggest*"):
        typing.send("Input.insertText", {"text": "đường"})
    page.wait_for_timeout(400)
    assert box.input_value() == "đường"
    assert len(page.asked) == 1


def test_a_suggestion_is_text_never_markup(page):
    page.route(
        "**/v1/suggest*",
        lambda route: route.fulfill(json={"suggestions": ["<img src=x onerror=alert(1)>"]}),
    )
    box_of(page).press_sequentially("img")
    options(page).first.wait_for()
    assert options(page).first.text_content() == "<img src=x onerror=alert(1)>"
    assert page.locator("[role=option] img").count() == 0
