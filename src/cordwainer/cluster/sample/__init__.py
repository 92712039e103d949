"""The Wenzhou sample: a cluster of any size shaped after published figures, all firms and orders invented."""

from cordwainer.cluster.sample.comparison import comparison
from cordwainer.cluster.sample.generate import SAMPLE_FIRST_DATE, sample
from cordwainer.cluster.sample.hardness import hardness
from cordwainer.cluster.sample.parameters import SampleSize

__all__ = ["SAMPLE_FIRST_DATE", "SampleSize", "comparison", "hardness", "sample"]
