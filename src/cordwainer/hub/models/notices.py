"""Where notices reach an account, and the notices themselves: written with what they tell of, sent afterwards."""

from __future__ import annotations

from django.db import models

from cordwainer.hub.models.accounts import Account


class Channel(models.Model):
    """How one account is reached: the way, the address (e-mail or webhook), and the secret that signs where the way has one."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    way = models.CharField(max_length=16)
    to = models.CharField(max_length=300, blank=True)
    secret = models.CharField(max_length=100, blank=True)


class Notice(models.Model):
    """One notice to one account: ``about`` names what it tells of, so that it is told once. It holds no price."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=100)
    values = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        """Told once; looked up by what is due."""

        constraints = (models.UniqueConstraint(fields=["account", "kind", "about"], name="told_once"),)
        indexes = (models.Index(fields=["sent_at", "due_at"], name="notice_due"),)
