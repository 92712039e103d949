"""Keep the state of long work in a file, so that it can go on after it was cut off."""

from __future__ import annotations

from glob import escape
from pathlib import Path

from cordwainer.core import Text, UserError
from cordwainer.tasks.atomic import replaced_file


class Checkpoint:
    """The last state that was kept whole, whatever happened while a later one was written.

    A checkpoint has one writer at a time: whoever opens it clears what a writer that was killed left behind.

    Parameters
    ----------
    path
        The file; its folder is made when the first state is kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.parent.is_dir():
            for left in path.parent.glob(f".{escape(path.stem)}.new-*{escape(path.suffix)}"):
                left.unlink(missing_ok=True)

    def write(self, state: bytes) -> None:
        """Keep a state in place of the last one; it is on disk when this returns.

        Raises
        ------
        UserError
            If it cannot be written; the last state is then still there.
        """
        with replaced_file(self.path) as temporary:
            temporary.write_bytes(state)

    def read(self) -> bytes | None:
        """Return the last state; None where none was ever kept.

        Raises
        ------
        UserError
            If there is a file that cannot be read.
        """
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            why = error.strerror or str(error)
            raise UserError(
                "cannot-read",
                Text(f"{self.path} cannot be read: {why}.", f"无法读取 {self.path}：{why}。"),
                Text("Check the file's permissions.", "请检查文件权限。"),
            ) from error
