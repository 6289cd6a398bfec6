"""Puts the desk's own admin site behind `django.contrib.admin.site`."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "chatdesk.adminsite.DeskAdminSite"
