"""What reports say that are written for people alone: by their senders, subjects and sentences."""

from __future__ import annotations

import re

from tickets.reading.html import text_of_html
from tickets.reading.message import Message

LOOKED_AT = 20_000  # characters; what a server has to say comes first

_SENDERS = re.compile(
    r"mailer-?daemon|post-?master|mail-?daemon|mdaemon|daemon|mailer|smtp|root|system|uucp|admin(?:istrator)?"
    r"|mail-?(?:delivery|router|server|gateway|admin|system)\S*|mmdf|pmdf|bounces?|delivery|noreply",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|not\s+deliver|(?:non|un)-?deliver|deliver\w*\s+(?:status|fail|problem|error|report|delay|incomplete|notif)"
    r"|fail\w*\s+(?:notice|delivery|mail|to\s+deliver)|delivery\s+to\b.*\bfail|returned?\s+(?:mail|to\s+sender|message)"
    r"|mail\w*\s+(?:system\s+)?(?:error|fail|returned|delivery)|message\s+status|could\s*n.t\s+(?:be\s+)?(?:send|deliver)"
    r"|cannot\s+send|user\s+unknown|unknown\s+user|bounced?\b|warning:\s+(?:could\s+not|message)|delayed\b|rejected\b"
    r"|unzustellbar|nicht\s+zustellbar|zustell(?:ung|fehler|bericht|stat)|non\s+(?:remis|recapitable|distribu)"
    r"|[ée]chec\s+de|no\s+se\s+(?:puede|ha\s+podido)\s+entregar|mancata\s+consegna|non\s+recapit|onbestelbaar"
    r"|n[aã]o\s+(?:entregue|foi\s+poss[ií]vel)|доставк|недоставлен|не\s+доставлен|olevererbar|niedostarcz"
    r"|nie\s+dostarcz|nedoru[cč]|iletilemedi|配信|送信|退信|未送达|無法|투고|반송",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(r"\s*(?:re|aw|fwd?|wg|tr|rv|enc|i|vs|sv|doorst)\s*:", re.IGNORECASE)
_SAYS_SO = re.compile(
    r"could\s+not\s+(?:be\s+delivered|deliver)|(?:was|were)\s+not\s+(?:able\s+to\s+be\s+)?delivered"
    r"|(?:unable|not\s+able|wasn.t\s+able)\s+to\s+deliver"
    r"|undeliverable|permanent\s+(?:fatal\s+)?error|delivery\s+(?:has\s+)?fail|(?:fatal|transient)\s+(?:non-)?fatal\s+errors?"
    r"|had\s+(?:permanent|transient)|did\s+not\s+reach|cannot\s+be\s+delivered|couldn.t\s+be\s+delivered"
    r"|can.t\s+be\s+delivered|not\s+found\s+in\s+the|user\s+unknown|unknown\s+user|no\s+such\s+(?:user|address|recipient)"
    r"|(?:address|recipient|user|mailbox)\s+(?:does\s+not|doesn.t)\s+exist|(?:mailbox|recipient)\s+(?:unavailable|unknown|is\s+full)"
    r"|does\s+not\s+like\s+recipient|over\s*quota|quota\s+exceeded|retry\s+timeout\s+exceeded|all\s+relevant\s+mx"
    r"|konnte\s+nicht\s+zugestellt|n.a\s+pas\s+pu\s+[eê]tre|no\s+se\s+pudo\s+entregar|non\s+[eè]\s+stato\s+possibile",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"will\s+(?:be\s+retried|retry|continue\s+(?:to\s+)?try|keep\s+trying|try\s+again|still\s+try)|still\s+(?:being\s+tried|trying)"
    r"|not\s+(?:yet\s+)?been\s+delivered\s+yet|has\s+not\s+yet\s+been\s+delivered|no\s+action\s+is\s+required"
    r"|do\s+not\s+need\s+to\s+re-?send|warning\s+message\s+only|temporary\s+warning|delivery\s+(?:is\s+|has\s+been\s+)?delayed"
    r"|attempts?\s+(?:to\s+deliver\s+(?:the\s+message\s+)?)?will\s+continue|continue\s+trying",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"giving\s+up|given\s+up|have\s+expired|time(?:d)?[\s-]*out\s+exceeded|too\s+long|no\s+longer\s+be\s+(?:re)?tried"
    r"|retry\s+time(?:out)?|queue\s+too\s+long|could\s+not\s+be\s+delivered\s+for",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mailbox|inbox|account|disk)\s+(?:is\s+|size\s+)?(?:full|exceeded)|quota|insufficient\s+(?:disk|storage)", re.I
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:/-])([45]\d\d)(?=[ \-:)>\]]|$)(?:[ \-:]+[45]\.\d{1,3}\.\d{1,3})?", re.MULTILINE)
_BLAME = re.compile(
    r"spam|virus|malware|black-?list|block-?list|reputation|policy|policies|dmarc|\bspf\b|dkim|too\s+(?:large|big)"
    r"|content\s+(?:rejected|refused|filter)"
    r"|size\s+(?:limit|exceed)|rate\s+limit|too\s+many",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"^(?:[-=* ]*(?:this\s+is\s+a\s+copy|below\s+this\s+line|original\s+message|(?:included|enclosed)\s+is|forwarded).*"
    r"|(?:received|return-path|dkim-signature|from|mime-version):\s.*)$",
    re.IGNORECASE | re.MULTILINE,
)


def said(message: Message) -> str:
    """The report's own words: of the text, or else of the HTML."""
    return (message.text or text_of_html(message.html[: 10 * LOOKED_AT]))[:LOOKED_AT]


def own_words(text: str) -> str:
    """Without the mail that is quoted below."""
    found = _QUOTED.search(text)
    return text[: found.start()] if found and found.start() > 40 else text


def is_from_server(message: Message) -> bool:
    locals_ = [each.address.partition("@")[0] for each in message.senders]
    names = [each.name for each in message.senders]
    return any(_SENDERS.fullmatch(each) for each in locals_) or any("mail delivery" in each.lower() for each in names)


def is_about_delivery(subject: str) -> bool:
    """Whether a server would say so; who answers it or sends it on is a person."""
    return _PASSED_ON.match(subject) is None and _SUBJECT.search(subject[:300]) is not None


def says_so(text: str) -> bool:
    return _SAYS_SO.search(text) is not None


def status_in(text: str) -> str:
    """The first enhanced status code (RFC 3463), or empty."""
    found = _STATUS.search(text)
    return found[1] if found else ""


def code_in(text: str) -> int:
    """The first reply code of a refusal (RFC 5321), or 0."""
    found = _CODE.search(text)
    return int(found[1]) if found else 0


def is_delay(text: str) -> bool:
    """Whether it is only a warning, and the server goes on trying."""
    return _NOT_YET.search(text) is not None and _GIVEN_UP.search(text) is None


def is_full(text: str) -> bool:
    return _FULL.search(text) is not None


def blames_content(text: str) -> bool:
    """Whether what was sent, or who sent it, was the trouble and not whom it was sent to."""
    return _BLAME.search(text) is not None
