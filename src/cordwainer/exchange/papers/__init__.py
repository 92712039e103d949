"""Papers of the trade: what stands on them as data, set in type as PDF, the same bytes for the same data."""

from cordwainer.exchange.papers.capitals import in_capitals
from cordwainer.exchange.papers.paper import Paper, PaperTable, Party
from cordwainer.exchange.papers.square import square_svg
from cordwainer.exchange.papers.typesetter import typeset

__all__ = ["Paper", "PaperTable", "Party", "in_capitals", "square_svg", "typeset"]
