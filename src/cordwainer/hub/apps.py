"""The hub as a Django application."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HubConfig(AppConfig):
    """Names the application, and brings the tables of the dictionary up to date whenever the rest is migrated."""

    name = "cordwainer.hub"
    label = "hub"

    def ready(self) -> None:
        """Ask to be told when migrations are done."""
        post_migrate.connect(_after_migration, sender=self)


def _after_migration(using: str, **_: Any) -> None:  # noqa: ANN401 (Django's signal)
    from cordwainer.hub.store.evolve import evolve  # noqa: PLC0415 (models exist only once Django is set up)

    evolve(using)
