"""Work on the floor: progress, handovers, claims, what they make due, payments, days of milestones, documents.

Rows are added; of those there are only the second side's word and a claim's end are filled in, once. The desk itself is the
firm with the empty name: it takes the money of buyers and pays makers.
"""

from __future__ import annotations

from django.db import models

DESK = ""
"""Payer or payee that is no firm: the planning desk."""


class StoredFile(models.Model):
    """A photo or document that somebody sent; its content lies in the hub's folder under its digest."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    account = models.BigIntegerField()
    at = models.DateTimeField()


class Document(models.Model):
    """A document of an order: who put it there, and who may read it besides (desk, buyer, all)."""

    order = models.CharField(max_length=64, db_index=True)
    milestone = models.CharField(max_length=16, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    firm = models.CharField(max_length=64, blank=True)
    readers = models.CharField(max_length=8)
    note = models.CharField(max_length=200, blank=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """The same file is put to an order once by each firm."""

        constraints = (models.UniqueConstraint(fields=["order", "file", "firm"], name="one_document"),)


class MilestoneDay(models.Model):
    """A day that somebody set for a milestone of an order: when it is due, or when it was done; the last one counts."""

    order = models.CharField(max_length=64, db_index=True)
    milestone = models.CharField(max_length=16)
    due = models.DateField(null=True)
    done = models.DateField(null=True)
    firm = models.CharField(max_length=64, blank=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()


class Progress(models.Model):
    """Pairs that a maker finished of a stage of a lot on a day: good, seconds and sent back; ``key`` is that of the form."""

    key = models.CharField(max_length=64)
    firm = models.CharField(max_length=64)
    lot = models.CharField(max_length=64, db_index=True)
    stage = models.CharField(max_length=16)
    date = models.DateField()
    pairs = models.IntegerField()
    seconds = models.IntegerField(default=0)
    rework = models.IntegerField(default=0)
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """A form counts once."""

        constraints = (models.UniqueConstraint(fields=["firm", "key"], name="one_progress_a_form"),)


class Handover(models.Model):
    """Pairs of a lot that one firm gave to the next: what the giver says and what the receiver found.

    ``given`` and ``received`` hold [size, good, seconds, missing]; size ``-`` where sizes were not told. ``received`` is null until
    the receiver confirmed.
    """

    key = models.CharField(max_length=64)
    giver = models.CharField(max_length=64, db_index=True)
    receiver = models.CharField(max_length=64, db_index=True)
    lot = models.CharField(max_length=64, db_index=True)
    order = models.CharField(max_length=64)
    stage = models.CharField(max_length=16)
    pairs = models.IntegerField()
    date = models.DateField()
    given = models.JSONField()
    given_by = models.BigIntegerField()
    given_at = models.DateTimeField()
    given_note = models.CharField(max_length=200, blank=True)
    given_photo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    received = models.JSONField(null=True)
    received_on = models.DateField(null=True)
    received_by = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(null=True)
    received_note = models.CharField(max_length=200, blank=True)
    received_photo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A form counts once."""

        constraints = (models.UniqueConstraint(fields=["giver", "key"], name="one_handover_a_form"),)


class Claim(models.Model):
    """A difference at a handover that the receiver claims from the giver, and how it ended.

    ``short``: its pairs were not counted as received, so that the giver is not paid for them unless the settlement says so.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT)
    key = models.CharField(max_length=64)
    short = models.BooleanField()
    pairs = models.IntegerField()
    fen = models.BigIntegerField(null=True)
    until = models.DateField()
    status = models.CharField(max_length=16, default="open")
    settled_pairs = models.IntegerField(null=True)
    settled_fen = models.BigIntegerField(null=True)
    settled_on = models.DateField(null=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """A form claims once."""

        constraints = (models.UniqueConstraint(fields=["handover", "key"], name="one_claim_a_form"),)


class ClaimWord(models.Model):
    """What a side or the desk said to a claim: opened, proposed, accepted, refused or settled, with pairs to be paid and money."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT)
    firm = models.CharField(max_length=64, blank=True)
    word = models.CharField(max_length=16)
    pairs = models.IntegerField(null=True)
    fen = models.BigIntegerField(null=True)
    said = models.CharField(max_length=500, blank=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()


class Due(models.Model):
    """A line of a statement: what a handover or a settled claim makes due, in hundredths of the currency (null: unknown)."""

    kind = models.CharField(max_length=16)
    ref = models.CharField(max_length=32)
    payer = models.CharField(max_length=64, blank=True, db_index=True)
    payee = models.CharField(max_length=64, blank=True, db_index=True)
    date = models.DateField()
    currency = models.CharField(max_length=8)
    amount = models.BigIntegerField(null=True)
    due = models.DateField(null=True)
    order = models.CharField(max_length=64)
    lot = models.CharField(max_length=64)
    stages = models.CharField(max_length=100)
    pairs = models.IntegerField()

    class Meta:
        """Nothing is counted twice."""

        constraints = (models.UniqueConstraint(fields=["kind", "ref"], name="one_due"),)


class Payment(models.Model):
    """Money paid on a statement (below zero: an entry taken back), in hundredths of the currency."""

    key = models.CharField(max_length=64)
    payer = models.CharField(max_length=64, blank=True, db_index=True)
    payee = models.CharField(max_length=64, blank=True, db_index=True)
    month = models.DateField()
    currency = models.CharField(max_length=8)
    date = models.DateField()
    amount = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """A form counts once."""

        constraints = (models.UniqueConstraint(fields=["account", "key"], name="one_payment_a_form"),)
