"""HTML of strangers: harmless to show, and readable as text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.reading.html import clean_html, text_of_html

pytestmark = pytest.mark.once

HARMLESS = [
    ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
    ("<p onclick=alert(1) style='color:red' class=x id=y>a</p>", "<p>a</p>"),
    ("<meta http-equiv=refresh content='0;url=https://x.test'>a", "a"),
    ("<form action=https://x.test><input name=a><button>b</button></form>c", "bc"),
    ("<iframe src=https://x.test>in</iframe>a", "a"),
    ("<style>p{background:url(https://x.test)}</style>a", "a"),
    ("<svg><script>1</script><text>b</text></svg>a", "a"),
    ("<math><mi>b</mi></math>a", "a"),
    ("<object data=x><embed src=x></object><applet>b</applet>a", "a"),
    ("<base href=https://x.test><link rel=stylesheet href=https://x.test>a", "a"),
    ("a<!-- real@home.test -->b", "ab"),
    ("<template>b</template><title>t</title>a", "a"),
    ("<td background=https://x.test>a", "a"),
    (
        '<table background="https://x.test" width="1"><tr><td>a',
        '<table width="1"><tbody><tr><td>a</td></tr></tbody></table>',
    ),
    ("<video src=https://x.test poster=https://x.test></video>a", "a"),
    ("<b>a", "<b>a</b>"),
    ("a\0b", "ab"),
]


@pytest.mark.parametrize(("html", "clean"), HARMLESS)
def test_nothing_runs_loads_or_submits(html: str, clean: str) -> None:
    assert clean_html(html) == clean


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "mailto:v@home.test",
        "data:text/html,x",
        "//x.test",
        "/x",
        "cid:x",
        " java\nscript:x",
        "tel:1",
    ],
)
def test_links_elsewhere_than_the_web_are_taken_off(href: str) -> None:
    assert "href" not in clean_html(f'<a href="{href}">a</a>')


def test_links_to_the_web_open_apart_and_tell_nothing() -> None:
    assert clean_html('<a href=" https://x.test/?a=1&b=2">a</a>') == (
        '<a href="https://x.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">a</a>'
    )


@pytest.mark.parametrize(
    ("image", "clean"),
    [
        ('<img src="cid:logo@x" alt="A">', '<img data-cid="logo@x" alt="A">'),
        ('<img alt="a>b" src="CID:x">', '<img alt="a&gt;b" data-cid="x">'),
        (
            '<img src="https://x.test/p.gif" width=1 height=1>',
            '<img data-remote="https://x.test/p.gif" width="1" height="1">',
        ),
        ('<img src="http://x.test/p.gif" srcset="https://x.test/2.gif 2x">', '<img data-remote="http://x.test/p.gif">'),
        ('<img src="data:image/png;base64,AAAA">', "<img>"),
        ('<img src="/p.gif" onerror=alert(1)>', "<img>"),
        ('<img src="//x.test/p.gif">', "<img>"),
        (
            "<img src='https://x.test/\"><script>1</script>'>",
            '<img data-remote="https://x.test/&quot;><script>1</script>">',
        ),
    ],
)
def test_no_image_is_fetched(image: str, clean: str) -> None:
    assert clean_html(image).replace("&lt;", "<").replace("&gt;", ">") == clean.replace("&gt;", ">")


def test_words_that_look_like_an_attribute_stay_words() -> None:
    assert clean_html('write src="cid:x" &lt;img src="cid:y"&gt;') == 'write src="cid:x" &lt;img src="cid:y"&gt;'


@given(
    st.lists(
        st.sampled_from(["<img ", "src=", "'", '"', ">", "<", "cid:", "https://x/", "alt=", "a", " ", "/", "="]),
        max_size=30,
    )
)
def test_no_image_ever_has_a_source(pieces: list[str]) -> None:
    clean = clean_html("".join(pieces))
    tags = re.findall(r"<[a-z]+(?:[^>\"]|\"[^\"]*\")*>", clean)
    assert not [tag for tag in tags if re.search(r"\ssrc=", re.sub(r'"[^"]*"', '""', tag))]


TEXTS = [
    ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("one\n  two\t three", "one two three"),
    ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
    ("<ul><li>one<li>two</ul>after", "- one\n- two\n\nafter"),
    ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a b\nc d"),
    ("<blockquote>said<blockquote>before</blockquote></blockquote>now", "> said\n>\n> > before\n\nnow"),
    ('see <a href="https://x.test/p">here</a>', "see here <https://x.test/p>"),
    ('<a href="https://x.test/">x.test</a>', "x.test"),
    ('<a href="https://x.test/p"><img src=x></a>a', "a"),
    ('<a href="mailto:v@home.test">Vera</a>', "Vera"),
    ("<span style='display:none'>hidden <b>deep</b></span>shown", "shown"),
    ("<span style='mso-hide:all'>hidden</span><p hidden>hidden</p>shown", "shown"),
    ("<span style='font-size:0px'>hidden</span><span style='font-size:0.9em'>shown</span>", "shown"),
    ("5 &lt; 6 &amp; 7&nbsp;&euro;", "5 < 6 & 7\xa0€"),
    ("<title>t</title><style>s</style><script>x</script>a", "a"),
    ("", ""),
]


@pytest.mark.parametrize(("html", "text"), TEXTS)
def test_html_reads_as_lines(html: str, text: str) -> None:
    assert text_of_html(html) == text


DEEP = {
    "blocks": "<div>" * 100_000,
    "inline": "<b><i><u>" * 30_000,
    "tables": "<table><tr><td>" * 20_000,
    "quotes": ("<blockquote>" * 200 + "x" + "</blockquote>" * 200) * 100,
    "open tags": "<" * 500_000,
    "comments": "<!--" * 100_000,
    "entities": "&amp;" * 80_000,
    "attributes": "<a " + "x=1 " * 100_000 + ">",
}


@pytest.mark.parametrize("name", DEEP)
def test_markup_made_to_take_long_does_not(name: str) -> None:
    began = time.process_time()
    clean_html(DEEP[name])
    text_of_html(DEEP[name])
    assert time.process_time() - began < 3


def test_what_is_too_deep_keeps_its_words() -> None:
    html = "<div>" * 500 + "words &amp; <script>more" + "</div>" * 500
    assert text_of_html(html).split() == clean_html(html).replace("&amp;", "&").split() == ["words", "&", "more"]
