"""Photos and documents in the hub's folder: each under the digest of its content, of few kinds and no larger than may be."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings

from cordwainer.core import Text, UserError
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.floor import StoredFile

MOST_BYTES = 8 << 20
PHOTOS = ("image/jpeg", "image/png", "image/webp")
DOCUMENTS = (*PHOTOS, "application/pdf", "application/zip")
_ENDS = {"application/zip": (".xlsx", ".docx")}
_MAGIC = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def kind_of(name: str, content: bytes) -> str | None:
    """Return the kind of a file by its first bytes, and of workbooks and texts by the end of their name; None for others."""
    for begin, kind in _MAGIC:
        if content.startswith(begin):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04") and name.lower().endswith(_ENDS["application/zip"]):
        return "application/zip"
    return None


def keep(account: Account, name: str, content: bytes, now: datetime, kinds: tuple[str, ...]) -> StoredFile:
    """Keep a file that an account sent, and return it; the same content sent again is the same file.

    Raises
    ------
    UserError
        If it is empty, too large, or of another kind.
    """
    kind = kind_of(name, content)
    if not content or len(content) > MOST_BYTES or kind not in kinds:
        most = MOST_BYTES >> 20
        which = Text("a photo (JPEG, PNG, WebP)", "照片（JPEG、PNG、WebP）")
        if kinds == DOCUMENTS:
            which = Text("a PDF, a photo, an Excel or Word file", "PDF、照片、Excel 或 Word 文件")
        raise UserError(
            "bad-file",
            Text(f"This file is not {which.en} of at most {most} MB.", f"文件须为{which.zh}，且不超过 {most} MB。"),
            Text("Choose another file.", "请另选文件。"),
        )
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    found, _ = StoredFile.objects.get_or_create(
        digest=digest, account=account.pk, defaults={"name": name[-200:], "kind": kind, "size": len(content), "at": now}
    )
    return found


def path_of(digest: str) -> Path:
    """Return where the content with a digest lies."""
    return Path(settings.FILES) / digest[:2] / digest


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise UserError(
            "cannot-keep",
            Text("The file cannot be kept: the disk is full or cannot be written.", "文件无法保存：磁盘已满或不可写。"),
            Text("Send it again later, and tell the operator.", "请稍后重传，并告知管理员。"),
        ) from error


def content_of(file: StoredFile) -> bytes:
    """Return the content of a file.

    Raises
    ------
    UserError
        If it is gone from the folder, or not what was sent.
    """
    try:
        content = path_of(file.digest).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != file.digest:
        raise UserError(
            "file-gone",
            Text("The file is no longer in the hub's folder.", "文件已不在平台目录中。"),
            Text("The operator can put it back from a backup.", "管理员可从备份恢复。"),
        )
    return content
