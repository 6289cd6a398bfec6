"""What people ask about their own data: who, when, what was found of theirs, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from transcripts.models.export import Export
from transcripts.models.retention import Disposition


def person(words: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    """Somebody of the desk; nobody is deleted who is named here."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=words, on_delete=models.PROTECT, related_name="+", **options
    )


class SubjectRequest(models.Model):
    """One request of one person (GDPR, chapter III). Its number is its name: theirs stands in RequestIdentity alone."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("access: a copy of everything (Art. 15)")
        PORTABILITY = "portability", _("portability: a copy for machines (Art. 20)")
        ERASURE = "erasure", _("erasure (Art. 17)")
        RESTRICTION = "restriction", _("restriction (Art. 18)")

    class Through(models.TextChoices):
        CHAT = "chat", _("in a chat")
        MAIL = "mail", _("by e-mail")
        LETTER = "letter", _("by letter")
        PHONE = "phone", _("by telephone")
        PERSON = "person", _("in person")
        OTHER = "other", _("another way")

    class Proof(models.TextChoices):
        LINK = "link", _("they opened their own return link")
        MAIL = "mail", _("they answered from the address they gave")
        CALL = "call", _("they were called back on the number they gave")
        PAPER = "paper", _("they showed a paper, of which no copy was kept")
        KNOWN = "known", _("somebody of the desk knows them")
        OTHER = "other", _("another way, described in the note")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        PARTLY = "partly", _("done in part; the rest has to be kept for now")
        RESTRICTED = "restricted", _("restricted; it has to be kept for now")
        NOTHING = "nothing", _("nothing was found")
        UNKNOWN = "unknown", _("refused: who asked could not be told for sure")
        UNFOUNDED = "unfounded", _("refused: unfounded or excessive")
        WITHDRAWN = "withdrawn", _("withdrawn by who asked")

    kind = models.CharField(_("what is asked for"), max_length=11, choices=Kind)
    through = models.CharField(_("how it came"), max_length=6, choices=Through)
    received_on = models.DateField(_("received on"))
    words = models.CharField(_("in short"), max_length=300, blank=True, default="")
    taken_by = person(_("taken by"))
    taken_at = models.DateTimeField(default=timezone.now)

    due_on = models.DateField(_("due"))
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_by = person(_("extended by"), null=True, blank=True)
    extension = models.CharField(_("why it takes longer"), max_length=300, blank=True, default="")
    warned = models.PositiveSmallIntegerField(default=0)  # how many of requesting.clock.WARNINGS were given

    proof = models.CharField(_("how they were known"), max_length=6, choices=Proof, blank=True, default="")
    proof_note = models.CharField(_("note"), max_length=300, blank=True, default="")
    proven_by = person(_("checked by"), null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    scoped_by = person(_("scope confirmed by"), null=True, blank=True)
    scoped_at = models.DateTimeField(null=True, blank=True)
    export = models.ForeignKey(Export, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")

    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    answered_by = person(_("answered by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_through = models.CharField(max_length=6, choices=Through, blank=True, default="")
    refusal = models.CharField(_("why not"), max_length=300, blank=True, default="")
    forget_on = models.DateField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of people")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index("due_on", name="request_unanswered", condition=Q(answered_at=None)),
            models.Index("forget_on", name="request_to_forget", condition=Q(forgotten_at=None)),
        ]

    def __str__(self) -> str:
        return gettext("Request %(number)s") % {"number": self.pk}

    @property
    def audit_name(self) -> str:
        return f"request {self.pk}"

    @property
    def gives_copy(self) -> bool:
        return self.kind in (self.Kind.ACCESS, self.Kind.PORTABILITY)

    @property
    def stage(self) -> str:
        """The next thing to be done: identity, scope, work (copy, erase or restrict, then answer), or answered."""
        if self.answered_at is not None:
            return "answered"
        if self.proven_at is None:
            return "identity"
        return "work" if self.scoped_at else "scope"


class RequestIdentity(models.Model):
    """What the person goes by. Forgotten some time after the answer."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail address")
        PHONE = "phone", _("telephone number")
        VISITOR = "visitor", _("visitor number")
        NAME = "name", _("name")
        CONVERSATION = "ref", _("conversation")

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=7, choices=Kind)
    value = models.CharField(max_length=254)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["request", "kind", "value"], name="request_identity_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class RequestItem(models.Model):
    """A conversation that was found for a request, whether it is meant, and what became of it."""

    class State(models.TextChoices):
        FOUND = "found", _("found")
        ERASING = "erasing", _("being erased")
        ERASED = "erased", _("erased")
        RESTRICTED = "restricted", _("restricted")
        LIFTED = "lifted", _("no longer restricted")

    class Code(models.TextChoices):
        HOLD = "hold", _("needed for legal claims: Art. 17(3)(e)")
        DUTY = "duty", _("a duty to keep it: Art. 17(3)(b)")
        ACCURACY = "accuracy", _("its accuracy is contested: Art. 18(1)(a)")
        UNLAWFUL = "unlawful", _("unlawful, but not to be erased: Art. 18(1)(b)")
        NEEDED = "needed", _("the person needs it for legal claims: Art. 18(1)(c)")
        OBJECTION = "objection", _("an objection is being looked at: Art. 18(1)(d)")

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="items", db_index=False)
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="request_items")
    ref = models.CharField(max_length=22)
    found_by = models.JSONField(default=list)  # codes of requesting.looking
    is_certain = models.BooleanField(default=False)
    is_chosen = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True, default="")  # why somebody changed the tick
    state = models.CharField(max_length=10, choices=State, default=State.FOUND)
    code = models.CharField(max_length=9, choices=Code, blank=True, default="")
    review_on = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)  # when compliance was told that the day has come
    woken_at = models.DateTimeField(null=True, blank=True)  # nothing keeps it from being erased any more
    disposition = models.ForeignKey(Disposition, null=True, on_delete=models.PROTECT, related_name="request_items")

    class Meta:
        verbose_name = _("conversation of a request")
        verbose_name_plural = _("conversations of a request")
        ordering = ["-ref"]
        constraints = [models.UniqueConstraint(fields=["request", "ref"], name="request_item_once")]
        indexes = [
            models.Index(fields=["conversation"], name="request_restricts", condition=Q(state="restricted")),
            models.Index(fields=["state"], name="request_under_way", condition=Q(state__in=("erasing", "restricted"))),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.ref}"


class RequestRules(models.Model):
    """What holds for all requests. One row."""

    forget_days = models.PositiveSmallIntegerField(
        _("forget who asked after"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Days after the answer. Then names, addresses and notes of the request go; its number stays."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("look again after"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Days after which somebody is asked whether something restricted still has to be."),
    )

    class Meta:
        verbose_name = _("rules for requests")
        verbose_name_plural = _("rules for requests")

    def __str__(self) -> str:
        return str(_("Rules for requests"))

    @classmethod
    def load(cls) -> RequestRules:
        return cls.objects.get_or_create(pk=1)[0]
