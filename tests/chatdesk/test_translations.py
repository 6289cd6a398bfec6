"""German says everything, Arabic everything a visitor sees; and what is committed is what people read."""

from __future__ import annotations

import ast
import gettext
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.test import Client
from django.utils.translation import deactivate, override
from django.utils.translation.template import templatize

from chatdesk.models import Button, Conversation, Entry, Kind
from chatdesk.views.visitor.texts import script_texts
from tests.factories import Cast, make_conversation, make_entry, make_present
from tests.sockets import ORIGIN, SocketClient, Sockets

ROOT = settings.BASE_DIR
LANGUAGES = ["de", "ar"]
BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|[‹›]|<[^>]+>")
LINE = re.compile(r'(?P<key>msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)? ?(?P<words>".*")')
VISITOR_DOORS = ["/chat/", "/chat/sales/", "/accounts/login/", "/accounts/password/reset/", "/", "/help/", "/nothing/"]


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The test client leaves the last page's language to whoever comes next on its thread."""
    yield
    deactivate()


@dataclass
class Message:
    """One entry of a .po file: its fields by keyword (msgid, msgstr, msgstr[0] ...) and its flags."""

    fields: dict[str, str] = field(default_factory=dict)
    flags: str = ""

    @property
    def key(self) -> str:
        """As gettext looks it up."""
        context = self.fields.get("msgctxt")
        return f"{context}\4{self.fields['msgid']}" if context else self.fields["msgid"]

    @property
    def sources(self) -> list[str]:
        return [self.fields[name] for name in ("msgid", "msgid_plural") if name in self.fields]

    @property
    def forms(self) -> list[str]:
        return [words for name, words in sorted(self.fields.items()) if name.startswith("msgstr")]


def catalogue(language: str) -> list[Message]:
    """The messages of a .po file, as GNU gettext's manual describes it; the header is the one without a msgid."""
    text = (folder(language) / "django.po").read_text(encoding="utf-8")
    return [message(block) for block in text.split("\n\n") if block.strip()]


def message(block: str) -> Message:
    found, key = Message(), ""
    for line in block.splitlines():
        part = LINE.fullmatch(line)
        if line.startswith("#,"):
            found.flags += line
        elif part:
            key = part["key"] or key
            found.fields[key] = found.fields.get(key, "") + ast.literal_eval(part["words"])
    return found


