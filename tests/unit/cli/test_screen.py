"""Tables on the screen: numbers, dates and ids stay whole whatever the width; nothing is broken in a file."""

import io

from cordwainer.cli.screen import Head, table

_HEADS = (Head("Order"), Head("Due date", whole=True), Head("Pairs", right=True, whole=True), Head("Reason"))
_REASON = "本地最省办法每双需要的钱超过订单价，而且这一周针车很紧缺，外地也没有厂家能按期做出来"
_ROWS = [("O001", "2026-03-02", "1,234,567", _REASON), ("O002", "2026-12-31", "8", "short")]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_narrow_terminal_breaks_texts_but_no_number_or_date() -> None:
    stream = _Terminal()
    table(_HEADS, _ROWS, stream)
    said = stream.getvalue()
    assert "2026-03-02" in said
    assert "1,234,567" in said
    assert _REASON not in said


def test_a_file_gets_each_row_in_one_line() -> None:
    stream = io.StringIO()
    table(_HEADS, _ROWS, stream)
    first = next(line for line in stream.getvalue().splitlines() if "O001" in line)
    assert all(cell in first for cell in _ROWS[0])


def test_every_column_of_a_table_wider_than_the_terminal_is_there() -> None:
    heads = [Head(f"Column {k}", whole=True) for k in range(20)]
    rows = [tuple(f"2026-03-{k + 1:02}" for k in range(20))]
    stream = _Terminal()
    table(heads, rows, stream)
    assert all(cell in stream.getvalue() for cell in rows[0])


def test_the_last_column_stays_beside_texts_that_are_broken() -> None:
    heads = [Head("Buyer"), *(Head(f"Day {k}", whole=True) for k in range(9)), Head("Contribution (yuan)", True, True)]
    row = (_REASON, *(f"2026-03-{k + 1:02}" for k in range(9)), "116,792.00")
    stream = _Terminal()
    table(heads, [row], stream)
    assert "116,792.00" in stream.getvalue()
    assert "(yuan)" in stream.getvalue()
