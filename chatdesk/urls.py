from django.contrib import admin
from django.urls import include, path

from accounts.views.picture import picture
from chatdesk.actions.logos import LOGOS
from chatdesk.views import desk, files, visitor, widget
from chatdesk.views.doors import doors
from chatdesk.views.health import healthz, metrics_page, readyz
from chatdesk.views.help import help_page, help_person, help_topic
from chatdesk.views.reviews import coverage_page, review_page

live_urls = [
    path("chat/", visitor.page, name="chat-default"),
    path("chat/files/", files.visitor_upload, name="upload-default"),
    path("chat/<slug:slug>/", visitor.page, name="chat"),
    path("chat/<slug:slug>/files/", files.visitor_upload, name="upload"),
    path("buttons/<slug:slug>.json", widget.state, name="button-state"),
    path("buttons/<slug:slug>/known/", widget.known, name="button-known"),
    path("buttons/logo/<slug:key>/", picture, {"kept": LOGOS}, name="logo"),
    path("widget.js", widget.script, name="widget"),
    path("desk/", desk.page, name="desk"),
    path("desk/lists/<slug:tab>/", desk.conversation_list, name="desk-list"),
    path("desk/conversations/<str:ref>/", desk.conversation, name="desk-conversation"),
    path("desk/conversations/<str:ref>/entries/", desk.entries, name="desk-entries"),
    path("desk/conversations/<str:ref>/targets/", desk.targets, name="desk-targets"),
    path("desk/conversations/<str:ref>/contact/", desk.contact, name="desk-contact"),
    path("desk/conversations/<str:ref>/export/", desk.export, name="desk-export"),
    path("desk/conversations/<str:ref>/files/", files.desk_upload, name="desk-upload"),
]

urlpatterns = [
    path("", include((live_urls, "chatdesk"))),
    path("", doors, name="doors"),
    path("files/<slug:key>/", files.fetch, name="file"),
    path("transcripts/", include("transcripts.urls")),
    path("verify/", include("transcripts.verify_urls")),
    path("", include("tickets.urls")),
    path("help/", help_page, name="help"),
    path("help/<slug:person>/", help_person, name="help-person"),
    path("help/<slug:person>/<slug:key>/", help_topic, name="help-page"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("", include("accounts.urls")),  # before admin/: its doors of the same names lead there
    path("admin/coverage/", admin.site.admin_view(coverage_page), name="coverage"),
    path("admin/review/", admin.site.admin_view(review_page), name="review"),
    path("admin/", admin.site.urls),
]
