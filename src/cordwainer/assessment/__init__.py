"""Grade the cluster: who is backward, who looks like whom, where the value is made."""

from cordwainer.assessment.backward import Finding, backward, backward_frame
from cordwainer.assessment.chain import Chain, chain, channels, movement, places_on_the_curve, smile
from cordwainer.assessment.definitions import Figure, figure_label, figures, indicator_label, indicators
from cordwainer.assessment.demand import empty_spaces, price_pressure
from cordwainer.assessment.evaluation import Evaluation, evaluate, evaluated, years_of
from cordwainer.assessment.exposure import Exposure, dependence
from cordwainer.assessment.facts import Facts, facts, facts_of
from cordwainer.assessment.firm_page import FirmPage, firm_page, shared
from cordwainer.assessment.lookalikes import homogeneity, neighbours, styles_of
from cordwainer.assessment.nodes import Node, nodes
from cordwainer.assessment.peers import NUMBERS, firm_numbers, peer_medians
from cordwainer.assessment.people import skills, skills_of_the_cluster, wage_pressure
from cordwainer.assessment.product import product
from cordwainer.assessment.reading import read_scheme, scheme_names, scheme_of, shipped_file
from cordwainer.assessment.report import PARTS, report_sections, trade_section
from cordwainer.assessment.resilience import Resilience, Shock, changed, resilience
from cordwainer.assessment.run import Answer, Change, Run, freeze
from cordwainer.assessment.run_acts import confirm, correct, decide, object_to, sign
from cordwainer.assessment.run_file import read_run, sealed, unsealed, write_run
from cordwainer.assessment.scheme import Scheme
from cordwainer.assessment.silhouettes import Pictures, pictures_of
from cordwainer.assessment.steps import StepUp, step_up
from cordwainer.assessment.structure import firm_sizes, location_quotients, size_distribution, sizes, structure, tail
from cordwainer.assessment.views import (
    OUTCOME_WORDS,
    backward_view,
    number_view,
    quotient_view,
    rule_view,
    size_view,
    step_view,
    structure_view,
)
from cordwainer.assessment.views_grades import (
    change_view,
    count_view,
    grade_view,
    objection_view,
    run_count_view,
    run_view,
)
from cordwainer.assessment.views_resilience import dependence_view, resilience_view
from cordwainer.assessment.views_trade import (
    channel_view,
    homogeneity_view,
    movement_view,
    neighbour_view,
    place_view,
    product_view,
    skill_view,
    smile_view,
    space_view,
    wage_view,
)

__all__ = [
    "NUMBERS",
    "OUTCOME_WORDS",
    "PARTS",
    "Answer",
    "Chain",
    "Change",
    "Evaluation",
    "Exposure",
    "Facts",
    "Figure",
    "Finding",
    "FirmPage",
    "Node",
    "Pictures",
    "Resilience",
    "Run",
    "Scheme",
    "Shock",
    "StepUp",
    "backward",
    "backward_frame",
    "backward_view",
    "chain",
    "change_view",
    "changed",
    "channel_view",
    "channels",
    "confirm",
    "correct",
    "count_view",
    "decide",
    "dependence",
    "dependence_view",
    "empty_spaces",
    "evaluate",
    "evaluated",
    "facts",
    "facts_of",
    "figure_label",
    "figures",
    "firm_numbers",
    "firm_page",
    "firm_sizes",
    "freeze",
    "grade_view",
    "homogeneity",
    "homogeneity_view",
    "indicator_label",
    "indicators",
    "location_quotients",
    "movement",
    "movement_view",
    "neighbour_view",
    "neighbours",
    "nodes",
    "number_view",
    "object_to",
    "objection_view",
    "peer_medians",
    "pictures_of",
    "place_view",
    "places_on_the_curve",
    "price_pressure",
    "product",
    "product_view",
    "quotient_view",
    "read_run",
    "read_scheme",
    "report_sections",
    "resilience",
    "resilience_view",
    "rule_view",
    "run_count_view",
    "run_view",
    "scheme_names",
    "scheme_of",
    "sealed",
    "shared",
    "shipped_file",
    "sign",
    "size_distribution",
    "size_view",
    "sizes",
    "skill_view",
    "skills",
    "skills_of_the_cluster",
    "smile",
    "smile_view",
    "space_view",
    "step_up",
    "step_view",
    "structure",
    "structure_view",
    "styles_of",
    "tail",
    "trade_section",
    "unsealed",
    "wage_pressure",
    "wage_view",
    "write_run",
    "years_of",
]
