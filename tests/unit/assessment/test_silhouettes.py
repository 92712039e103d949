"""Outlines of shoes: drawn ones, moved, made smaller, turned, on other grounds; and pictures that tell nothing."""

import zlib
from pathlib import Path

import polars as pl
import pytest
from PIL import Image, ImageDraw

from cordwainer.assessment import neighbours, pictures_of, styles_of
from cordwainer.assessment.silhouettes import Bits, alike, outline
from cordwainer.cli import run
from cordwainer.cluster import empty, sample
from cordwainer.core import Text
from cordwainer.exchange import write_cluster

BOOT = [(30, 5), (62, 5), (60, 55), (110, 72), (118, 90), (30, 90)]
PUMP = [(10, 60), (30, 62), (60, 78), (104, 84), (118, 96), (60, 96), (34, 84), (24, 100), (16, 100), (18, 84), (8, 74)]


def drawn(shape: list[tuple[int, int]], scale: float = 1.0, left: int = 0, top: int = 0, **how: object) -> Image.Image:
    """Return a picture of a shoe on a plain ground."""
    ground, ink, size = how.get("ground", "white"), how.get("ink", "#7a3b12"), how.get("size", (240, 200))
    made = Image.new("RGB", size, str(ground))  # type: ignore[arg-type]
    ImageDraw.Draw(made).polygon([(left + scale * x, top + scale * y) for x, y in shape], fill=str(ink))
    if how.get("mark"):
        ImageDraw.Draw(made).ellipse(
            [left + 40 * scale, top + 70 * scale, left + 48 * scale, top + 78 * scale], fill=str(ground)
        )
    return made


def seen(picture: Image.Image, path: Path) -> Bits:
    """Return the outline in a picture that is kept in a file."""
    picture.save(path)
    found = outline(path)
    assert not isinstance(found, Text)
    return found


def test_an_outline_is_the_same_wherever_the_shoe_stands_and_however_large_it_is(tmp_path: Path) -> None:
    boot = seen(drawn(BOOT), tmp_path / "boot.png")
    like = {
        "moved": drawn(BOOT, left=90, top=60),
        "larger": drawn(BOOT, 5.0, 100, 40, size=(900, 700)),
        "turned": drawn(BOOT).transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "dark": drawn(BOOT, ground="#20242a", ink="#e8e0d0"),
        "marked": drawn(BOOT, mark=True),
        "grey": drawn(BOOT).convert("L"),
        "palette": drawn(BOOT).convert("P"),
    }
    for name, picture in like.items():
        assert alike(boot, seen(picture, tmp_path / f"{name}.png")) > 0.93, name
    assert alike(boot, seen(drawn(BOOT), tmp_path / "boot.jpg")) > 0.93
    assert alike(boot, seen(drawn(PUMP), tmp_path / "pump.png")) < 0.6


def test_what_is_transparent_is_no_shoe(tmp_path: Path) -> None:
    boot = drawn(BOOT)
    clear = boot.convert("RGBA")
    clear.putalpha(boot.convert("L").point(lambda v: 0 if v > 200 else 255))
    assert alike(seen(boot, tmp_path / "a.png"), seen(clear, tmp_path / "b.png")) > 0.98


def _bomb(path: Path) -> None:
    """Write the head of a picture of 60,000 by 60,000 pixels: a few bytes that would unpack to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + bytes([8, 6, 0, 0, 0])
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def test_pictures_that_tell_nothing_say_why(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "text.png").write_text("no picture", encoding="utf-8")
    drawn(BOOT).save(folder / "cut.png")
    (folder / "cut.png").write_bytes((folder / "cut.png").read_bytes()[:150])
    _bomb(folder / "bomb.png")
    Image.new("RGB", (80, 80), "white").save(folder / "blank.png")
    Image.linear_gradient("L").save(folder / "ground.png")
    drawn(BOOT).save(tmp_path / "out.png")
    names = ["text.png", "cut.png", "bomb.png", "blank.png", "ground.png", "../out.png", "absent.png", None]
    rows = pl.DataFrame({"style": [f"Y{k}" for k in range(8)], "picture": names})
    found = pictures_of(rows, folder)
    assert dict(found.outlines) == {}
    assert {k: v.en for k, v in found.faults.items()} == {
        "Y0": "cannot be read as PNG, JPEG or WebP",
        "Y1": "cannot be read as PNG, JPEG or WebP",
        "Y2": "has too many pixels",
        "Y3": "shows no outline",
        "Y4": "has no plain background",
        "Y5": "lies outside the folder",
    }


def test_a_style_without_a_picture_is_compared_by_attributes_alone(tmp_path: Path) -> None:
    drawn(BOOT).save(tmp_path / "A.png")
    drawn(BOOT, left=40).save(tmp_path / "B.png")
    drawn(PUMP).save(tmp_path / "shoe.jpg")
    rows = [
        {"style": s, "category": "boot", "colour": c, "picture": p}
        for s, c, p in (("A", "red", None), ("B", "tan", None), ("C", "red", "shoe.jpg"), ("D", "red", None))
    ]
    frame = pl.concat([empty("style"), pl.DataFrame(rows)], how="diagonal_relaxed")
    weights = {"category": 3.0, "colour": 1.0, "silhouette": 4.0}
    styles = styles_of(frame, weights, pictures_of(frame, tmp_path).outlines)
    assert styles.pictured.tolist() == [True, True, True, False]
    near = neighbours(styles, 3, workers=1)
    of = {int(j): float(s) for j, s in zip(near.position[0], near.similarity[0], strict=True)}
    assert of[3] == pytest.approx(1.0)  # like in all that both have
    assert of[1] == pytest.approx((3 + 4) / 8, abs=0.04)  # another colour, the same outline
    assert of[2] < (3 + 1 + 4 * 0.6) / 8  # the same colour, another outline
    plain = neighbours(styles_of(frame, weights), 3, workers=1)
    assert plain.position[0].tolist() == [2, 3, 1]


def test_the_command_compares_outlines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = sample("S", 1)
    write_cluster(cluster, tmp_path / "wenzhou", "parquet")
    folder = tmp_path / "pictures"
    folder.mkdir()
    for style, shape in zip(cluster["style"]["style"].head(3), (BOOT, BOOT, PUMP), strict=True):
        drawn(shape).save(folder / f"{style}.png")
    style = cluster["style"]["style"][0]
    words = ["assess", "look-alikes", str(tmp_path / "wenzhou"), "--style", style, "--pictures", str(folder)]
    assert run(words) == 0
    said = capsys.readouterr()
    assert "By outline" in said.out
    assert "3 of 60 styles have an outline" in said.err
