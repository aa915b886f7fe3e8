"""账本的表 models: one file a subject."""

from jinpai.book.models.appeal import Appeal, AppealDecision
from jinpai.book.models.coaching import CoachingEnd, CoachingPlan
from jinpai.book.models.deed import Deed
from jinpai.book.models.invitation import Invitation, InvitationEnd
from jinpai.book.models.job import Job
from jinpai.book.models.person import Membership, Person
from jinpai.book.models.review import ReviewTask
from jinpai.book.models.second_factor import RecoveryCode, SecondFactor, UsedCode
from jinpai.book.models.verdict import Verdict

__all__ = [
    "Appeal",
    "AppealDecision",
    "CoachingEnd",
    "CoachingPlan",
    "Deed",
    "Invitation",
    "InvitationEnd",
    "Job",
    "Membership",
    "Person",
    "RecoveryCode",
    "ReviewTask",
    "SecondFactor",
    "UsedCode",
    "Verdict",
]