def folder(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES")


def compiled(language: str) -> gettext.GNUTranslations:
    with (folder(language) / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def compiled_words(language: str) -> dict[str, list[str]]:
    """What the .mo says, by what gettext looks up; plural forms in their order."""
    words: dict[str, list[str]] = {}
    for key, said in vars(compiled(language))["_catalog"].items():
        words.setdefault(key[0] if isinstance(key, tuple) else key, []).append(said)
    return {key: said for key, said in words.items() if key}


# --- the catalogues themselves ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_runs_is_what_was_translated(language: str) -> None:
    translated = {each.key: each.forms for each in catalogue(language)[1:] if all(each.forms)}
    assert compiled_words(language) == translated, f"run: msgfmt -o django.mo django.po, for {language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_guessed_or_left_over(language: str) -> None:
    text = (folder(language) / "django.po").read_text(encoding="utf-8")
    assert "fuzzy" not in text
    assert "\n#~" not in text
    assert "\n#:" not in text, "places in files change with every edit: leave them out"
    assert str(ROOT) not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_blank_is_filled_as_in_english(language: str) -> None:
    plurals = compiled(language).plural  # type: ignore[attr-defined]
    for each in catalogue(language)[1:]:
        wanted = {tuple(sorted(BLANK.findall(source))) for source in each.sources}
        for form, words in enumerate(each.forms):
            alone = len(each.forms) > 1 and [plurals(n) for n in range(200)].count(form) == 1  # says "one day" itself
            assert not words or tuple(sorted(BLANK.findall(words))) in wanted or alone, words


@pytest.mark.parametrize(("language", "forms"), [("de", 2), ("ar", 6)])
def test_plurals_have_every_form(language: str, forms: int) -> None:
    plural = [each for each in catalogue(language)[1:] if len(each.sources) == 2 and any(each.forms)]
    assert plural
    assert all(len(each.forms) == forms and all(each.forms) for each in plural)


def test_german_says_everything() -> None:
    assert [each.key for each in catalogue("de")[1:] if not all(each.forms)] == []


def test_the_catalogues_know_every_text_of_the_source() -> None:
    known = {each.key for each in catalogue("de")[1:]}
    asked = dict((*texts_of_python(), *texts_of_templates()))
    assert len(asked) > 500
    assert {key: place for key, place in asked.items() if key not in known} == {}, "see CONTRIBUTING.md, Messages"
    assert known - asked.keys() == set()


def product_files(pattern: str) -> Iterator[Path]:
    for app in ("accounts", "routing", "chatdesk", "transcripts", "tickets", "templates"):
        yield from sorted((ROOT / app).rglob(pattern))


def texts_of_python() -> Iterator[tuple[str, str]]:
    for path in product_files("*.py"):
        yield from texts_in(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def texts_in(source: str, place: str) -> Iterator[tuple[str, str]]:
    """Each text that a piece of Python marks for translation, with its context before it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if texts and node.func.id in ("pgettext", "npgettext"):
                yield f"{texts[0]}\4{texts[1]}", place
            elif texts and node.func.id in (
                "_",
                "gettext",
                "gettext_lazy",
                "gettext_noop",
                "ngettext",
                "ngettext_lazy",
            ):
                yield texts[0], place


def test_texts_are_marked_with_names_that_gettext_looks_for() -> None:
    """Under a name of our own, makemessages walks past a text, and so would the test above."""
    own = []
    for path in product_files("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                own += [(path.name, each.asname) for each in node.names if "gettext" in each.name and each.asname]
    assert len(own) > 100
    assert {(file, name) for file, name in own if name != "_"} == set()


def texts_of_templates() -> Iterator[tuple[str, str]]:
    calls = re.compile(r"\b(?:n?p?gettext|_)\((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^()'\"])*\)", re.S)
    for path in (*product_files("*.html"), *product_files("*.txt")):
        code = templatize(path.read_text(encoding="utf-8"))
        for call in calls.findall(re.sub(r"\bu'", "'", code)):
            yield from texts_in(call, str(path.relative_to(ROOT)))


def test_templates_hold_no_bare_words() -> None:
    """Words between tags that no translation can reach. Names of keys and of the product are the same everywhere."""
    own = {"chatdesk", "colM", "HTML", "JSON", "PDF", "SHA-256", "UTC", "Alt", "Esc", "Enter", "Shift", "·"}
    for path in product_files("*.html"):
        bare = set(re.sub(r"<[^>]*>", " ", without_tags(path)).split()) - own
        assert {word for word in bare if re.search(r"[A-Za-z]{3}", word)} == set(), path


def without_tags(path: Path) -> str:
    """The text of a template outside of everything that Django fills in or translates, and of the page's class."""
    kept, inside = [], False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            inside = token.contents.startswith(("blocktrans", "comment", "block body_class")) or (
                inside and not token.contents.startswith(("endblock", "endcomment"))
            )
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    return re.sub(r"<(script|style)\b.*?</\1>", "", "".join(kept), flags=re.S)


# --- what people are answered ---


def page(client: Client, address: str, language: str) -> str:
    """A page as somebody with this browser gets it, with its script's texts readable too."""
    answer = client.get(address, headers={"Accept-Language": language})
    text = answer.content.decode()
    return html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text))


@pytest.mark.parametrize(
    ("language", "opening", "words"),
    [
        ("de", '<html lang="de" dir="ltr">', "Gerade niemand da"),
        ("ar", '<html lang="ar" dir="rtl">', "لا أحد هنا الآن"),
        ("fr", '<html lang="en" dir="ltr">', "Nobody is here right now"),
    ],
)
def test_the_chat_page_speaks_the_visitors_language(
    client: Client, cast: Cast, language: str, opening: str, words: str
) -> None:
    text = page(client, "/chat/sales/", language)
    assert opening in text
    assert words in text


@pytest.mark.parametrize("address", VISITOR_DOORS)
def test_no_english_sentence_is_left_in_arabic(client: Client, cast: Cast, address: str) -> None:
    Button.objects.update(name_field="optional", email_field="required", typing_preview="preview")
    make_present(cast.alice)
    text = page(client, address, "ar")
    assert 'lang="ar" dir="rtl"' in text
    assert english_sentences(in_their_language(text)) == []


def in_their_language(text: str) -> str:
    """Without what is marked as English because it is only there in English: documents such as the help."""
    return re.sub(r'<(li|article) lang="en".*?</\1>', "", text, flags=re.S)


def english_sentences(text: str) -> list[str]:
    """Our own English texts of two words or more that a page holds; blanks stand for anything."""
    found = []
    for source in {source for each in catalogue("ar")[1:] for source in each.sources}:
        pieces = re.split(r"%\(\w+\)s|%d|\{\}", source)
        plain = ".{1,80}?".join(map(re.escape, pieces))
        if re.search(r"[A-Za-z]{2}\W+[A-Za-z]{2}", " ".join(pieces)) and re.search(rf"(?<!\w){plain}(?!\w)", text):
            found.append(source)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_has_every_text_in_the_visitors_language(language: str) -> None:
    english, theirs = texts_of_script("en"), texts_of_script(language)
    same = {name for name in english if theirs[name] == english[name]}
    assert same <= {"operator_of", "title_unread"}  # nothing but names in them


def texts_of_script(language: str) -> dict[str, str]:
    with override(language):
        return {name: str(words) for name, words in script_texts().items()}


def test_a_conversation_in_arabic_is_read_and_ended_in_arabic(client: Client, cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera)
    make_entry(conversation, body="مرحبا")
    client.cookies["chat"] = cast.vera.token
    text = page(client, "/chat/sales/", "ar")
    assert "مرحبا" in text
    assert english_sentences(text) == []


def test_the_button_says_its_state_in_the_host_pages_language(client: Client, cast: Cast) -> None:
    facts = client.get("/buttons/sales.json", headers={"Accept-Language": "ar"}).json()
    assert (facts["words"], facts["close"], facts["dir"]) == ("لا أحد هنا الآن", "إغلاق الدردشة", "rtl")


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "دقيقة واحدة"), (2, "دقيقتين"), (3, "3 دقائق"), (11, "11 دقيقة"), (100, "100 دقيقة")]
)
def test_arabic_counts_as_arabic_does(minutes: int, words: str) -> None:
    locked = next(each for each in catalogue("ar") if each.fields["msgid"].startswith("There were five wrong tries"))
    one, many = locked.sources
    said = compiled("ar").ngettext(one, many, minutes) % {"minutes": minutes}
    assert f"لمدة {words}،" in said


