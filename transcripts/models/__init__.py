from transcripts.models.bucket import Bucket
from transcripts.models.check import BrokenChain, CheckRound
from transcripts.models.data_key import DataKey
from transcripts.models.delivery import Delivery, Shipment
from transcripts.models.export import Export, ExportItem, ExportPart, ExportRules, ExportState, ExportWarning, Profile
from transcripts.models.head import HeadPost as HeadPost
from transcripts.models.head import LogHead as LogHead
from transcripts.models.head import LogKey as LogKey
from transcripts.models.head import LogSettings as LogSettings
from transcripts.models.hold import AFTER_RELEASE, HoldMatch, LegalHold
from transcripts.models.locked_copy import LockedCopy, LockedRules, LockMode
from transcripts.models.log import LogLeaf as LogLeaf
from transcripts.models.log import LogNode as LogNode
from transcripts.models.log import LogState as LogState
from transcripts.models.matter import Matter, Purpose
from transcripts.models.record import NOTHING_BEFORE, Chain, Record
from transcripts.models.redaction import Redaction, RedactionReason, RedactionUse
from transcripts.models.request import RequestIdentity, RequestItem, RequestRules, SubjectRequest
from transcripts.models.retention import Disposition as Disposition
from transcripts.models.retention import KeptByHand as KeptByHand
from transcripts.models.retention import Proposal as Proposal
from transcripts.models.retention import RetentionClock as RetentionClock
from transcripts.models.retention import RetentionMail as RetentionMail
from transcripts.models.retention import RetentionPolicy as RetentionPolicy
from transcripts.models.retention import RetentionRun as RetentionRun
from transcripts.models.retention import Tombstone as Tombstone
from transcripts.models.rule import Form, TranscriptRule
from transcripts.models.search import AskedSearch, SavedSearch

__all__ = [
    "AFTER_RELEASE",
    "NOTHING_BEFORE",
    "AskedSearch",
    "BrokenChain",
    "Bucket",
    "Chain",
    "CheckRound",
    "DataKey",
    "Delivery",
    "Export",
    "ExportItem",
    "ExportPart",
    "ExportRules",
    "ExportState",
    "ExportWarning",
    "Form",
    "HoldMatch",
    "LegalHold",
    "LockMode",
    "LockedCopy",
    "LockedRules",
    "Matter",
    "Profile",
    "Purpose",
    "Record",
    "Redaction",
    "RedactionReason",
    "RedactionUse",
    "RequestIdentity",
    "RequestItem",
    "RequestRules",
    "SavedSearch",
    "Shipment",
    "SubjectRequest",
    "TranscriptRule",
]
