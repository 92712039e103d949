"""Files that are sent: no more of them is taken in than may be."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from cordwainer.core import Text, UserError
from cordwainer.exchange import UPLOAD_LIMITS

_PATIENCE = 4
"""Up to so many times the largest file a request is read to its end, so that whoever sends it gets an answer."""


class Bounded(FileUploadHandler):
    """Breaks off a file that is larger than one may be; nothing of it is kept."""

    length = 0

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ANN401, ARG002 (Django carries no types)
        META: Any,  # noqa: ANN401, ARG002
        content_length: int,
        boundary: bytes,  # noqa: ARG002
        encoding: Any = None,  # noqa: ANN401, ARG002
    ) -> None:
        """Remember the length that the request names."""
        self.length = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Let the next handler have what came, as long as it is not too much.

        Raises
        ------
        StopUpload
            If it is.
        """
        if start + len(raw_data) > UPLOAD_LIMITS.file_bytes:
            raise StopUpload(connection_reset=self.length > _PATIENCE * UPLOAD_LIMITS.file_bytes)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def file_of(request: Any, name: str) -> tuple[str, bytes]:  # noqa: ANN401
    """Return name and content of a file that a form sent.

    Raises
    ------
    UserError
        If there is none, or it is empty or too large.
    """
    found = request.FILES.get(name)
    if found is None or not found.size:
        most = UPLOAD_LIMITS.file_bytes >> 20
        raise UserError(
            "no-file",
            Text(
                f"No file came, or it is empty or larger than {most} MB.", f"没有收到文件，或文件为空、超过 {most} MB。"
            ),
            Text("Choose a file and send it again.", "请选择文件后重新上传。"),
        )
    return str(found.name)[-200:], bytes(found.read())