# --- sockets: a refusal is for one, an entry for all ---


async def visitor_speaking(sockets: Sockets, language: str) -> SocketClient:
    origin = [(b"host", b"127.0.0.1:8000"), (b"origin", ORIGIN.encode()), (b"accept-language", language.encode())]
    client = SocketClient("/ws/visitor/", origin)
    sockets._open.append(client)
    await client.connect()
    assert (await client.command("hello", v=1, button="sales"))["type"] == "ok"
    return client


async def begun(client: SocketClient) -> dict[str, Any]:
    return await client.command("conversation.start", client_id="v1", body="Guten Tag", fields={})


async def test_each_visitor_is_refused_in_their_own_language(cast: Cast, sockets: Sockets) -> None:
    await Button.objects.aupdate(name_field="required")
    german, arab, plain = [await visitor_speaking(sockets, code) for code in ("de-AT,en;q=0.5", "ar", "fr")]
    assert (await begun(german))["detail"] == "Bitte füllen Sie aus: Name."
    assert (await begun(arab))["detail"] == "يُرجى ملء: الاسم."
    assert (await begun(plain))["detail"] == "Please fill in: name."
    assert (await german.command("rating.post", score=1))["detail"].startswith("Dieser Befehl ist vorgesehen")


async def test_the_writer_words_a_refusal_for_the_one_who_waits(cast: Cast, sockets: Sockets) -> None:
    german = await visitor_speaking(sockets, "de")
    await begun(german)
    await german.command("conversation.close")
    refused = await german.command("entry.post", client_id="v2", body="Noch etwas")
    assert (refused["code"], refused["detail"]) == ("conversation.closed", "Dieses Gespräch ist beendet.")


async def test_what_is_recorded_is_in_the_desks_own_language(cast: Cast, sockets: Sockets) -> None:
    """One record is read by people of several languages; its words don't depend on who happened to act."""
    await sync_to_async(make_present)(cast.alice)
    german = await visitor_speaking(sockets, "de")
    ref = (await begun(german))["conversation"]
    await german.event("entry.posted", kind=Kind.JOIN, body="Alice joined the conversation.")
    await german.command("conversation.close")
    await german.event("entry.posted", kind=Kind.CLOSE, body="The visitor ended the conversation.")
    recorded = Entry.objects.filter(conversation__ref=ref).exclude(kind=Kind.MESSAGE)
    assert not [body async for body in recorded.values_list("body", flat=True) if "Gespräch" in body]


def test_a_form_sent_in_german_records_in_the_desks_own_language(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    client.post("/chat/sales/", {"body": "Guten Tag", "client_id": "f" * 36}, headers={"Accept-Language": "de"})
    joined = Entry.objects.get(conversation=Conversation.objects.get(), kind=Kind.JOIN)
    assert joined.body == "Alice joined the conversation."
