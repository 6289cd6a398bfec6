"""The header lines that Outlook and others put above a quoted mail: From, Sent, To, Subject, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = {
    "from": "from|de|von|da|van|från|fra|lähettäjä|od|от|від|от кого|від кого|发件人|寄件者|寄件人|差出人|送信者|送信元"
    "|보낸 사람|보낸사람|발신|kimden|gönderen|expéditeur|remitente|remetente|mittente|afzender|absender|nadawca"
    "|odesílatel|отправитель|відправник|feladó|από|de la|מאת|من|frá",
    "date": "sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|le|enviado|enviado el|enviado em|enviada em|enviada"
    "|fecha|data|inviato|data invio|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|pvm|wysłano|wysłane"
    "|data wysłania|odesláno|отправлено|дата|надіслано|відправлено|发送时间|发送日期|时间|日期|寄件日期|傳送日期"
    "|送信日時|送信日"
    "|日付|日時|보낸 날짜|보낸날짜|날짜|gönderilme|gönderildi|gönderme tarihi|tarih|küldve|dátum|trimis|dată|στάλθηκε"
    "|ημερομηνία|poslano|sent on|gesendet am|date/time|sent at",
    "to": "to|à|a|an|para|aan|till|til|vastaanottaja|do|komu|кому|收件人|收件者|宛先|받는 사람|받는사람|수신|kime|alıcı"
    "|címzett|destinataire|destinatario|destinatário|empfänger|către|προς|pro|geadresseerde|adresat|příjemce"
    "|получатель",
    "cc": "cc|kopie|copie|copia|cópia|kopio|kopia|dw|kopi|抄送|副本|참조|bilgi|копия|копія|bcc|másolat|k kopii",
    "subject": "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|otsikko|temat|předmět|тема|主题"
    "|主題|主旨|件名|제목|konu|tárgy|subiect|θέμα|predmet|sujet|betr|ogg|tema",
    "other": "reply-to|reply to|répondre à|beantwoorden - aan|importance|attachments|anlagen|antwort an|priority"
    "|responder a|risposta|rispondi a|organization|organisation|message-id|wichtigkeit|pièces jointes|importancia"
    "|prioridade|bijlagen|vastaa|svara till|svar til|ответить|категорія|важность|priorität|in-reply-to",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split("|")}
_FIELD = re.compile(r"[\s*_]{0,8}([^\s:：*_|][^:：*|]{0,24}?)[\s*_\xa0]{0,4}[:：]\**(?=(.?))")
_NO_START = frozenset({"", "other", "cc"})
_MAX_LINES = 25
_GAP = 2  # lines that a long list of recipients may go on for, or blank lines between fields


def role_of(line: str) -> str:
    """from, date, to, cc, subject or other, if the line may be such a header; else ''."""
    start = line[:80]
    if ":" not in start and "：" not in start:
        return ""
    match = _FIELD.match(start)
    if not match or match[2] == "/":  # https://
        return ""
    words = match[1].casefold().split()
    return _ROLES.get(" ".join(words)) or _ROLES.get("".join(words), "")  # 主　题 is 主题


def block_at(roles: Sequence[str], start: int) -> int:
    """Line after a block of headers that begins at `start`; `start` itself if none does. `roles`: of each line.

    A block has at least three kinds of header, one of them who wrote, and one when or about what.
    """
    if roles[start] in _NO_START:
        return start
    found = {roles[start]}
    end = start + 1
    for at in range(start + 1, min(len(roles), start + _MAX_LINES)):
        if roles[at]:
            found.add(roles[at])
            end = at + 1
        elif at - end >= _GAP:
            break
    if "from" in found and len(found) >= 3 and found & {"date", "subject"}:
        return end
    return start
