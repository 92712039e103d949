"""Plans as they were run, and what is worked out from a plan once and then only shown."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """A plan of one version of the cluster; its tables carry the number of the run."""

    version = models.BigIntegerField()
    made_at = models.DateTimeField()
    note = models.TextField(blank=True)
    cluster_hash = models.CharField(max_length=64)
    certified = models.BooleanField(null=True)
    published_at = models.DateTimeField(null=True)


class Reason(models.Model):
    """Why an order of a run is late, outside or declined."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    order = models.CharField(max_length=64)
    en = models.TextField()
    zh = models.TextField()


class Pay(models.Model):
    """What the work of a lot's stage pays its maker at its ask, in fen."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    lot = models.CharField(max_length=64)
    stage = models.CharField(max_length=16)
    firm = models.CharField(max_length=64)
    fen = models.BigIntegerField()


class Aggregate(models.Model):
    """Load and mean price of an hour by stage, district and week as published; values are null where few contribute."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    stage = models.CharField(max_length=16)
    district = models.CharField(max_length=64)
    start_date = models.DateField()
    used = models.FloatField(null=True)
    price_mfen = models.FloatField(null=True)


class Median(models.Model):
    """A number of the cluster's firms at a stage as published: their median, null where few contribute."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    stage = models.CharField(max_length=16)
    number = models.CharField(max_length=16)
    value = models.FloatField(null=True)


class Reply(models.Model):
    """What a maker said to its part of a lot on offer."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    lot = models.CharField(max_length=64)
    firm = models.CharField(max_length=64)
    answer = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """A maker says one thing to a lot."""

        constraints = (models.UniqueConstraint(fields=["run", "lot", "firm"], name="one_reply"),)
