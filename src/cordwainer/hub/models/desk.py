"""Enquiries and their options, as pages read them; what was promised stands in the log of offers, from which they are made."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Enquiry(models.Model):
    """What a brand asked; ``key`` is that of the form, so that the same form sent twice asks once.

    ``told`` holds, as [English, Chinese], why nothing fits: ``brand`` what the brand is told, ``planner`` all of it; ``ways``
    are the nearest things that would fit: pairs and day to ask for instead.
    """

    key = models.CharField(max_length=64)
    account = models.BigIntegerField()
    firm = models.CharField(max_length=64)
    at = models.DateTimeField()
    request = models.JSONField()
    verdict = models.CharField(max_length=8)
    told = models.JSONField(default=dict)
    ways = models.JSONField(default=list)

    class Meta:
        """A form asks once."""

        constraints = (models.UniqueConstraint(fields=["account", "key"], name="one_enquiry_a_form"),)


class Option(models.Model):
    """An offer to an enquiry: ``face`` as the brand may see it, ``record`` all of it."""

    offer = models.CharField(max_length=64, unique=True)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE)
    status = models.CharField(max_length=16)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ask_by = models.DateTimeField(null=True)
    why = models.JSONField(default=dict)
    face = models.JSONField()
    record = models.JSONField()

    def status_at(self, now: datetime) -> str:
        """Return the status at a moment: a hold and a time to answer end by themselves, and the log says so later."""
        ends = self.until if self.status == "held" else None
        asks = self.ask_by if self.status in ("offered", "held") else None
        return "expired" if (ends and ends <= now) or (asks and asks <= now) else self.status


class Part(models.Model):
    """A maker's part of an option: its stages as [stage, line, pairs, start, end, fen], and what it said to them.

    ``answer`` is empty while it is asked, ``agreed`` where it took such lots in advance, else yes, no or silent.
    """

    option = models.ForeignKey(Option, on_delete=models.CASCADE)
    firm = models.CharField(max_length=64)
    stages = models.JSONField()
    answer = models.CharField(max_length=8, blank=True)
    reason = models.TextField(blank=True)
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        """One part for each maker."""

        constraints = (models.UniqueConstraint(fields=["option", "firm"], name="one_part"),)


class Counter(models.Model):
    """Terms that a maker names in place of those it was asked for: of its part of an option, or of a lot on offer.

    ``terms`` are [stage, line, fen a pair]; ``pairs`` the most it takes, ``start`` and ``end`` between which it can work (null: as
    asked). ``status`` is open, taken, refused, withdrawn or expired; ``became`` names the options that came of it.
    """

    key = models.CharField(max_length=64)
    firm = models.CharField(max_length=64, db_index=True)
    option = models.ForeignKey(Option, null=True, on_delete=models.CASCADE)
    lot = models.CharField(max_length=64, blank=True)
    run = models.BigIntegerField(null=True)
    pairs = models.IntegerField()
    terms = models.JSONField()
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    dearer = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    until = models.DateTimeField()
    status = models.CharField(max_length=16, default="open")
    became = models.JSONField(default=list)
    account = models.BigIntegerField()
    at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """A form counts once."""

        constraints = (models.UniqueConstraint(fields=["firm", "key"], name="one_counter_a_form"),)

    def status_at(self, now: datetime) -> str:
        """Return the status at a moment: an open one ends by itself."""
        return "expired" if self.status == "open" and self.until <= now else self.status
