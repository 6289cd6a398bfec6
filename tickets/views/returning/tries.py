"""How fast boxes may be tried: eight words are 88 bits, and this makes guessing them a matter of ages."""

from chatdesk.buckets import Buckets

openings = Buckets(10, 5)  # by network: by words, by link or by code
codes = Buckets(3, 1)  # by box: mails with a code
addresses = Buckets(3, 0.1)  # by conversation: each is told by a mail
copies = Buckets(30, 10)  # by conversation: each is set, and perhaps signed, when it is asked for
