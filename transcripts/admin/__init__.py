from transcripts.admin.buckets import BucketAdmin as BucketAdmin
from transcripts.admin.exports import ExportRulesAdmin as ExportRulesAdmin
from transcripts.admin.locked import LockedRulesAdmin as LockedRulesAdmin
from transcripts.admin.proof import LogSettingsAdmin as LogSettingsAdmin
from transcripts.admin.redaction import RedactionReasonAdmin as RedactionReasonAdmin
from transcripts.admin.requests import RequestRulesAdmin as RequestRulesAdmin
