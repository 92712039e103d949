"""Which database the hub stands on: SQLite in its folder, or PostgreSQL where one setting names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cordwainer.core import Text, UserError

_SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
}
_SCHEMES = ("postgresql", "postgres")


def database_of(address: str, folder: Path) -> dict[str, Any]:
    """Return Django's description of the database at an address; of the one in the folder where there is none.

    Parameters
    ----------
    address
        ``postgresql://user:password@host:port/name?sslmode=require``; ``host`` may stand among the parameters, as the folder of a socket.
    folder
        The hub's folder.

    Raises
    ------
    UserError
        If it is no such address.
    """
    if not address:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "hub.sqlite3", "OPTIONS": _SQLITE}
    parts = urlsplit(address)
    more = dict(parse_qsl(parts.query))
    if parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise UserError(
            "bad-database",
            Text("CORDWAINER_HUB_DATABASE is no address of a database.", "CORDWAINER_HUB_DATABASE 不是数据库地址。"),
            Text(
                "Write it as postgresql://user:password@host:5432/name.",
                "请写成 postgresql://用户:密码@主机:5432/库名。",
            ),
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or more.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or more.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 10, **more},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def refuse_superuser(connection: Any) -> None:  # noqa: ANN401 (Django carries no types)
    """Refuse a connection whose user passes by the locks on rows.

    Raises
    ------
    UserError
        If the user is a superuser or may bypass row-level security.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        passes_by = cursor.fetchone()[0]
    if passes_by:
        connection.close()
        raise UserError(
            "superuser",
            Text(
                "The hub does not run as a superuser of the database: no lock on rows would hold.",
                "平台不能以数据库超级用户运行：行级权限会失效。",
            ),
            Text(
                "Make a role of its own (CREATE ROLE hub LOGIN) that owns the database, and name it in CORDWAINER_HUB_DATABASE.",
                "请为平台单独建立角色（CREATE ROLE hub LOGIN）并让其拥有该数据库，再写入 CORDWAINER_HUB_DATABASE。",
            ),
        )
