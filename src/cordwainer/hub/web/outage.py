"""What is told when the database or the disk is out of reach: by itself that passes, and nothing is half done."""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError

from cordwainer.core import CordwainerError, Text, UserError

OUT = UserError(
    "out-of-reach",
    Text("The hub cannot reach its data at the moment.", "平台暂时无法访问数据。"),
    Text(
        "What you sent was not taken, or is taken whole. Wait a minute, open the page again and look.",
        "您刚才提交的内容要么未被接收，要么已完整接收。请稍等一分钟，重新打开页面查看。",
    ),
)
_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
_CODES = frozenset({"cannot-write"})
"""Errors of this software that say so of a file."""


def is_outage(error: BaseException | None) -> bool:
    """Say whether an error comes from a database or disk that is away or full."""
    match error:
        case OperationalError() | InterfaceError():
            return True
        case CordwainerError():
            return error.code in _CODES
        case OSError():
            return error.errno in _ERRNOS
        case _:
            return False
