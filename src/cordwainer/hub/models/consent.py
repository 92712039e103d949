"""What firms let an office see of what they entered for trade."""

from __future__ import annotations

from django.db import models


class Consent(models.Model):
    """A firm lets a role read its rows of a family of tables from a day on, until it says no."""

    firm = models.CharField(max_length=64)
    role = models.CharField(max_length=16)
    family = models.CharField(max_length=16)
    given_on = models.DateField()
    revoked_on = models.DateField(null=True)
    account = models.BigIntegerField()

    class Meta:
        """One consent in force for each firm, role and family."""

        constraints = (
            models.UniqueConstraint(
                fields=["firm", "role", "family"], condition=models.Q(revoked_on=None), name="one_consent_in_force"
            ),
        )
