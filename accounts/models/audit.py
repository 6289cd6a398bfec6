from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what, on what, from where and when. Written by `accounts.audit.record`; the database refuses changes.

    It names people and things by number and by the name they had: no foreign key, so that nothing which is deleted
    later has to touch these rows.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor_id = models.BigIntegerField(_("number of the person"), null=True)
    actor_name = models.CharField(_("person"), max_length=254, blank=True)
    action = models.CharField(_("action"), max_length=32)
    object_type = models.CharField(_("kind of object"), max_length=64, blank=True)
    object_id = models.CharField(_("number of the object"), max_length=64, blank=True)
    object_name = models.CharField(_("object"), max_length=254, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["action", "-id"], name="audit_by_action"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_by_object"),
            models.Index(fields=["address", "-id"], name="audit_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_name}".strip()
