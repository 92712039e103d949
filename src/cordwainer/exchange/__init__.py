"""Clusters and plans in and out: CSV, Excel, Parquet, templates, workbooks for people."""

from cordwainer.exchange.assemble import ReadErrors
from cordwainer.exchange.marked import write_marked
from cordwainer.exchange.papers import Paper, PaperTable, Party, in_capitals, square_svg, typeset
from cordwainer.exchange.people import plan_for_people, view_for_people, views_for_people
from cordwainer.exchange.problems import problems_frame, write_problems
from cordwainer.exchange.reading import check_cluster, read_cluster, read_own, read_plan
from cordwainer.exchange.reading_result import Mark, PlanResult, ReadResult
from cordwainer.exchange.report import (
    PANEL_SIZE,
    VIEWS,
    Figure,
    LoadPanel,
    Section,
    Share,
    View,
    ViewColumn,
    bars_of,
    cell,
    column,
    curve_of,
    figures_of,
    heat_of,
    key_figures,
    line_view,
    load_view,
    order_view,
    outcome_shares,
    panels_of,
    plan_view,
    price_view,
    write_report,
    write_sections,
)
from cordwainer.exchange.respelt import Likeness, folded_name, respelt
from cordwainer.exchange.sources import FORMATS, Format, format_of
from cordwainer.exchange.template import write_template
from cordwainer.exchange.trial import Trial, tried
from cordwainer.exchange.upload import UPLOAD_LIMITS, Upload, read_upload
from cordwainer.exchange.view_file import write_view
from cordwainer.exchange.writing import refuse_place, write_cluster, write_plan

__all__ = [
    "FORMATS",
    "PANEL_SIZE",
    "UPLOAD_LIMITS",
    "VIEWS",
    "Figure",
    "Format",
    "Likeness",
    "LoadPanel",
    "Mark",
    "Paper",
    "PaperTable",
    "Party",
    "PlanResult",
    "ReadErrors",
    "ReadResult",
    "Section",
    "Share",
    "Trial",
    "Upload",
    "View",
    "ViewColumn",
    "bars_of",
    "cell",
    "check_cluster",
    "column",
    "curve_of",
    "figures_of",
    "folded_name",
    "format_of",
    "heat_of",
    "in_capitals",
    "key_figures",
    "line_view",
    "load_view",
    "order_view",
    "outcome_shares",
    "panels_of",
    "plan_for_people",
    "plan_view",
    "price_view",
    "problems_frame",
    "read_cluster",
    "read_own",
    "read_plan",
    "read_upload",
    "refuse_place",
    "respelt",
    "square_svg",
    "tried",
    "typeset",
    "view_for_people",
    "views_for_people",
    "write_cluster",
    "write_marked",
    "write_plan",
    "write_problems",
    "write_report",
    "write_sections",
    "write_template",
    "write_view",
]
