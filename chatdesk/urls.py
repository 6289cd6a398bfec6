from django.contrib import admin
from django.urls import include, path

from chatdesk.views.doors import doors
from chatdesk.views.health import healthz, metrics_page, readyz
from chatdesk.views.help import help_page

urlpatterns = [
    path("", doors, name="doors"),
    path("help/", help_page, name="help"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("", include("accounts.urls")),  # before admin/: its doors of the same names lead there
    path("admin/", admin.site.urls),
]
