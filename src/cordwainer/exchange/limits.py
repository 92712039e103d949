"""Limits against hostile files: how large a file may be, and what a zip archive may unpack to."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from cordwainer.core import Text, UserError

_CHUNK = 1 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most.

    ``file_bytes`` of one file, ``rows`` of one table, ``sheets`` of a workbook, ``cells`` of one sheet's rectangle,
    ``unpacked_bytes`` of a workbook, ``ratio`` of unpacked to packed bytes of a part above 1 MiB,
    ``parts`` of an archive, ``files`` of a folder.
    """

    file_bytes: int = 1 << 30
    rows: int = 20_000_000
    sheets: int = 200
    cells: int = 40_000_000
    unpacked_bytes: int = 2 << 30
    ratio: int = 300
    parts: int = 5_000
    files: int = 1_000


LIMITS = Limits()


def too_large(path: Path, what: Text) -> UserError:
    """Return the error for a file that goes beyond a limit."""
    return UserError(
        "too-large",
        Text(f"{path.name} is not read: {what.en}.", f"不读取 {path.name}：{what.zh}。"),
        Text("Split it, or use a folder of Parquet.", "请拆分文件，或改用 Parquet 文件夹。"),
    )


def unreadable(path: Path, what: Text) -> UserError:
    """Return the error for a file that is not what its name says."""
    return UserError(
        "unreadable-file",
        Text(f"{path.name} cannot be read: {what.en}.", f"无法读取 {path.name}：{what.zh}。"),
        Text("Open it in its program and save it again.", "请用相应软件打开并重新保存。"),
    )


def check_size(path: Path, limits: Limits = LIMITS) -> None:
    """Raise if a file is larger than the limit.

    Raises
    ------
    UserError
        If it is too large or cannot be looked at.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise unreadable(path, Text(str(error.strerror), "无法访问")) from error
    if size > limits.file_bytes:
        raise too_large(path, Text(f"it has {size:,} bytes", f"文件有 {size:,} 字节"))


def check_workbook(path: Path, limits: Limits = LIMITS) -> None:
    """Raise if a file is no sound workbook: not a zip, encrypted, or unpacking to more than it should.

    The directory is judged first; then every part is unpacked once in small pieces, so that a directory that
    lies about sizes is found out (its checksum does not hold).

    Raises
    ------
    UserError
        With the reason.
    """
    check_size(path, limits)
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        encrypted = _ENCRYPTED in path.read_bytes()
        what = (
            Text("it is encrypted; remove the password", "文件已加密，请先去掉密码")
            if encrypted
            else Text("it is in the old .xls format", "这是旧的 .xls 格式，请另存为 .xlsx")
        )
        raise unreadable(path, what)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(path, archive.infolist(), limits)
            for part in archive.infolist():
                with archive.open(part) as stream:
                    while stream.read(_CHUNK):
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise unreadable(path, Text("it is not a sound workbook", "不是完好的工作簿")) from error


def _check_directory(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise too_large(path, Text(f"it has {len(parts):,} parts", f"内含 {len(parts):,} 个部件"))
    names = {part.filename for part in parts}
    if len(names) < len(parts) or "[Content_Types].xml" not in names:
        raise unreadable(path, Text("it is not a workbook", "不是工作簿"))
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable(path, Text("it is encrypted; remove the password", "文件已加密，请先去掉密码"))
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked_bytes:
        raise too_large(path, Text(f"it unpacks to {total:,} bytes", f"解压后有 {total:,} 字节"))
    for part in parts:
        if part.file_size > _CHUNK and part.file_size > limits.ratio * max(1, part.compress_size):
            raise too_large(path, Text("it is packed like a zip bomb", "压缩率异常，疑似压缩炸弹"))


class Shielded:
    """Turn a panic of a compiled reader into an error with a remedy."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Begin the block in which the reader runs."""

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None) -> None:
        """Raise a `UserError` in place of a panic."""
        if kind is not None and kind.__name__ == "PanicException":
            raise unreadable(self.path, Text("its content is damaged", "内容已损坏")) from value
