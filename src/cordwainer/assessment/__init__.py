"""Grade the cluster: who is backward, who looks like whom, where the value is made."""

from cordwainer.assessment.definitions import figure_label, figures, indicator_label, indicators
from cordwainer.assessment.evaluation import Evaluation, evaluate, evaluated, years_of
from cordwainer.assessment.facts import Facts, facts, facts_of
from cordwainer.assessment.reading import read_scheme, scheme_names, scheme_of
from cordwainer.assessment.run import Answer, Change, Run, confirm, correct, decide, freeze, object_to, sign
from cordwainer.assessment.run_file import read_run, write_run
from cordwainer.assessment.scheme import Scheme
from cordwainer.assessment.steps import StepUp, step_up

__all__ = [
    "Answer",
    "Change",
    "Evaluation",
    "Facts",
    "Run",
    "Scheme",
    "StepUp",
    "confirm",
    "correct",
    "decide",
    "evaluate",
    "evaluated",
    "facts",
    "facts_of",
    "figure_label",
    "figures",
    "freeze",
    "indicator_label",
    "indicators",
    "object_to",
    "read_run",
    "read_scheme",
    "scheme_names",
    "scheme_of",
    "sign",
    "step_up",
    "write_run",
    "years_of",
]
