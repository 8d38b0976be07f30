"""Product photos as drawings: a motif on a soft ground, as SVG for browsers."""

import colorsys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SIDE = 100
INK, WHITE = "#2b2f3a", "#ffffff"
COLOUR_WORDS = {
    "hitam": "#33363f", "putih": "#f1f1ee", "abu-abu": "#9aa0a8", "abu": "#9aa0a8", "merah": "#d2453b",
    "maroon": "#7d2a35", "pink": "#f2a1b8", "merah muda": "#f2a1b8", "biru": "#3f78c5", "navy": "#26395f",
    "biru muda": "#9cc7e8", "hijau": "#4d9a63", "sage": "#a9bfa0", "hijau tua": "#2f5d46", "kuning": "#f2c14e",
    "oranye": "#ef8a43", "ungu": "#8b6bb8", "lilac": "#c5aee0", "cokelat": "#8a5f42", "krem": "#ecdcc0",
    "beige": "#e4d3ba", "mocca": "#a98467", "tosca": "#57b8ae", "silver": "#c5cad1", "gold": "#cfa94e",
    "rose gold": "#dfa698", "bening": "#d9ecf2", "denim": "#4f6d94", "mustard": "#cf9a2c", "army": "#5b6245",
    "black": "#33363f", "white": "#f1f1ee", "blue": "#3f78c5", "green": "#4d9a63", "grey": "#9aa0a8",
    "黑色": "#33363f", "白色": "#f1f1ee", "粉色": "#f2a1b8", "蓝色": "#3f78c5", "绿色": "#4d9a63", "灰色": "#9aa0a8",
    "米色": "#e4d3ba", "đen": "#33363f", "trắng": "#f1f1ee", "hồng": "#f2a1b8", "xanh": "#4d9a63", "be": "#e4d3ba",
    "xám": "#9aa0a8", "สีดำ": "#33363f", "สีขาว": "#f1f1ee", "สีชมพู": "#f2a1b8", "สีฟ้า": "#9cc7e8", "สีเขียว": "#4d9a63",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    kind: str
    numbers: tuple[float, ...]
    """rect: x y width height radius; ellipse: cx cy rx ry; poly: x y x y ..."""
    colour: str


@cache
def _motifs() -> dict[str, list[str]]:
    text = (Path(__file__).parent / "motifs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def has_motif(name: str) -> bool:
    return name in _motifs()


def option_colour(option: str, colour: str, number: int) -> str:
    """Take the colour an option names, or turn the product's own a little for each option."""
    named = COLOUR_WORDS.get(option.casefold())
    return named or _shift(colour, turn=0.035 * number, light=1.0)


def draw(motif: str, colour: str) -> list[Shape]:
    """Lay out a photo: ground, shadow, motif."""
    ground = _ground(colour)
    roles = {
        "ground": ground,
        "main": colour,
        "dark": _shift(colour, turn=0.0, light=0.72),
        "light": _mix(colour, WHITE, 0.45),
        "white": WHITE,
        "ink": INK,
    }
    scene = [
        Shape("rect", (0, 0, SIDE, SIDE, 0), ground),
        Shape("rect", (0, 74, SIDE, 26, 0), _mix(ground, colour, 0.16)),
        Shape("ellipse", (50, 87, 34, 4), _mix(ground, INK, 0.35)),
    ]
    return scene + [_shape(line, roles) for line in _motifs()[motif]]


def _ground(colour: str) -> str:
    """Choose what lies behind: a tint of the product's colour, and something darker behind what is nearly white."""
    is_pale = min(rgb(colour)) > 205
    return _mix(colour, "#7f93a8", 0.4) if is_pale else _mix(colour, WHITE, 0.84)


def _shape(line: str, roles: dict[str, str]) -> Shape:
    kind, *numbers, role = line.split()
    flat = tuple(float(number) for part in numbers for number in part.split(","))
    return Shape(kind, flat, roles[role])


def to_svg(shapes: list[Shape]) -> str:
    body = "".join(_svg(shape) for shape in shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{body}</svg>'


def _svg(shape: Shape) -> str:
    if shape.kind == "rect":
        x, y, width, height, radius = shape.numbers
        return (
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{shape.colour}"/>'
        )
    if shape.kind == "ellipse":
        cx, cy, rx, ry = shape.numbers
        return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="{shape.colour}"/>'
    points = " ".join(f"{x},{y}" for x, y in zip(shape.numbers[::2], shape.numbers[1::2], strict=True))
    return f'<polygon points="{points}" fill="{shape.colour}"/>'


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(one: str, other: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _shift(colour: str, *, turn: float, light: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb(colour)))
    turned = colorsys.hls_to_rgb((hue + turn) % 1.0, min(1.0, lightness * light), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in turned)
