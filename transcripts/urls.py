from django.urls import path

from transcripts.views import exports, holds, log, matters, purpose, reading, readings, retention, search, volumes

app_name = "transcripts"

# One block for each tab: its own file of views, its own lines here.
urlpatterns = [
    path("", search.page, name="search"),
    path("found/<int:number>/", search.found, name="found"),
    path("purpose/", purpose.purpose, name="purpose"),
    path("conversations/<str:ref>/", reading.reading, name="reading"),
    path("files/<slug:key>/", reading.file, name="file"),
    path("readings/", readings.page, name="readings"),
    path("found/<int:number>/keep/", matters.keep, name="keep"),
    path("matters/", matters.page, name="matters"),
    path("holds/", holds.page, name="holds"),
    path("holds/new/", holds.place, name="hold-new"),
    path("holds/<int:number>/", holds.hold, name="hold"),
    path("holds/<int:number>/release/", holds.release, name="hold-release"),
    path("retention/", retention.page, name="retention"),
    path("retention/dry-run/", retention.dry_run, name="retention-dry-run"),
    path("retention/policies/new/", retention.policy, name="retention-new"),
    path("retention/policies/<int:number>/", retention.policy, name="retention-policy"),
    path("retention/policies/<int:number>/delete/", retention.policy_delete, name="retention-delete"),
    path("retention/proposals/<int:number>/", retention.decide, name="retention-decide"),
    path("retention/clock/", retention.confirm_clock, name="retention-clock"),
    path("retention/put-away/<int:number>/", retention.put_away, name="retention-put-away"),
    path("retention/certificate/", retention.certificate_csv, name="retention-certificate"),
    path("matters/<int:number>/", matters.matter, name="matter"),
    path("matters/<int:number>/change/", matters.change, name="matter-change"),
    path("searches/<int:number>/run/", matters.rerun, name="rerun"),
    path("searches/<int:number>/report/", matters.report, name="report"),
    path("exports/", exports.page, name="exports"),
    path("exports/<str:ref>/", exports.export, name="export"),
    path("exports/<str:ref>/progress/", exports.progress, name="export-progress"),
    path("exports/<str:ref>/act/", exports.act, name="export-act"),
    path("exports/<str:ref>/volumes/<int:number>/", volumes.volume, name="export-volume"),
    path("log/", log.page, name="log"),
    path("log/whole/", log.whole, name="log-whole"),
    path("log/key/", log.change_key, name="log-key"),
    path("log/heads/<int:number>/", log.head, name="log-head"),
    path("log/heads/<int:number>/again/", log.again, name="log-again"),
    path("log/<int:index>/proof/", log.proof, name="log-proof"),
]
