"""Tokens with which programs of an account call the API, and what was answered to their writes."""

from __future__ import annotations

from django.db import models

from cordwainer.hub.models.accounts import Account


class Token(models.Model):
    """A token of an account; only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Deed(models.Model):
    """A write through the API as it was answered: the same key again is answered the same, and does nothing twice."""

    account = models.BigIntegerField()
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        """One answer to a key."""

        constraints = (models.UniqueConstraint(fields=["account", "key"], name="one_answer_to_a_key"),)
