from django.urls import path

from transcripts.views import matters, purpose, retention, search

app_name = "transcripts"

# One block for each tab: its own file of views, its own lines here.
urlpatterns = [
    path("", search.page, name="search"),
    path("purpose/", purpose.purpose, name="purpose"),
    path("matters/", matters.page, name="matters"),
    path("retention/", retention.page, name="retention"),
    path("retention/dry-run/", retention.dry_run, name="retention-dry-run"),
    path("retention/policies/new/", retention.policy, name="retention-new"),
    path("retention/policies/<int:number>/", retention.policy, name="retention-policy"),
    path("retention/policies/<int:number>/delete/", retention.policy_delete, name="retention-delete"),
    path("retention/proposals/<int:number>/", retention.decide, name="retention-decide"),
    path("retention/clock/", retention.confirm_clock, name="retention-clock"),
    path("retention/put-away/<int:number>/", retention.put_away, name="retention-put-away"),
    path("retention/certificate/", retention.certificate_csv, name="retention-certificate"),
]
