"""Ways in which people, programs and jokers write one address; made by chance, for tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

SECRET_LOCAL, SECRET_DOMAIN = "v.real", "home.test"
_UNSEEN = ("\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u034f")
_WIDE = {ord("a") + n: 0xFF41 + n for n in range(26)} | {ord("@"): 0xFF20, ord("."): 0xFF0E}
_ATS = (
    "@",
    "\uff20",
    "\ufe6b",
    "%40",
    "%2540",
    "&#64;",
    "&#064;",
    "&#x40;",
    "&commat;",
    "=40",
    "(at)",
    "[at]",
    " (AT) ",
)
_SPOKEN_ATS = (" @ ", " at ", "_at_", " {at} ", " <at> ", "@ ", " AT ")
_DOTS = (".", "\uff0e", "%2E", "&#46;", "=2E", "[dot]", "(.)")

Change = Callable[[str], str]


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """The protected address of the tests, in one of very many spellings."""
    local = draw(st.sampled_from(["v.real", "V.Real", "vreal", "v.real+shop", "V.REAL"]))
    at = draw(st.sampled_from(_ATS + _SPOKEN_ATS))
    domain = SECRET_DOMAIN.replace(".", draw(st.sampled_from(_DOTS)))
    plain = f"{local}{at}{draw(st.sampled_from([domain, domain.upper()]))}"
    return draw(st.sampled_from([_as_it_is, *map(_with, _UNSEEN), _wide, _tagged]))(plain)


def _as_it_is(text: str) -> str:
    return text


def _with(unseen: str) -> Change:
    """One invisible letter behind each other letter that is not part of a code."""
    return lambda text: text if set("%&=<") & set(text) else unseen.join(text)


def _wide(text: str) -> str:
    return text if set("%&=<") & set(text) else text.translate(_WIDE)


def _tagged(text: str) -> str:
    return f"{text[:1]}<b></b>{text[1:]}"


# What stands around an address must neither hide it nor be eaten.
surroundings = st.text(alphabet="abc ABC\u00e4\u4e2d,;:!?\n\"'()<>[]*_-.", max_size=12).filter(
    lambda text: "@" not in text
)
texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab.@%40&#;<>()[]{} \n\"'-_+=at\u200b\u00ad\uff20"), st.characters(blacklist_categories=["Cs"])
    ),
    max_size=200,
)
