"""Labels: an address of a PDF, for packages that are packed and have not left."""

import base64
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from simulator.lazada import errors
from simulator.lazada.calls.endpoint import NO_ERROR, Call, Told, result
from simulator.lazada.calls.fulfilment import find_package
from simulator.lazada.simulation import Simulation
from simulator.stand_in.labels import draw
from simulator.world.orders import Order, OrderState, Parcel

SIZE = (105.0, 148.0)
LINK_LIFE = timedelta(hours=1)
MOST = 20


async def document(call: Call) -> Told:
    asked = call.json("getDocumentReq")
    rows = asked.get("packages") if isinstance(asked, dict) else None
    if (
        not isinstance(rows, list)
        or not rows
        or len(rows) > MOST
        or asked.get("doc_type") not in {"PDF", "HTML"}
    ):
        raise errors.numbered("5", "Invalid Request Format")
    labels: list[tuple[Order, Parcel]] = []
    for row in rows:
        found = find_package(call, str(row.get("package_id")))
        if found is None:
            raise errors.numbered("600001", "package not found")
        order, parcel = found
        # There is no word for a courier who did not come: it is ready still, and has its label.
        is_packed = parcel.arranged_at or parcel.number in call.sim.packed
        if not (is_packed or order.state is OrderState.PICKUP_FAILED) or order.state is OrderState.CANCELLED:
            raise errors.numbered("34", "The label is not available in this state")
        if parcel.picked_up_at:
            raise errors.numbered("50008", "The package has left")
        labels.append(found)
    if call.sim.documents.failing > 0:
        call.sim.documents.failing -= 1
        raise errors.numbered("30012", "The label is not available yet")
    name = call.sim.random.randbytes(16).hex()
    call.sim.documents.links[name] = (labels, call.sim.clock.now() + LINK_LIFE)
    url = f"{call.address}/docs/{name}.pdf"
    page = base64.b64encode(f'<iframe src="{url}"></iframe>'.encode()).decode()
    return result({"file": page, "doc_type": asked["doc_type"], "pdf_url": url}, **NO_ERROR)


class DocumentPages:
    """The address behind `pdf_url`; it asks for no token, and must not be given one."""

    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def show(self, request: Request) -> Response:
        link = self._sim.documents.links.get(str(request.path_params["name"]))
        now = self._sim.clock.now()
        if link is None or now > link[1]:
            return Response("expired", 403, media_type="text/plain")
        if "access_token" in request.query_params:
            return Response("a token was given away", 400, media_type="text/plain")
        for _, parcel in link[0]:
            parcel.prints += 1
        return Response(draw(link[0], SIZE, now), media_type="application/pdf")
