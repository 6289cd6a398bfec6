"""Card numbers, and what else is never stored, taken out of a mail before anything is made of it, and out of its bytes.

A mail is committed as it came before its sender is told that it was taken, and its signatures can only be checked while
it is whole: so it stands as it came until it is worked off, for moments, or as long as name servers do not answer.
"""

from __future__ import annotations

from accounts.rows import change
from chatdesk.hiding import hidden
from tickets.actions.arrival import HIDDEN, PROOF, WHY, Arrival
from tickets.composing.unkept import written_anew
from tickets.models import IncomingMail


def settle(arrival: Arrival) -> None:
    """Replace the bytes of a mail that held something, now that it is settled whose it is, and remember that with them.

    Safe to repeat.
    """
    mail = arrival.mail
    if not arrival.hidden or HIDDEN in mail.facts:
        return
    keeps_body = arrival.is_sealed or not arrival.message.is_readable
    raw = written_anew(arrival.message, arrival.raw, lambda text: hidden(text).text, keeps_body=keeps_body)
    facts = {**mail.facts, HIDDEN: sorted(arrival.hidden), PROOF: arrival.proof, WHY: arrival.why}
    change(IncomingMail, mail.pk, raw=raw, facts=facts)
    mail.raw, mail.facts = raw, facts
