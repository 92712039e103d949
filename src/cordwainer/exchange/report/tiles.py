"""The schematic map: one tile for each district, near where its centre lies."""

from __future__ import annotations

from dataclasses import dataclass

from cordwainer.core import Text
from cordwainer.exchange.report.view import View

TILE = 100
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """A district on the map: column and row of its tile, how full it is (0 to 4), and its figures."""

    column: int
    row: int
    name: Text
    level: int
    used: str
    pairs: str
    makers: int
    price: Text


def grid_places(centres: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return column and row for each centre, no two alike, in a grid about as wide as high.

    Parameters
    ----------
    centres
        Longitude and latitude in degrees.

    Returns
    -------
    list of tuple of int and int
        The free cell nearest to where each centre lies when longitudes and latitudes are replaced by their ranks;
        rows count from the north. Empty columns and rows are closed up.
    """
    count = len(centres)
    side = 1
    while side * side < count * 1.3:
        side += 1
    by_lon = sorted(range(count), key=lambda k: (centres[k][0], k))
    by_lat = sorted(range(count), key=lambda k: (-centres[k][1], k))
    wish = {
        k: ((by_lon.index(k) + 0.5) / count * side - 0.5, (by_lat.index(k) + 0.5) / count * side - 0.5)
        for k in range(count)
    }
    free = {(c, r) for c in range(side) for r in range(side)}
    placed: dict[int, tuple[int, int]] = {}
    for k in sorted(range(count), key=lambda k: _from_cell_centre(wish[k])):
        x, y = wish[k]
        cell = min(free, key=lambda f: ((f[0] - x) ** 2 + (f[1] - y) ** 2, f))
        free.remove(cell)
        placed[k] = cell
    columns = {c: i for i, c in enumerate(sorted({c for c, _ in placed.values()}))}
    rows = {r: i for i, r in enumerate(sorted({r for _, r in placed.values()}))}
    return [(columns[placed[k][0]], rows[placed[k][1]]) for k in range(count)]


def _from_cell_centre(wish: tuple[float, float]) -> float:
    return (wish[0] - round(wish[0])) ** 2 + (wish[1] - round(wish[1])) ** 2


def tiles(districts: View) -> list[Tile]:
    """Return the tiles of all districts with lines; those without a known centre come last, in a row of their own."""
    rows = districts.frame.to_dicts()
    known = [r for r in rows if r["lon"] is not None and r["lat"] is not None]
    places = grid_places([(r["lon"], r["lat"]) for r in known])
    below = 1 + max((row for _, row in places), default=-1)
    unknown = [r for r in rows if r["lon"] is None or r["lat"] is None]
    places += [(k, below) for k in range(len(unknown))]
    return [_tile(place, row) for place, row in zip(places, [*known, *unknown], strict=True)]


def _price(mfen: float) -> Text:
    return Text(f"¥{mfen / 1e5:.2f}/h", f"{mfen / 1e5:.2f} 元/时")


def _tile(place: tuple[int, int], row: dict[str, object]) -> Tile:
    used, pairs = row["used"], row["pairs"]
    share = float(used) if isinstance(used, int | float) else 0.0
    price = row["price_mfen"]
    return Tile(
        column=place[0],
        row=place[1],
        name=Text(str(row["district_en"]), str(row["district_zh"])),
        level=min(_LEVELS - 1, int(share * _LEVELS)),
        used=f"{100 * share:.0f} %",
        pairs=f"{int(str(pairs)):,}",
        makers=int(str(row["firms"])),
        price=_price(float(price)) if isinstance(price, int | float) else Text("–", "–"),
    )
