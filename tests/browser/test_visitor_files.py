"""Files from the visitor's side: chosen, dropped, pasted; progress, cancel, reasons; and back from the desk."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.stage import Stage, says

pytestmark = [pytest.mark.browser, pytest.mark.once]
REFUSED = "Failed to load resource"  # the browser itself logs answers of 4xx


def picture(width: int = 40, height: int = 20) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#14614a").save(out, "PNG")
    return out.getvalue()


def file(name: str, data: bytes, kind: str = "application/octet-stream") -> Any:
    return {"name": name, "mimeType": kind, "buffer": data}


HAND_OVER = """
([target, event, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const init = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
  const made = event === "paste" ? new ClipboardEvent(event, init) : new DragEvent(event, init);
  document.querySelector(target).dispatchEvent(made);
}
"""


def hand_over(page: Page, event: str, name: str, text: str) -> None:
    page.evaluate(HAND_OVER, ["#body", event, name, text])


def test_a_chosen_picture_is_shown_on_both_sides(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Here is a picture")
        ref = olga.gets_chat("Here is a picture")
        visitor.set_input_files("#files", [file("damage.png", picture(), "image/png")])
        image = visitor.locator("#entries .file-image")
        expect(image).to_have_attribute("src", re.compile("^blob:"))
        assert image.evaluate("(i) => i.decode().then(() => [i.naturalWidth, i.naturalHeight])") == [40, 20]
        info = olga.hears("entry.posted", kind="file", conversation=ref)["file"]
        assert (info["name"], info["width"]) == ("damage.png", 40)
        expect(visitor.locator("#pending .entry")).to_have_count(0)


def test_a_file_before_the_first_message_begins_the_conversation(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        visitor.set_input_files("#files", [file("invoice.txt", b"Number 7", "text/plain")])
        ref = olga.gets_chat("invoice.txt")
        olga.hears("entry.posted", kind="file", conversation=ref)
        expect(visitor.locator("#entries .file-name")).to_have_text(["invoice.txt"])


def test_a_file_chosen_before_the_line_stands_waits_for_the_conversation(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.watch.page(stage.browser)
        late: list[tuple[WebSocketRoute, str | bytes]] = []
        visitor.route_web_socket(re.compile("/ws/visitor/"), lambda route: slow_at_first(route, late))
        visitor.goto(f"{stage.product.url}/chat/plain/")
        visitor.set_input_files("#files", [file("early.txt", b"Number 9", "text/plain")])
        expect(visitor.locator("#pending .entry-file")).to_be_visible()
        while not late:
            visitor.wait_for_timeout(50)
        late[0][0].send(late[0][1])
        olga.hears("entry.posted", kind="file", conversation=olga.gets_chat("early.txt"))
        expect(visitor.locator("#entries .file-name")).to_have_text(["early.txt"])


def slow_at_first(route: WebSocketRoute, late: list[tuple[WebSocketRoute, str | bytes]]) -> None:
    """A line whose hello is not answered by itself."""
    server = route.connect_to_server()
    server.on_message(lambda message: route.send(message) if late else late.append((route, message)))
    route.on_message(server.send)


def test_typed_text_goes_before_the_file(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        visitor.fill("#body", "See the invoice")
        visitor.set_input_files("#files", [file("invoice.txt", b"Number 8", "text/plain")])
        olga.gets_chat("See the invoice")
        expect(visitor.locator("#entries .file-name")).to_have_text(["invoice.txt"])
        assert visitor.input_value("#body") == ""


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_files_may_be_dropped_and_pasted(stage: Stage, event: str) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, f"I will {event} it")
        olga.gets_chat(f"I will {event} it")
        hand_over(visitor, event, f"{event}.txt", "some words")
        expect(visitor.locator("#entries .file-name")).to_have_text([f"{event}.txt"])


def test_a_refused_file_says_why(stage: Stage) -> None:
    stage.watch.allow(REFUSED)
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Take this")
        olga.gets_chat("Take this")
        visitor.set_input_files("#files", [file("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png")])
        failed = visitor.locator("#pending .entry-file")
        expect(failed.locator(".entry-state")).to_contain_text("Not sent:")
        failed.get_by_role("button", name="Remove").click()
        expect(failed).to_have_count(0)
        visitor.set_input_files("#files", [file("empty.txt", b"")])
        expect(failed.locator(".entry-state")).to_have_text("Not sent: it is empty")
        assert not [event for event in olga.heard("entry.posted") if event["kind"] == "file"]


def test_a_file_too_large_is_not_even_sent(stage: Stage) -> None:
    visitor = stage.visitor()
    says(visitor, "A large one")
    expect(visitor.locator("#entries .entry")).not_to_have_count(0)
    sent: list[str] = []
    visitor.on("request", lambda request: sent.append(request.url))
    visitor.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(21_000_000)], "film.mp4"));
          document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
        }"""
    )
    expect(visitor.locator("#pending .entry-state")).to_have_text("Not sent: it is larger than 20 MB")
    assert not [url for url in sent if url.endswith("/files/")]


def test_an_upload_can_be_cancelled(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Wait, not that one")
        olga.gets_chat("Wait, not that one")
        held: list[Route] = []

        def answered_by_nobody(route: Route) -> None:
            held.append(route)

        visitor.route("**/files/", answered_by_nobody)
        visitor.set_input_files("#files", [file("wrong.txt", b"wrong", "text/plain")])
        expect(visitor.locator("#pending progress")).to_be_visible()
        visitor.get_by_role("button", name="Cancel").click()
        expect(visitor.locator("#pending .entry")).to_have_count(0)
        expect(visitor.locator("#body")).to_be_focused()
        assert held
        visitor.unroute("**/files/")
        visitor.set_input_files("#files", [file("right.txt", b"right", "text/plain")])
        expect(visitor.locator("#entries .file-name")).to_have_text(["right.txt"])


def test_a_broken_upload_can_be_tried_again(stage: Stage) -> None:
    stage.watch.allow("ERR_FAILED")
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Twice if need be")
        olga.gets_chat("Twice if need be")
        visitor.route("**/files/", lambda route: route.abort(), times=1)
        visitor.set_input_files("#files", [file("twice.txt", b"words", "text/plain")])
        expect(visitor.locator("#pending .entry-state")).to_have_text("Not sent: the connection is lost")
        visitor.get_by_role("button", name="Try again").click()
        expect(visitor.locator("#entries .file-name")).to_have_text(["twice.txt"])
        expect(visitor.locator("#pending .entry")).to_have_count(0)


def test_a_file_can_be_saved_again_later(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Keep it for me")
        olga.gets_chat("Keep it for me")
        visitor.set_input_files("#files", [file("letter.txt", b"Dear desk", "text/plain")])
        expect(visitor.locator("#entries .file-link")).to_be_visible()
        visitor.reload()
        with visitor.expect_download() as saving:
            visitor.click("#entries .file-link")
        assert saving.value.suggested_filename == "letter.txt"
        assert saving.value.path().read_bytes() == b"Dear desk"
