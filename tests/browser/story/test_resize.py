"""A window that becomes smaller, as when a phone's keyboard opens, keeps what was looked at in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.story.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.once]
LINES = 14
STATE = """()=>{const r=e=>{const b=e.getBoundingClientRect();return [b.top,b.bottom]};const l=document.getElementById('log');const es=[...document.querySelectorAll('#entries .entry')];return JSON.stringify({log:r(l),st:l.scrollTop,sh:l.scrollHeight,ch:l.clientHeight,body:[...document.body.children].map(k=>[k.tagName,k.id,k.className,k.textContent.slice(0,80),...r(k)]),last:r(es.at(-1)),kids:[...l.parentElement.children].map(k=>[k.tagName,k.id,...r(k)]), inl:[...l.children].map(k=>[k.tagName,k.id,...r(k)]), t: window.__t})}"""
WATCH = """()=>{window.__t=[];const l=document.getElementById('log');const n=(w)=>window.__t.push([Math.round(performance.now()),w,l.scrollTop,l.scrollHeight,l.clientHeight]);l.addEventListener('scroll',()=>n('scroll'));const o=new ResizeObserver((e)=>n('ro '+e.map(x=>x.target.id)));o.observe(l);o.observe(document.getElementById('entries'));window.addEventListener('resize',()=>n('win'));for (const i of ['line','ending']) new MutationObserver(()=>n('mut '+i+document.getElementById(i).textContent)).observe(document.getElementById(i),{childList:true,subtree:true,characterData:true})}"""


def newest_stays(page: Page, log: str) -> None:
    newest = page.locator(f"{log} .entry", has_text=f"Line {LINES - 1}")
    expect(newest).to_be_in_viewport()
    for height in (430, 740, 560):
        page.set_viewport_size({"width": 360, "height": height})
        try:
            expect(newest).to_be_in_viewport(ratio=0.9)
        except AssertionError:
            print("FAILSTATE", height, page.evaluate(STATE))
            page.screenshot(path="/tmp/resize-fail.png")
            raise
    page.locator(f"{log} .entry").first.scroll_into_view_if_needed()
    expect(newest).not_to_be_in_viewport()
    page.set_viewport_size({"width": 360, "height": 430})
    page.wait_for_timeout(200)
    expect(newest).not_to_be_in_viewport()


def test_the_newest_words_stay_in_sight(sits: Sits, visits: Visits) -> None:
    small = {"width": 360, "height": 740}
    alice, vera = sits("alice", viewport=small), visits(viewport=small)
    vera.asks("On my phone")
    alice.open(vera.ref)
    for n in range(LINES):
        alice.reply(f"Line {n}")
    alice.page.evaluate(WATCH)
    newest_stays(alice.page, "#entries")
    newest_stays(vera.page, "#entries")
