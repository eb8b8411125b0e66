"""Measuring in the PDF itself: words with their boxes, ink on the page, fonts. Lengths in mm."""

import re
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

POINT = 25.4 / 72
DPI = 250
DOT = 25.4 / DPI
WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str


def run(pdf: bytes, *command: str) -> bytes:
    """Run a poppler program on the PDF, given to it as standard input."""
    return subprocess.run([*command], input=pdf, capture_output=True, check=True).stdout


def words(pdf: bytes, page: int) -> list[Word]:
    numbers = ("-f", str(page), "-l", str(page))
    found = run(pdf, "pdftotext", "-bbox", *numbers, "-", "-").decode()
    return [
        Word(*(float(value) * POINT for value in values), text)
        for *values, text in WORD.findall(found)
    ]


def text(pdf: bytes) -> str:
    """The text in reading order, without blanks and line ends."""
    return re.sub(r"\s", "", run(pdf, "pdftotext", "-raw", "-", "-").decode())


def picture(pdf: bytes, page: int, folder: Path) -> Image.Image:
    """The page in grey, dark where there is ink."""
    numbers = ("-f", str(page), "-l", str(page), "-r", str(DPI), "-gray", "-png", "-singlefile")
    run(pdf, "pdftoppm", *numbers, "-", str(folder / f"page-{page}"))
    image = Image.open(BytesIO((folder / f"page-{page}.png").read_bytes()))
    image.load()
    return image


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Word:
    """The box of everything that is not nearly white inside a rectangle of the page."""
    area = image.crop([round(value / DOT) for value in (left, top, right, bottom)])
    box = ImageOps.invert(area).point(lambda value: 255 if value > 70 else 0).getbbox()
    assert box is not None, "There is no ink there."
    x0, y0, x1, y1 = (value * DOT for value in box)
    return Word(left + x0, top + y0, left + x1, top + y1, "")
