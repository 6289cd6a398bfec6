from django.urls import path

from tickets.views import returning, webhooks

app_name = "tickets"

return_urls = [
    path("return/", returning.words, name="return"),
    path("return/here/<slug:slug>/", returning.here, name="return-here"),
    path("return/code/", returning.code, name="return-code"),
    path("return/conversations/<str:ref>/", returning.room, name="return-room"),
    path("return/files/<slug:key>/", returning.file, name="return-file"),
    path("return/<str:token>/", returning.door, name="return-door"),
]

urlpatterns = [*return_urls, path("mail/webhooks/<slug:provider>/", webhooks.inbound, name="webhook")]
