"""An amount of money in Chinese capitals, as papers on which money is owed have it beside the figures."""

from __future__ import annotations

_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_GROUP = 10_000


def in_capitals(fen: int) -> str:
    """Return an amount in fen in Chinese capitals: 105 002 fen is 壹仟零伍拾元零贰分.

    The rules are those of the People's Bank of China for filling in bills (支付结算办法, annex 1, 1997): 整 after yuan or jiao where
    nothing follows, 零 once for any run of zeros within the figures.
    """
    if fen < 0:
        return "负" + in_capitals(-fen)
    yuan, rest = divmod(fen, 100)
    jiao, single = divmod(rest, 10)
    said = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (said or "零元") + "整"
    if jiao:
        said += _FIGURES[jiao] + "角"
    elif said:
        said += "零"
    return said + (_FIGURES[single] + "分" if single else "整")


def _whole(number: int) -> str:
    said, gap = "", False
    for place in reversed(range(len(_GROUPS))):
        group = number // _GROUP**place % _GROUP
        if not group:
            gap = gap or bool(said)
            continue
        if said and (gap or group < _GROUP // 10):
            said += "零"
        said += _below(group) + _GROUPS[place]
        gap = False
    return said


def _below(number: int) -> str:
    """Return a number from 1 to 9999."""
    said, gap = "", False
    for place in reversed(range(len(_PLACES))):
        figure = number // 10**place % 10
        if not figure:
            gap = gap or bool(said)
            continue
        said += ("零" if gap else "") + _FIGURES[figure] + _PLACES[place]
        gap = False
    return said
