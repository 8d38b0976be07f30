"""The same drawings as PNG, for chats that show no SVG. Spans are filled row by row; edges are blended."""

import struct
import zlib
from collections.abc import Iterator
from math import ceil, floor, sqrt

from simulator.world.drawing import SIDE, Shape, rgb

Span = tuple[float, float]


def to_png(shapes: list[Shape], size: int = 480) -> bytes:
    rows = [bytearray(size * 3) for _ in range(size)]
    scale = size / SIDE
    for shape in shapes:
        colour = rgb(shape.colour)
        for number, row in enumerate(rows):
            for start, end in _spans(shape, (number + 0.5) / scale):
                _fill(row, start * scale, end * scale, colour)
    return _encode(rows, size)


def _spans(shape: Shape, y: float) -> Iterator[Span]:
    """Say from where to where a shape covers the line at height `y`."""
    if shape.kind == "rect":
        yield from _rect_span(shape.numbers, y)
    elif shape.kind == "ellipse":
        cx, cy, rx, ry = shape.numbers
        if abs(y - cy) < ry:
            half = rx * sqrt(1 - ((y - cy) / ry) ** 2)
            yield cx - half, cx + half
    else:
        yield from _polygon_spans(shape.numbers, y)


def _rect_span(numbers: tuple[float, ...], y: float) -> Iterator[Span]:
    x, top, width, height, radius = numbers
    if not top <= y < top + height:
        return
    inset = 0.0
    from_edge = min(y - top, top + height - y)
    if from_edge < radius:
        inset = radius - sqrt(radius**2 - (radius - from_edge) ** 2)
    yield x + inset, x + width - inset


def _polygon_spans(numbers: tuple[float, ...], y: float) -> Iterator[Span]:
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    crossings = sorted(
        x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True)
        if (y0 <= y < y1) or (y1 <= y < y0)
    )
    yield from zip(crossings[::2], crossings[1::2], strict=True)


def _fill(row: bytearray, start: float, end: float, colour: tuple[int, int, int]) -> None:
    start, end = max(0.0, start), min(float(len(row) // 3), end)
    if end <= start:
        return
    first, last = ceil(start), floor(end)
    if first < last:
        row[first * 3 : last * 3] = bytes(colour) * (last - first)
    if first > start:
        _blend(row, first - 1, min(first, end) - start, colour)
    if last < end and last >= first:
        _blend(row, last, end - last, colour)


def _blend(row: bytearray, pixel: int, share: float, colour: tuple[int, int, int]) -> None:
    at = pixel * 3
    for channel in range(3):
        before = row[at + channel]
        row[at + channel] = round(before + (colour[channel] - before) * share)


def _encode(rows: list[bytearray], size: int) -> bytes:
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
