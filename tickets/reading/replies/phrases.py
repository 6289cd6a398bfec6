"""What mail programs write around a quoted mail and below a text, in the languages they speak."""

from __future__ import annotations

import re

_ORIGINAL = (
    "original message|original e-?mail|reply message|ursprüngliche (?:nachricht|mail|e-mail|mitteilung)"
    "|original-?nachricht|(?:message|e-?mail) d['’]origine|message original|message initial|mail original"
    "|mensaje original|mensagem original|messaggio originale|oorspronkelijke? (?:bericht|e-?mail)"
    "|origineel bericht|originalmeddelande|ursprungligt meddelande|oprindelig meddelelse|original besked"
    "|original meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość"
    "|původní zpráva|původní e-mail|исходное сообщение|оригинальное сообщение|вихідне повідомлення"
    "|оригінальне повідомлення|початкове повідомлення|原始邮件|原始郵件|原始信件|邮件原件|元のメッセージ"
    "|원본 ?메시지|원본 ?메일|özgün ileti|orijinal mesaj|orijinal ileti|eredeti üzenet|αρχικό μήνυμα"
    "|mesajul original|pôvodná správa"
)
_FORWARDED = (
    "forwarded (?:message|mail|e-?mail)|forwarded by|begin forwarded message|weitergeleitete (?:nachricht|mail)"
    "|anfang der weitergeleiteten (?:nachricht|e-?mail)|message transféré"
    "|début du message (?:transféré|réexpédié)|mensaje reenviado|inicio del mensaje reenviado"
    "|mensagem (?:re)?encaminhada|início da mensagem (?:re)?encaminhada|messaggio inoltrato"
    "|inizio (?:del )?messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht"
    "|vidarebefordrat meddelande|vidarebefordrat (?:brev|mejl) börjar"
    "|videresendt (?:meddelelse|melding|besked|e-post)|start på videresendt (?:besked|e-mail)"
    "|videresendt melding begynner|välitetty viesti|edelleen ?lähetetty viesti|(?:alkaa )?välitetty viesti alkaa"
    "|przekazana wiadomość|wiadomość przekazana dalej|początek przekazywanej wiadomości"
    "|treść przekazanej wiadomości|přeposlaná zpráva|začátek přeposílané zprávy|пересылаемое сообщение"
    "|пересланное сообщение|перенаправленное сообщение|начало переадресованного сообщения|переслане повідомлення"
    "|початок листа, який пересилається|转发的邮件|转发邮件信息|转发邮件|轉寄的?郵件|轉寄訊息|以下是转发的邮件"
    "|开始转发的邮件|転送された?メッセージ|転送メール|전달된 메[시세]지|전달된 메일|iletilen (?:mesaj|ileti)"
    "|yönlendirilmiş ileti|yönlendirilen ileti"
)
_RULE_SIGNS = " \t*-_=—–─‐‑−\xa0"
_ORIGINAL_WORDS = re.compile(rf"(?:{_ORIGINAL})(?=[ \t*]{{0,3}}(?:[-_=*—–─‐‑−:]|$))", re.IGNORECASE)
_FORWARDED_WORDS = re.compile(rf"(?:{_FORWARDED})", re.IGNORECASE)
_REPLY_ABOVE = re.compile(
    r"#*[ -]*(?:please )?(?:type|write|reply|enter)?(?: your)?(?: reply| response)? ?above this line\b[^a-z]*$",
    re.IGNORECASE,
)
_RULE_BEGINS = frozenset(sign * 2 for sign in "-_=—–─‐‑−")
_FORWARD_SUBJECT = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|res?env|i|vs|vb|doorst|pd|fs|ilt|илт|转发|轉寄|fyi)\s*[:：]", re.IGNORECASE
)

