"""Photos under the ids the calls give out, drawn when somebody looks."""

import hashlib
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from simulator.world.catalogue import load_catalogue
from simulator.world.drawing import draw, option_colour, to_svg
from simulator.world.raster import to_png

LOGO = "shop-logo"
FULL_SIZE, THUMBNAIL_SIZE = 480, 160


def image_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def image_url(address: str, identity: str) -> str:
    return f"{address}/file/{identity}"


class PhotoAlbum:
    """Knows which drawing hides behind an id; `<id>` and `<id>_tn` are PNG, `<id>.svg` is SVG."""

    def __init__(self) -> None:
        self._drawings = {image_id(LOGO): ("box", "#d0402b")}
        for product in load_catalogue().products:
            self._drawings[image_id(product.key)] = (product.motif, product.colour)
            for number, option in enumerate(product.tiers[0].options if product.tiers else ()):
                colour = option_colour(option, product.colour, number)
                self._drawings[image_id(f"{product.key}/{option}")] = (product.motif, colour)

    async def show(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        drawing = self._drawings.get(name.removesuffix(".svg").removesuffix("_tn"))
        if drawing is None:
            return Response("no such photo", 404, media_type="text/plain")
        headers = {"Cache-Control": "public, max-age=86400"}
        if name.endswith(".svg"):
            return Response(to_svg(draw(*drawing)), media_type="image/svg+xml", headers=headers)
        size = THUMBNAIL_SIZE if name.endswith("_tn") else FULL_SIZE
        return Response(_png(*drawing, size), media_type="image/png", headers=headers)


@lru_cache(maxsize=256)
def _png(motif: str, colour: str, size: int) -> bytes:
    return to_png(draw(motif, colour), size)
