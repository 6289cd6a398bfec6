from transcripts.admin.exports import ExportRulesAdmin as ExportRulesAdmin
from transcripts.admin.proof import LogSettingsAdmin as LogSettingsAdmin
