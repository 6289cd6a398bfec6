"""Files from the desk: chosen, dropped, pasted, refused, stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.services.chromium import Watch

pytestmark = pytest.mark.browser

DROP = """
([name, text, kind]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/plain" }));
  const target = document.querySelector("#reply");
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
}
"""


def test_a_chosen_file_reaches_the_visitor(sits: Sits, visits: Visits, tmp_path: Path) -> None:
    alice, vera = sits("alice"), visits("The size chart, please")
    alice.open(vera.ref)
    chart = tmp_path / "size-chart.txt"
    chart.write_text("S M L\n")
    alice.page.set_input_files("#files", chart)
    frame = vera.hears("entry.posted", kind="file")
    assert frame["file"]["name"] == "size-chart.txt"
    link = alice.page.locator("#entries .file-link", has_text="size-chart.txt")
    with alice.page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_text() == "S M L\n"
    expect(alice.page.locator(".upload")).to_have_count(0)


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_file_can_be_dropped_and_pasted(sits: Sits, visits: Visits, way: str) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.page.evaluate(DROP, [f"{way}.txt", "hello", way])
    assert vera.hears("entry.posted", kind="file")["file"]["name"] == f"{way}.txt"
    expect(alice.box).to_have_value("")


def test_what_is_refused_says_why(sits: Sits, visits: Visits, watch: Watch, tmp_path: Path) -> None:
    watch.allow("status of 4")
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    empty, disguised = tmp_path / "empty.txt", tmp_path / "picture.png"
    empty.write_bytes(b"")
    disguised.write_bytes(b"MZ\x90\x00" + b"\x00" * 600)
    alice.page.set_input_files("#files", [empty, disguised])
    uploads = alice.page.locator(".upload.failed")
    expect(uploads).to_have_count(2)
    expect(uploads.nth(0)).to_contain_text("empty.txt: this file is empty.")
    expect(uploads.nth(1)).to_contain_text("picture.png: ")
    uploads.nth(0).get_by_role("button", name="Dismiss").click()
    expect(uploads).to_have_count(1)
    assert not [frame for frame in vera.frames if frame.get("kind") == "file"]


def test_an_upload_can_be_stopped(sits: Sits, visits: Visits, watch: Watch, tmp_path: Path) -> None:
    watch.allow("net::ERR_FAILED", "net::ERR_ABORTED")
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.page.route("**/files/", lambda route: None)
    big = tmp_path / "big.txt"
    big.write_text("x" * 100_000)
    alice.page.set_input_files("#files", big)
    alice.page.get_by_role("button", name="Cancel big.txt").click()
    expect(alice.page.locator(".upload")).to_have_count(0)
    assert not [frame for frame in vera.frames if frame.get("kind") == "file"]
