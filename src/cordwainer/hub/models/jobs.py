"""Work that takes long: who asked for it, who does it, how far it is."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """A job; whoever does it holds its lease, and its token shows that the lease is still his."""

    kind = models.CharField(max_length=32)
    settings = models.JSONField(default=dict)
    status = models.CharField(max_length=16, default="waiting")
    account = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    token = models.BigIntegerField(default=0)
    tries = models.IntegerField(default=0)
    cancel = models.BooleanField(default=False)
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)

    class Meta:
        """Workers ask for what is waiting or has been let go."""

        indexes = (models.Index(fields=["status", "lease_until"], name="job_status_lease"),)
