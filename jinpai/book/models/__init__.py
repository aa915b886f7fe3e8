"""账本的表 models: one file a subject."""

from jinpai.book.models.appeal import Appeal, AppealDecision
from jinpai.book.models.review import ReviewTask
from jinpai.book.models.verdict import Verdict

__all__ = ["Appeal", "AppealDecision", "ReviewTask", "Verdict"]
