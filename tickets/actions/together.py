"""Several first mails in one transaction: each costs a savepoint instead of a flush of the disk.

None of them concerns another: each begins a conversation, and no two are from one sender.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import override

from routing.locks import deciding
from tickets.actions.delivering import Delivery, Entered, enter
from tickets.models import IncomingMail

MOST = 8  # nobody else decides meanwhile: some fifty milliseconds
LARGEST = 2_000_000  # bytes of a mail that is kept in memory until the others are read


class Together:
    """Deliveries that wait for one another."""

    def __init__(self) -> None:
        self._waiting: list[Delivery] = []
        self._senders: set[str] = set()

    def may_hold(self, mail: IncomingMail) -> bool:
        """Whether what waits leaves this mail untouched, whatever it is; else it has to be stored first."""
        return mail.sender_hash != "" and mail.sender_hash not in self._senders and len(self._waiting) < MOST

    def takes(self, delivery: Delivery) -> bool:
        """Whether it waits from now on."""
        mail = delivery.arrival.mail
        if not delivery.begins_anew or mail.size > LARGEST or not self.may_hold(mail):
            return False
        self._waiting.append(delivery)
        self._senders.add(mail.sender_hash)
        return True

    def store(self) -> tuple[list[Entered], list[int]]:
        """Store what waits; and the numbers of the mails that could not be: to be tried alone, each as it is then."""
        waiting, self._waiting, self._senders = self._waiting, [], set()
        entered: list[Entered] = []
        if waiting:
            try:
                with override(settings.LANGUAGE_CODE), deciding():
                    entered = [stored for each in waiting if (stored := _entered(each))]
            except (DatabaseError, OSError):
                entered = []
        return entered, _left_out(waiting, entered)


def _entered(delivery: Delivery) -> Entered | None:
    """Whatever is wrong with one, the others are stored; what it is shows when it is tried alone."""
    try:
        with transaction.atomic():
            return enter(delivery)
    except Exception:
        return None


def _left_out(waiting: Sequence[Delivery], entered: Sequence[Entered]) -> list[int]:
    done = {each.delivery.arrival.mail.pk for each in entered}
    return [each.arrival.mail.pk for each in waiting if each.arrival.mail.pk not in done]