_DEVICE = re.compile(
    r"(?<![a-z])(?:i-?phone|i-?pad|android|samsung|galaxy|huawei|xiaomi|nokia|blackberry|windows phone|windows mail"
    r"|mail for windows|windows ?10|lumia|xperia|sony|pixel|motorola|smart ?phone|mobil|telefoon|telefon|téléphone"
    r"|celular"
    r"|móvil|handy|cellulare|tablet|outlook|yahoo|gmail|airmail|k-9|thunderbird|mailbird|proton ?mail|mailbox|aol"
    r"|aqua ?mail|bluemail|zoho|superhuman|cloudmagic|newton|apple mail|phone|t-mobile|verizon)|手机|手機|ios|ti-8"
    # what is mine: who writes so speaks of the thing in the hand
    r"|\b(?:my|mon|ma|meinem|meiner|mi|meu|minha|mio|mia|mijn|min|mitt|mit|mého"
    r"|mojego|moje[jm]|моего|моєго|мого|我的|나의)\b",
    re.IGNORECASE,
)
_SENT = (
    r"sent (?:from|via|with|by|using) .{2,80}",
    r"from my .{1,20}",
    r"\w+ from mobile",
    r"(?:get|download) outlook for .{2,40}",
    r"envoyé (?:de(?:puis)?|à partir de|avec|par|via|d[’']un) .{2,60}",
    r"(?:télécharge[rz]|obtenir|obtenez) outlook pour .{2,40}",
    r"(?:von|aus|mit) .{2,60} gesendet",
    r"gesendet (?:von|mit|aus|über) .{2,60}",
    r"diese nachricht wurde von .{2,80} gesendet",
    r"(?:hole|holen|laden) sie(?: sich)? outlook für .{2,40}|outlook für .{2,20} (?:beziehen|herunterladen)",
    r"enviad[oa] (?:desde|do|da|de|del|con|com|a partir d[eo]|pelo|a través de) .{2,60}",
    r"(?:obtener|obtén|obter o|descargar|baixar o?) ?outlook (?:para|for) .{2,40}",
    r"inviato (?:da|dal|con|tramite) .{2,60}",
    r"(?:scarica|ottieni) outlook per .{2,40}",
    r"(?:verzonden|verstuurd|gestuurd) (?:met|vanaf|vanuit|via|van) .{2,60}",
    r"outlook voor .{2,20} downloaden|download outlook voor .{2,40}",
    r"(?:skickat|skickades|sänt) (?:från|med|via) .{2,60}|från min .{2,40}",
    r"sendt (?:fra|med|via) .{2,60}|(?:hent|få|hämta|skaffa) outlook (?:til|for|för) .{2,40}",
    r"lähetetty .{2,60}|hanki outlook .{2,40}",
    r"wysłan[eoay] (?:z|ze|za pomocą|przy użyciu) .{2,60}|pobierz outlook(?:a)? .{2,40}",
    r"odesl(?:áno|ané?) (?:z|ze|pomocí) .{2,60}|získat outlook .{2,40}",
    r"отправлен[оа] (?:с|со|из|через) .{2,60}|(?:скачать|получить) outlook .{2,40}",
    r"(?:надіслано|відправлено|надісланий) (?:з|із|зі|через) .{2,60}|отримати outlook .{2,40}",
    r"(?:发自|來自|来自|傳送自|发送自).{1,40}|(?:從|从|由).{1,40}(?:傳送|发送|发出|寄出)|获取 ?outlook.{0,40}",
    r".{1,40}から送信(?:されました)?|outlook .{2,20}を入手(?:する)?",
    r".{1,40}에서 (?:보냄|전송됨|보낸 메일입니다)|outlook .{2,20} 다운로드",
    r".{1,50}(?:dan|den|tan|ten) gönderildi|.{1,40} (?:için|ile) (?:outlook.{0,20}|gönderildi)",
)
_FIRST = (
    "sent|from|get|download|envoyé|envoyée|télécharger|téléchargez|obtenir|obtenez|von|aus|mit|gesendet|diese|hole"
    "|holen|laden|outlook|enviado|enviada|obtener|obtén|obter|descargar|baixar|inviato|scarica|ottieni|verzonden|verstuurd"
    "|gestuurd|skickat|skickades|sänt|från|sendt|hent|få|hämta|skaffa|lähetetty|hanki|wysłane|wysłano|wysłana|wysłany"
    "|pobierz|odesláno|odeslané|odeslaná|získat|отправлено|отправлена|скачать|получить|надіслано|надісланий|відправлено"
    "|отримати"
)
_FIRST_WORDS = frozenset(_FIRST.split("|"))
_EASTERN_SIGNS = ("发自", "來自", "来自", "傳送自", "发送自", "從", "从", "由", "获取")
_LAST_SIGNS = (
    "送信",
    "されました",
    "入手",
    "入手する",
    "보냄",
    "전송됨",
    "메일입니다",
    "다운로드",
    "gönderildi",
    "from mobile",
)
_SENT_LINE = re.compile(rf"(?:{'|'.join(_SENT)})", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]{1,80})\]\([^)]{1,300}\)|<https?://[^>\s]{1,300}>")
_FOOTER = re.compile(
    r"unsubscribe\b|mailing list\b|listinfo|you (?:have )?received? this (?:message|e-?mail)|you are receiving this"
    r"|intended (?:only|solely)|intended recipient|reply to this e-?mail directly|consider the environment before"
    r"|(?:this|diese|ce|este|questo|dit) (?:e-?mail|message|nachricht|mensaje|correo|messaggio|bericht).{0,80}"
    r"(?:confiden|vertraulich|riservat|vertrouwelijk)",
    re.IGNORECASE,
)


