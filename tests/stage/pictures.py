"""Pictures that people take: drawn, small, and real."""

from simulator.world.drawing import draw
from simulator.world.raster import to_png

PARCEL = "box"


def picture(motif: str = PARCEL, colour: str = "#b98b56", *, side: int = 48) -> bytes:
    """Return a picture as a phone would send it."""
    return to_png(draw(motif, colour), side)
