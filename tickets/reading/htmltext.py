"""HTML as lines of text, and what mail programs' markup says of them: quoted, signature, an older mail below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

from tickets.reading.markup import bounded
from tickets.reading.replies.lines import SENT_FROM, SURE_MARK

MAX_QUOTE_DEPTH = 9
_BLOCK_NAMES = (
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer|h1|h2|h3|h4|h5|h6|header|hr|li"
    "|main|nav|ol|p|pre|section|table|tr|ul|caption"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split("|"))
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "dl", "blockquote"})
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_TAGS = (_BLOCKS | _SPACED | _VOID | {"a", "span", "td", "th", "tbody", "thead", "tfoot", "b", "i", "em", "font"}) - {
    "form"
}
_GONE = frozenset(
    {"script", "style", "svg", "math", "iframe", "noscript", "template", "title", "head", "select", "xml"}
)
_KEPT = {"class", "id", "style", "data-marker", "href", "type", "hidden", "name"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d]*[1-9])")
# Where each program begins the mail that is answered (class, id or data-marker).
_OLDER = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|gmail_attr|moz-cite-prefix|yahoo_quoted|yahoo-quoted"
    r"|protonmail_quote|tutanota_quote|__QUOTED_TEXT__|zwchr|front-blockquote|hubspot_quote|mail_quote|replySplit"
    r"|reply-intro|mailQuoteHeader|ydp[0-9a-f]+yahoo_quoted|isReplyContent|ms-outlook-mobile-reference-message)"
)
_SIGNATURE = re.compile(
    r"(?:x_)*(?:AppleMailSignature|gmail_signature|moz-signature|Signature|protonmail_signature_block|yahoo_signature"
    r"|ms-outlook-mobile-signature|__SIG_PRE__|__SIG_POST__|front-signature|tutanota_signature|ydp[0-9a-f]+signature)"
)
_OUTLOOK_LINE = re.compile(r"border:\s*none;\s*border-top:\s*solid #(?:E1E1E1|B5C4DF)", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line of text; `mark` is a letter of replies.lines that its markup gives it, or ''."""

    text: str
    mark: str = ""


def lines_of_html(html: str) -> list[Line]:
    """The words of HTML in lines. Hidden words are left out; what stands in a quote begins with `> `."""
    reader = _Reader()
    reader.feed(
        nh3.clean(
            bounded(html),
            tags=_TAGS,
            clean_content_tags=_GONE,
            attributes={"*": _KEPT, "a": _KEPT},
            url_schemes={"http", "https"},
            link_rel=None,
        )
    )
    reader.close()
    reader.end_line()
    return reader.lines


@dataclass
class _Open:
    tag: str
    is_hidden: bool
    is_quote: bool
    is_signature: bool
    is_pre: bool
    href: str
    begins: int  # number of characters read before it


class _Reader(HTMLParser):
    """Reads what nh3 made: every tag closed, no comments, no scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._open: list[_Open] = []
        self._counts = {"hidden": 0, "quote": 0, "signature": 0, "pre": 0}
        self._mark = ""
        self._read = 0
        self._gap = False
        self._last_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        names = [*given.get("class", "").split()[:20], given.get("id", ""), given.get("data-marker", "")]
        if tag in _BLOCKS:
            self.end_line(spaced=tag in _SPACED)
        self._note_older(names, given)
        if tag == "br":
            self.end_line(broken=True)
        elif tag == "li":
            self._words.append("- ")
        if tag not in _VOID:
            self._enter(tag, given, any(_SIGNATURE.fullmatch(name) for name in names))

    def _note_older(self, names: list[str], given: dict[str, str]) -> None:
        if any(_OLDER.fullmatch(name) for name in names) or _OUTLOOK_LINE.search(given.get("style", "")[:500]):
            self._mark = SURE_MARK

    def _enter(self, tag: str, given: dict[str, str], is_signature: bool) -> None:
        is_hidden = "hidden" in given or bool(_HIDDEN.search(given.get("style", "")[:2000].lower()))
        entered = _Open(
            tag, is_hidden, tag == "blockquote", is_signature, tag == "pre", given.get("href", ""), self._read
        )
        self._open.append(entered)
        self._count(entered, 1)

    def _count(self, entered: _Open, by: int) -> None:
        self._counts["hidden"] += by * entered.is_hidden
        self._counts["quote"] += by * entered.is_quote
        self._counts["signature"] += by * entered.is_signature
        self._counts["pre"] += by * entered.is_pre

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not self._open or self._open[-1].tag != tag:
            return
        if tag in _BLOCKS:
            self.end_line(spaced=tag in _SPACED)
        elif tag in {"td", "th"}:
            self._words.append(" ")
        closed = self._open.pop()
        self._count(closed, -1)
        if tag == "a" and closed.href.startswith(("http://", "https://")) and self._read > closed.begins:
            self._add_address(closed.href)

    def _add_address(self, href: str) -> None:
        shown = "".join(self._words)
        bare = re.sub(r"^https?://(?:www\.)?|/$", "", href)
        if bare and bare not in shown and len(href) <= 500 and not self._counts["hidden"]:
            self._words.append(f" <{href}>")

    def handle_data(self, data: str) -> None:
        if self._counts["hidden"]:
            return
        self._read += len(data.strip())
        if self._counts["pre"]:
            first, *others = data.split("\n")
            self._words.append(first)
            for line in others:
                self.end_line(broken=True)
                self._words.append(line)
        else:
            self._words.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def end_line(self, *, spaced: bool = False, broken: bool = False) -> None:
        """Finish the line; `spaced`: an empty one should follow, `broken`: even an empty line is one."""
        text = "".join(self._words)
        text = text.rstrip() if self._counts["pre"] else re.sub(r"  +", " ", text).strip()
        self._words = []
        depth = min(self._counts["quote"], MAX_QUOTE_DEPTH)
        if text or broken:
            if self._gap and self.lines and text:
                self.lines.append(Line(("> " * min(depth, self._last_depth)).rstrip()))
            self._last_depth = depth
            mark = self._mark or (SENT_FROM if self._counts["signature"] else "")
            self.lines.append(Line(("> " * depth + text).rstrip(), mark if text else ""))
            self._gap = False
            if text:
                self._mark = ""
        self._gap = self._gap or spaced
