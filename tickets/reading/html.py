"""HTML of strangers, made harmless. Everything goes through nh3, and only what is listed stays."""

from __future__ import annotations

import re

import nh3

from tickets.reading.htmltext import lines_of_html
from tickets.reading.markup import bounded

_ALLOWED = (
    "a|abbr|address|article|aside|b|bdi|bdo|big|blockquote|br|caption|center|cite|code|col|colgroup|dd|del|details|dfn"
    "|div|dl|dt|em|figcaption|figure|font|footer|h1|h2|h3|h4|h5|h6|header|hr|i|img|ins|kbd|li|main|mark|nav|ol|p|pre|q"
    "|rp|rt|ruby|s|samp|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul"
    "|var|wbr"
)
_TAGS = frozenset(_ALLOWED.split("|"))
_CELL = {"align", "valign", "colspan", "rowspan", "width", "height", "bgcolor"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size"},
    "ol": {"start", "type"},
    "li": {"value"},
    "table": {"border", "cellpadding", "cellspacing", "width", "align", "bgcolor"},
    "td": _CELL,
    "th": _CELL | {"scope"},
    "tr": {"align", "valign", "bgcolor"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "blockquote": set(),
}
_GONE = frozenset(
    {
        "script",
        "style",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "noscript",
        "template",
        "title",
        "head",
        "select",
        "textarea",
        "audio",
        "video",
        "canvas",
        "applet",
        "frameset",
        "xml",
    }
)
_IMAGE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
_REMOTE = re.compile(r' src="(?=https?:)', re.IGNORECASE)
_PART = re.compile(r' src="cid:', re.IGNORECASE)


def clean_html(html: str) -> str:
    """Markup without anything that runs, loads, submits or styles: text, tables, links and places for images.

    An image of the mail itself has `data-cid` with its Content-ID, a remote one `data-remote` with its address: neither
    has `src`, so nothing is fetched until somebody puts it there. Links go to http and https only; mailto is taken off.
    """
    return _IMAGE.sub(lambda image: _PART.sub(' data-cid="', _REMOTE.sub(' data-remote="', image[0])), _nh3(html))


def _nh3(html: str) -> str:
    return nh3.clean(
        bounded(html),
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept_value,
        url_schemes={"http", "https", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _kept_value(tag: str, attribute: str, value: str) -> str | None:
    """An address is absolute and fits its tag: cid in images, the web in both."""
    if attribute == "src":
        return value.strip() if re.match(r"\s*(?:https?://|cid:)", value, re.IGNORECASE) else None
    if attribute == "href":
        return value.strip() if re.match(r"\s*https?://", value, re.IGNORECASE) else None
    return value


def text_of_html(html: str) -> str:
    """The words of an HTML mail, line by line; quotes begin with `> `, links are followed by their address."""
    return "\n".join(line.text for line in lines_of_html(html)).strip("\n")
