from django.urls import path

from transcripts.views import matters, purpose, search

app_name = "transcripts"

# One block for each tab: its own file of views, its own lines here.
urlpatterns = [
    path("", search.page, name="search"),
    path("purpose/", purpose.purpose, name="purpose"),
    path("matters/", matters.page, name="matters"),
]
