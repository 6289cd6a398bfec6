from transcripts.admin.proof import LogSettingsAdmin as LogSettingsAdmin
