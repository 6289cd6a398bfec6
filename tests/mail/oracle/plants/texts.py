"""Header fields, bodies in every encoding, and the spellings of an address."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from urllib.parse import quote

from tests.mail.oracle.plants.build import Plant, by_hand, plain, sealed

HEADERS = ("From", "Reply-To", "Cc", "Sender", "Return-Path", "Errors-To", "Resent-From", "X-Google-Original-From",
           "Delivered-To", "Autocrypt", "Disposition-Notification-To", "List-Unsubscribe", "References")  # fmt: skip
TOP = "From: a@relay.test\nTo: b@relay.test\nSubject: x\nMIME-Version: 1.0\n"


def header(name: str) -> Plant:
    def planted(address: str) -> bytes:
        return f"{name}: <{address}>\r\n".encode() + sealed(plain())

    return planted


def encoded_word(way: str) -> Plant:
    def planted(address: str) -> bytes:
        word = (
            base64.b64encode(address.encode()).decode()
            if way == "b"
            else address.replace(".", "=2E").replace("@", "=40")
        )
        return by_hand(f"From: =?utf-8?{way}?{word}?= <a@relay.test>\nSubject: x", b"Hello")

    return planted


def split_word(address: str) -> bytes:
    half = len(address) // 2
    return by_hand(
        f"From: a@relay.test\nSubject: =?utf-8?q?{address[:half]}?=\n =?utf-8?q?{address[half:]}?=", b"Hello"
    )


def folded_header(address: str) -> bytes:
    return by_hand(f"From: a@relay.test\nReferences: <x@relay.test>\n <{address}>", b"Hello")


def parameter(address: str) -> bytes:
    half = len(address) // 2
    first, second = quote(address[:half], safe=""), quote(address[half:], safe="")
    lines = f"Content-Type: text/plain;\n name*0*=utf-8''{first};\n name*1*={second}"
    return by_hand(TOP + lines, b"Hello")


def disposition(address: str) -> bytes:
    return by_hand(TOP + f'Content-Type: text/plain\nContent-Disposition: attachment; filename="{address}.pdf"', b"x")


CODED: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.encodebytes,
    "quoted-printable": quopri.encodestring,
    "8bit": bytes,
}


def body(charset: str, transfer: str) -> Plant:
    def planted(address: str) -> bytes:
        data = f"write to {address} please".encode(charset)
        lines = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {transfer}"
        return by_hand(TOP + lines, CODED[transfer](data))

    return planted


def soft_break(address: str) -> bytes:
    half = len(address) // 2
    text = f"write to {address[:half]}=\r\n{address[half:]}".encode()
    return by_hand(TOP + "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable", text)


def soft_break_left_over(address: str) -> bytes:
    """The same in a part that doesn't say so."""
    half = len(address) // 2
    return by_hand(TOP + "Content-Type: text/plain", f"write to {address[:half]}=\r\n{address[half:]}".encode())


def preamble(address: str) -> bytes:
    lines = 'Content-Type: multipart/mixed; boundary="b"'
    return by_hand(TOP + lines, f"{address}\r\n--b\r\n\r\nHello\r\n--b--\r\n".encode())


def second_text(address: str) -> bytes:
    lines = 'Content-Type: multipart/mixed; boundary="b"'
    return by_hand(TOP + lines, f"--b\r\n\r\nHello\r\n--b\r\n\r\n{address}\r\n--b--\r\n".encode())


def text(spelling: str) -> Plant:
    """`{local}`, `{host}` and `{address}` stand for themselves."""

    def planted(address: str) -> bytes:
        local, host = address.split("@")
        said = spelling.format(local=local, host=host, address=address)
        return by_hand(TOP + "Content-Type: text/plain; charset=utf-8", said.encode())

    return planted


def html(spelling: str) -> Plant:
    def planted(address: str) -> bytes:
        local, host = address.split("@")
        said = f"<html><body>{spelling.format(local=local, host=host, address=address)}</body></html>"
        return by_hand(TOP + "Content-Type: text/html; charset=utf-8", said.encode())

    return planted


SPELLED = {
    "percent": "{local}%40{host}",
    "percent twice": "{local}%2540{host}",
    "at in words": "{local} at {host}",
    "at in brackets": "{local}(at){host}",
    "at in square brackets": "{local} [at] {host}",
    "spaces": "{local} @ {host}",
    "a zero-width joiner": "{local}\u200d@{host}",
    "a soft hyphen": "{local}@\u00ad{host}",
    "a wide at": "{local}＠{host}",
    "a tag behind a plus": "{local}+desk@{host}",
    "JSON": '"{local}\\u0040{host}"',
    "a quote over two lines": "> {local}@\r\n> {host}",
    "a mail address alone": "x {local}@ y",
    "the domain alone": "at {host}.",
    "a host below it": "from mail.{host} by",
    "UTF-7": "{local}+AEA-{host}",
}
MARKED_UP = {
    "an entity": "{local}&#64;{host}",
    "a hexadecimal entity": "{local}&#x40;{host}",
    "a named entity": "{local}&commat;{host}",
    "tags between": "{local}<b></b>@{host}",
    "a comment between": "{local}<!-- x -->@{host}",
    "a comment": "<!-- {address} -->",
    "a mailto": '<a href="mailto:{address}">me</a>',
    "a query": '<img src="http://x.test/?u={local}%40{host}">',
    "alt": '<img alt="{address}">',
    "a hidden preheader": '<div style="display:none">{address}</div>',
    "a style": "<style>a::after {{ content: '{local}\\40 {host}' }}</style>",
    "a script": "<script>x='{local}\\x40{host}'</script>",
}
PLANTS: dict[str, Plant] = {
    **{f"header {name}": header(name) for name in HEADERS},
    "an encoded word b": encoded_word("b"),
    "an encoded word q": encoded_word("q"),
    "an encoded word in two": split_word,
    "a folded header": folded_header,
    "a parameter in pieces": parameter,
    "a file's name": disposition,
    "base64": body("utf-8", "base64"),
    "quoted-printable": body("utf-8", "quoted-printable"),
    "utf-16": body("utf-16", "base64"),
    "utf-16 without a mark": body("utf-16-le", "base64"),
    "utf-32": body("utf-32", "base64"),
    "utf-7": body("utf-7", "8bit"),
    "an EBCDIC page": body("cp500", "base64"),
    "a soft break": soft_break,
    "a soft break left over": soft_break_left_over,
    "the preamble": preamble,
    "a second text": second_text,
    **{f"text: {name}": text(spelling) for name, spelling in SPELLED.items()},
    **{f"HTML: {name}": html(spelling) for name, spelling in MARKED_UP.items()},
}
