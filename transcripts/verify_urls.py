"""The one page of this app that is for everybody."""

from django.urls import path

from transcripts.views import verify

urlpatterns = [path("", verify.page, name="verify")]
