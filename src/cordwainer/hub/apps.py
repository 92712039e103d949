"""The hub as a Django application."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from cordwainer.hub.database import refuse_superuser


class HubConfig(AppConfig):
    """Names the application, and brings the tables of the dictionary up to date whenever the rest is migrated."""

    name = "cordwainer.hub"
    label = "hub"

    def ready(self) -> None:
        """Ask to be told when migrations are done and when a connection is made."""
        post_migrate.connect(_after_migration, sender=self)
        connection_created.connect(_at_connection)


def _after_migration(using: str, **_: Any) -> None:  # noqa: ANN401 (Django's signal)
    from cordwainer.hub.access.row_security import put_on  # noqa: PLC0415 (models exist only once Django is set up)
    from cordwainer.hub.store.evolve import evolve  # noqa: PLC0415

    evolve(using)
    put_on(using)


def _at_connection(connection: Any, **_: Any) -> None:  # noqa: ANN401
    refuse_superuser(connection)
