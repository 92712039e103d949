"""Gradings as they were frozen, what firms answered, what was corrected, and who signed."""

from __future__ import annotations

from django.db import models


class GradingRun(models.Model):
    """A grading of a year by a scheme: ``scheme_file`` is the scheme's file, ``version`` that of the cluster when it was frozen.

    It is a trial until it is signed.
    """

    scheme = models.CharField(max_length=64)
    scheme_file = models.TextField()
    version = models.BigIntegerField()
    year = models.IntegerField()
    status = models.CharField(max_length=8)
    signed_by = models.CharField(max_length=100, blank=True)
    signed_on = models.DateField(null=True)


class GradingRevision(models.Model):
    """What a run says: the first as it was frozen, each later one after a correction; ``record`` is under a seal."""

    run = models.ForeignKey(GradingRun, on_delete=models.CASCADE)
    revision = models.IntegerField()
    account = models.BigIntegerField()
    record = models.JSONField()

    class Meta:
        """Numbered from 1."""

        constraints = (models.UniqueConstraint(fields=["run", "revision"], name="one_revision"),)


class GradingAnswer(models.Model):
    """A firm confirms its figures (no figure), or objects to one; ``why`` is what the office said when it decided."""

    run = models.ForeignKey(GradingRun, on_delete=models.CASCADE)
    unit = models.CharField(max_length=64)
    day = models.DateField()
    figure = models.CharField(max_length=64, null=True)
    claimed = models.FloatField(null=True)
    reason = models.TextField(null=True)
    decision = models.CharField(max_length=8)
    why = models.TextField(blank=True)
    account = models.BigIntegerField()


class GradingCorrection(models.Model):
    """A figure that an officer corrected, which made a revision."""

    run = models.ForeignKey(GradingRun, on_delete=models.CASCADE)
    revision = models.IntegerField()
    unit = models.CharField(max_length=64)
    figure = models.CharField(max_length=64)
    old = models.FloatField(null=True)
    new = models.FloatField(null=True)
    source = models.TextField()
    day = models.DateField()
    account = models.BigIntegerField()
