"""Tables of the hub itself; those of the dictionary are made in store/tables.py."""

from cordwainer.hub.models.accounts import Account, Attempt, SignInCode
from cordwainer.hub.models.changes import AuditEntry, Change, Head
from cordwainer.hub.models.consent import Consent
from cordwainer.hub.models.desk import Counter, Enquiry, Option, Part
from cordwainer.hub.models.floor import (
    Claim,
    ClaimWord,
    Document,
    Due,
    Handover,
    MilestoneDay,
    Payment,
    Progress,
    StoredFile,
)
from cordwainer.hub.models.gradings import GradingAnswer, GradingCorrection, GradingRevision, GradingRun
from cordwainer.hub.models.imports import Batch, Spelling
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.models.notices import Channel, Notice
from cordwainer.hub.models.runs import Aggregate, Median, Pay, Reason, Reply, Run
from cordwainer.hub.models.tokens import Deed, Token
from cordwainer.hub.store import tables as _tables

__all__ = [
    "Account",
    "Aggregate",
    "Attempt",
    "AuditEntry",
    "Batch",
    "Change",
    "Channel",
    "Claim",
    "ClaimWord",
    "Consent",
    "Counter",
    "Deed",
    "Document",
    "Due",
    "Enquiry",
    "GradingAnswer",
    "GradingCorrection",
    "GradingRevision",
    "GradingRun",
    "Handover",
    "Head",
    "Job",
    "Median",
    "MilestoneDay",
    "Notice",
    "Option",
    "Part",
    "Pay",
    "Payment",
    "Progress",
    "Reason",
    "Reply",
    "Run",
    "SignInCode",
    "Spelling",
    "StoredFile",
    "Token",
]

DICTIONARY = _tables.MODELS
