"""Which page of the help belongs to which page of the settings."""

from __future__ import annotations

from django.urls import reverse

CONTENTS = "admin"
BY_MODEL = {
    "accounts.user": "admin/people",
    "accounts.usertype": "admin/user-types",
    "accounts.directory": "admin/directory",
    "accounts.auditentry": "compliance/audit-log",
    "routing.group": "admin/departments",
    "routing.hours": "admin/hours",
    "chatdesk.waitingrules": "admin/waiting",
    "chatdesk.button": "admin/buttons",
    "chatdesk.sitesettings": "admin/site",
    "chatdesk.sensitivepattern": "admin/site#what-is-never-stored",
    "tickets.mailsettings": "admin/mail",
    "tickets.forwardingaddress": "admin/mail#addresses-of-your-own",
    "tickets.mailpolicy": "admin/mail#what-is-hidden",
    "tickets.mailtemplate": "admin/mail#what-mails-say",
    "tickets.smtpaccount": "admin/mail#the-way-out",
    "tickets.imapaccount": "admin/mail#the-way-in",
    "tickets.incomingmail": "compliance/records",
    "tickets.outgoingmail": "compliance/records",
    "tickets.held": "supervisor/held",
    "tickets.tag": "admin/mail#tags",
    "transcripts.transcriptrule": "admin/mail#transcripts-at-the-end",
    "chatdesk.conversation": "compliance/records",
    "chatdesk.entry": "compliance/records#what-a-number-proves",
    "chatdesk.file": "compliance/records",
    "transcripts.logsettings": "compliance/records#what-a-number-proves",
    "transcripts.exportrules": "compliance/exports",
    "transcripts.requestrules": "compliance/requests",
    "transcripts.lockedrules": "compliance/locked",
    "transcripts.bucket": "compliance/locked#a-bucket",
    "transcripts.redactionreason": "compliance/redaction#reasons",
    "axes.accessattempt": "compliance/failed-sign-ins",
    "axes.accessfailurelog": "compliance/failed-sign-ins",
    "axes.accesslog": "compliance/failed-sign-ins",
}
# By the name of the address, without the site's own: pages for making one, and pages that show no single model.
BY_VIEW = {
    "index": "admin/begin",
    "coverage": "admin/coverage",
    "tickets_mailsettings_check": "admin/mail#try-everything",
    "review": "compliance/yearly-review",
    "accounts_user_add": "admin/people#add-a-person",
    "accounts_user_ask": "admin/why-cant-she-sign-in#ask-the-desk",
    "accounts_directory_add": "admin/directory#set-it-up",
    "accounts_directory_try": "admin/directory#try-it-out",
    "routing_hours_add": "admin/hours#a-set-of-hours",
    "routing_hours_import": "admin/hours#from-a-calendar",
    "routing_group_add": "admin/departments#make-one",
    "chatdesk_button_add": "admin/buttons#make-one",
}


def topic_url(view_name: str, model_label: str = "") -> str:
    """Where the Help link of a settings page leads: by the name of its address, else by its model (`app.model`)."""
    topic = BY_VIEW.get(view_name) or BY_MODEL.get(model_label)
    return page_url(topic) if topic else f"{reverse('help')}#{CONTENTS}"


def page_url(topic: str) -> str:
    """`admin/people#add-a-person` as an address."""
    path, hash_, key = topic.partition("#")
    return reverse("help-page", args=path.split("/")) + hash_ + key
