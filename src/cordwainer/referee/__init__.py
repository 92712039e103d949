"""The referee: certifies plans from tables alone, and shares no code with whoever made them."""

from cordwainer.referee.feasibility import GATES, RULES
from cordwainer.referee.judge import Judgement, Recomputed, judge, recompute

__all__ = ["GATES", "RULES", "Judgement", "Recomputed", "judge", "recompute"]
