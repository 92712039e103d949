"""Files that were sent to be brought in, and what people said about firms spelt in two ways."""

from __future__ import annotations

from django.db import models

WAITING, CHECKED, BRINGING, BROUGHT, DROPPED, REFUSED = (
    "waiting",
    "checked",
    "bringing",
    "brought",
    "dropped",
    "refused",
)


class Batch(models.Model):
    """A file that was sent, with the cells mended since and what the last trial found; nothing of it is in the cluster yet.

    ``state`` is one of waiting (for its trial), checked, bringing, brought, dropped, refused (it cannot be read). The content
    goes as soon as it is brought in or dropped.
    """

    account = models.BigIntegerField()
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    state = models.CharField(max_length=16, default=WAITING)
    content = models.BinaryField()
    mends = models.JSONField(default=list)
    told = models.JSONField(default=dict)
    job = models.BigIntegerField(null=True)
    change = models.BigIntegerField(null=True)


class Spelling(models.Model):
    """Whether a firm's name as somebody spelt it means a certain firm: asked once, remembered."""

    spelling = models.CharField(max_length=200)
    firm = models.CharField(max_length=64)
    same = models.BooleanField()
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """One answer to each question."""

        constraints = (models.UniqueConstraint(fields=["spelling", "firm"], name="one_answer_to_a_spelling"),)
