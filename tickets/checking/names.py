"""What the names service says about the relay domain: whether others can reach it, and will believe its mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from accounts.sealing import unseal
from tickets.actions.names import ask as ask_names
from tickets.checking.findings import Finding, good, wrong
from tickets.composing.signing import dns_record
from tickets.models import MailSettings
from tickets.reading.authenticity import NoAnswer

# The default asks anew: what the desk remembers may be from before the record was published.
Lookup = Callable[[str, str], list[str]]  # (name, type) -> the records' texts; raises NoAnswer when nobody can say


def check_names(own: MailSettings, ask: Lookup = ask_names) -> Iterator[Finding]:
    """MX (RFC 5321), SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of the relay domain."""
    domain = own.relay_domain
    for check in (_mx, _spf, _dkim, _dmarc):
        try:
            yield check(domain, own, ask)
        except NoAnswer:
            about = check.__name__.removeprefix("_").upper()
            yield wrong(about, _("No name server answered. Is this machine connected?"))


def _mx(domain: str, own: MailSettings, ask: Lookup) -> Finding:
    if ask(domain, "MX"):
        return good("MX", _("Mail for %(domain)s has a server.") % {"domain": domain})
    return wrong("MX", _("No MX record for %(domain)s: answers reach nobody.") % {"domain": domain})


def _spf(domain: str, own: MailSettings, ask: Lookup) -> Finding:
    records = [each for each in ask(domain, "TXT") if each.lower().startswith("v=spf1")]
    if len(records) == 1:
        return good("SPF", _("The domain says which servers send for it."))
    if records:
        return wrong("SPF", _("There are several SPF records: others count them as none. Keep one."))
    words = _("No SPF record. Publish as TXT of %(domain)s: v=spf1 mx -all, with the servers you send by.")
    return wrong("SPF", words % {"domain": domain})


def _dkim(domain: str, own: MailSettings, ask: Lookup) -> Finding:
    key = unseal(own.dkim_key)
    if not key or not own.dkim_selector:
        return wrong("DKIM", _("There is no key yet: mails leave unsigned. Make one in the mail settings."))
    name, wanted = f"{own.dkim_selector}._domainkey.{domain}", _public_part(dns_record(key))
    published = [_public_part(each) for each in ask(name, "TXT")]
    if wanted in published:
        return good("DKIM", _("The published key is the one that signs."))
    if published:
        return wrong("DKIM", _("At %(name)s another key is published than the one that signs.") % {"name": name})
    return wrong("DKIM", _("Nothing is published at %(name)s. The record is in the mail settings.") % {"name": name})


def _dmarc(domain: str, own: MailSettings, ask: Lookup) -> Finding:
    for name in (f"_dmarc.{domain}", f"_dmarc.{domain.partition('.')[2]}"):
        if any(each.lower().startswith("v=dmarc1") for each in ask(name, "TXT")):
            return good("DMARC", _("The domain says what to do with forged mail."))
    words = _("No DMARC record. Publish as TXT of _dmarc.%(domain)s: v=DMARC1; p=quarantine")
    return wrong("DMARC", words % {"domain": domain})


def _public_part(record: str) -> str:
    """The p= of a key's record, without the spaces that some name servers put into it."""
    tags = (tag.partition("=") for tag in record.split(";"))
    return next(("".join(value.split()) for name, _is, value in tags if name.strip() == "p"), "")
