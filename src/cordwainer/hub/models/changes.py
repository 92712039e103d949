"""Changes of the data, and the audit that tells of everything that was done."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One change of the cluster's tables, whole or not at all; its number is the version that it makes.

    ``tables`` are those that it changed; null in changes from before this was written down.
    """

    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    note = models.TextField(blank=True)
    tables = models.JSONField(null=True)


class Head(models.Model):
    """The one row that whoever appends to the audit holds, with the digest and number of the last entry."""

    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)


class AuditEntry(models.Model):
    """Who did what and when, field by field; entries are only ever added, each with the digest of all before it."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=40)
    account = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=40)
    table = models.CharField(max_length=64, blank=True)
    row = models.TextField(blank=True)
    column = models.CharField(max_length=64, blank=True)
    old = models.TextField(null=True)
    new = models.TextField(null=True)
    digest = models.CharField(max_length=64)