def is_original_line(line: str) -> bool:
    """`-----Original Message-----` and its kin: an older mail stands below."""
    words = line.replace("&nbsp;", " ").strip(_RULE_SIGNS)
    if "above this line" in line:
        return bool(_REPLY_ABOVE.match(words))
    return _has_rule_before(line) and (words == "Original" or bool(_ORIGINAL_WORDS.match(words)))


def is_forwarded_line(line: str) -> bool:
    """`---------- Forwarded message ---------`, `Begin forwarded message:`: what stands below is meant to be read."""
    words = line.strip(_RULE_SIGNS)
    if _has_rule_before(line):
        return bool(_FORWARDED_WORDS.match(words))
    return words.endswith((":", "：")) and bool(_FORWARDED_WORDS.fullmatch(words.rstrip(":：" + _RULE_SIGNS)))


def _has_rule_before(line: str) -> bool:
    return line.lstrip(" \t*\xa0")[:2] in _RULE_BEGINS


def is_forward_subject(subject: str) -> bool:
    return bool(_FORWARD_SUBJECT.match(subject[:40]))


def is_sent_from(line: str, *, at_end: bool) -> bool:
    """`Sent from my iPhone`; at the end of a text also what names no known device (`Sent from a train`)."""
    plain = line.strip(" \t()<>[]*_.!\xa0")
    if not _may_be_sent_from(plain):
        return False
    plain = _LINK.sub(lambda link: link[1] or "", line).strip(" \t()<>[]*_.!\xa0")
    if not _SENT_LINE.fullmatch(plain):
        return False
    return bool(_DEVICE.search(plain)) or (at_end and len(plain) < 50 and not re.search(r"\d", plain))


def _may_be_sent_from(plain: str) -> bool:
    if len(plain) > 400 or not plain:
        return False
    return (
        plain.split(None, 1)[0].lower() in _FIRST_WORDS
        or plain.startswith(_EASTERN_SIGNS)
        or plain.lower().endswith(_LAST_SIGNS)
    )


def is_unsubscribe_line(line: str) -> bool:
    return line[:12].lower() == "unsubscribe:" and ("@" in line or "http" in line)


def is_footer(line: str) -> bool:
    """A line that lists, companies and providers put below every mail."""
    return bool(_FOOTER.search(line[:1000]))
