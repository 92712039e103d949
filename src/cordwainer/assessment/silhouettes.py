"""Outlines of shoes from their pictures: wherever the shoe stands, whatever its size, whichever way it points.

A shoe is what differs from the background: transparent pixels, else those of the colour along the border. The outline, without holes, is
laid into a square of 32 by 32 cells by its longer side and its middle; two outlines are as like as the share of cells that both fill
among those that one of them fills, the better of both ways round.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from PIL import Image

from cordwainer.core import Text

Bits = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
SIDE = 32
WORDS = SIDE * SIDE // 64
FORMATS = ("PNG", "JPEG", "WEBP")
ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
MOST_PIXELS = 50_000_000
"""Larger pictures are not unpacked."""
_SEEN = 160
"""Pixels of the longer side at which a picture is looked at."""
_TOLERANCE = 28
"""Steps of 255 by which a colour differs from the background."""
_LEAST_PLAIN = 0.7
"""Share of the border that must be of one colour."""
_LEAST, _MOST = 0.01, 0.9
"""Share of the picture that a shoe fills."""

_UNREADABLE = Text("cannot be read as PNG, JPEG or WebP", "不是可读取的 PNG、JPEG 或 WebP 图片")
_TOO_LARGE = Text("has too many pixels", "像素过多")
_NOT_PLAIN = Text("has no plain background", "背景不是单一颜色")
_NO_SHOE = Text("shows no outline", "看不出轮廓")
_OUTSIDE = Text("lies outside the folder", "不在该文件夹内")


@dataclass(frozen=True)
class Pictures:
    """Outlines by style, and why a picture gave none."""

    outlines: Mapping[str, Bits]
    faults: Mapping[str, Text]


def pictures_of(frame: pl.DataFrame, folder: Path) -> Pictures:
    """Return the outlines of styles of which a picture lies in a folder, under the name in column ``picture`` or that of the style."""
    outlines: dict[str, Bits] = {}
    faults: dict[str, Text] = {}
    home = folder.resolve()
    for style, name in frame.select("style", "picture").iter_rows():
        path = _path(home, style, name)
        if path is None:
            continue
        found = outline(path) if path.is_relative_to(home) else _OUTSIDE
        if isinstance(found, Text):
            faults[style] = found
        else:
            outlines[style] = found
    return Pictures(outlines, faults)


def _path(home: Path, style: str, name: str | None) -> Path | None:
    """Return the file of a style's picture; None where there is none."""
    names = [name] if name else [f"{style}{end}" for end in ENDINGS]
    return next((p for n in names if (p := (home / n).resolve()).is_file()), None)


def outline(path: Path) -> Bits | Text:
    """Return the outline in a picture as 1,024 bits, or why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return _TOO_LARGE
                picture.draft("RGB", (_SEEN, _SEEN))
                seen = picture.convert("RGBA")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return _TOO_LARGE
    except (OSError, SyntaxError, ValueError):
        return _UNREADABLE
    seen.thumbnail((_SEEN, _SEEN), Image.Resampling.BOX)
    shoe = _shoe(np.asarray(seen, np.uint8))
    return shoe if isinstance(shoe, Text) else packed(_in_square(shoe))


def _shoe(pixels: npt.NDArray[np.uint8]) -> Mask | Text:
    """Return the pixels of the shoe, rows x columns, from red, green, blue and opacity of each."""
    clear = pixels[:, :, 3] < 128
    if clear.any():
        like = clear
    else:
        colours = pixels[:, :, :3].astype(np.int16)
        border = np.concatenate([colours[0], colours[-1], colours[1:-1, 0], colours[1:-1, -1]])
        ground = np.median(border, axis=0)
        like = np.abs(colours - ground).max(axis=2) <= _TOLERANCE
        if (np.abs(border - ground).max(axis=1) <= _TOLERANCE).mean() < _LEAST_PLAIN:
            return _NOT_PLAIN
    shoe = ~_from_border(like)
    return shoe if _LEAST <= shoe.mean() <= _MOST else _NO_SHOE


def _from_border(like: Mask) -> Mask:
    """Return the pixels like the background that are joined to the border, so that what is enclosed belongs to the shoe."""
    wide = np.pad(like, 1, constant_values=True)
    reached = np.zeros_like(wide)
    reached[0] = reached[-1] = reached[:, 0] = reached[:, -1] = True
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= wide
        if (grown == reached).all():
            return reached[1:-1, 1:-1]
        reached = grown


def _in_square(shoe: Mask) -> Mask:
    """Return an outline laid into the square by its longer side and its middle."""
    rows, columns = np.flatnonzero(shoe.any(axis=1)), np.flatnonzero(shoe.any(axis=0))
    cut = shoe[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    tall, wide = cut.shape
    size = tuple(max(1, round(SIDE * n / max(tall, wide))) for n in (wide, tall))
    small = np.asarray(Image.fromarray(cut.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)) >= 128
    square = np.zeros((SIDE, SIDE), np.bool_)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square


def packed(square: Mask) -> Bits:
    """Return the cells of a square as bits, row by row."""
    return np.packbits(square).view(np.uint64)


def mirrored(bits: Bits) -> Bits:
    """Return outlines (n x words) pointing the other way."""
    cells = np.unpackbits(np.ascontiguousarray(bits).view(np.uint8), axis=1).reshape(len(bits), SIDE, SIDE)
    turned = np.ascontiguousarray(cells[:, :, ::-1]).reshape(len(bits), SIDE * SIDE)
    return np.packbits(turned, axis=1).view(np.uint64).reshape(len(bits), WORDS)


def alike(one: Bits, two: Bits) -> float:
    """Return how alike two outlines are, 0 to 1: cells in both over cells in either, the better way round."""
    return max(_overlap(one, two), _overlap(mirrored(one[None, :])[0], two))


def _overlap(one: Bits, two: Bits) -> float:
    return float(np.bitwise_count(one & two).sum() / max(1, int(np.bitwise_count(one | two).sum())))
