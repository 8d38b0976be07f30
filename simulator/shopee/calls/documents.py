"""Labels: which forms there are, making them, waiting for them, and the file."""

from typing import Any

from simulator.shopee.calls.endpoint import Download, ShopCall
from simulator.shopee.calls.packages import MOST, Package, optional_number, package_of
from simulator.shopee.documents import NORMAL, SIZES_MM, THERMAL
from simulator.shopee.errors import ApiError
from simulator.shopee.parameters import required_text, rows
from simulator.stand_in.labels import draw

FORMS = (NORMAL, THERMAL)
PRINTABLE = frozenset({"LOGISTICS_REQUEST_CREATED", "LOGISTICS_PICKUP_RETRY"})
CANNOT_PRINT = ApiError("logistics.package_can_not_print", "The package can not print now.")
FIRST = ApiError(
    "logistics.shipping_document_should_print_first",
    "The package can not print now, please create shipping document first.",
)
LATER = ApiError("logistics.download_later", "Processing, please download later.")


async def get_shipping_document_parameter(call: ShopCall) -> dict[str, Any]:
    def suggest(_: Package, __: dict[str, Any]) -> dict[str, Any]:
        return {
            "suggest_shipping_document_type": THERMAL,
            "selectable_shipping_document_type": list(FORMS),
        }

    return _each(call, suggest)


async def create_shipping_document(call: ShopCall) -> dict[str, Any]:
    now = call.sim.clock.now()

    def create(package: Package, row: dict[str, Any]) -> dict[str, Any]:
        kind = _form(row)
        if package.status not in PRINTABLE:
            raise CANNOT_PRINT
        seen = package.parcel.number_at(now)
        if not seen or row.get("tracking_number") != seen:
            raise ApiError(
                "logistics.tracking_number_invalid",
                "The tracking number is invalid. Please check the tracking number.",
            )
        call.sim.documents.ask(call.shop.id, package.order.order_sn, package.number, kind)
        return {}

    return _each(call, create)


async def get_shipping_document_result(call: ShopCall) -> dict[str, Any]:
    now = call.sim.clock.now()

    def result(package: Package, _: dict[str, Any]) -> dict[str, Any]:
        document = call.sim.documents.find(package.number)
        if document is None:
            raise FIRST
        status = document.status(now)
        if status != "FAILED":
            return {"status": status}
        failed = {
            "fail_error": "logistics.unknown_error",
            "fail_message": "Unknown error, please contact Shopee to check.",
        }
        return {"status": status, **failed}

    return _each(call, result)


async def download_shipping_document(call: ShopCall) -> Download:
    """Give the file; what cannot be given is told as JSON."""
    kind = _form(call.body)
    packages = [_package(call, row) for row in rows(call.body, "order_list", at_most=MOST)]
    if len({package.parcel.courier for package in packages}) > 1:
        raise ApiError(
            "logistics.packages_can_not_download_together", "The packages can not be downloaded together."
        )
    now = call.sim.clock.now()
    for package in packages:
        document = call.sim.documents.find(package.number)
        if document is None or document.kind != kind:
            raise FIRST
        if document.status(now) == "FAILED":
            raise ApiError("logistics.package_print_failed", "The package print failed.")
        if document.status(now) == "PROCESSING":
            raise LATER
    for package in packages:
        package.parcel.prints += 1
    labels = [(package.order, package.parcel) for package in packages]
    return Download(draw(labels, SIZES_MM[kind], now), "application/pdf")


def _package(call: ShopCall, row: dict[str, Any]) -> Package:
    return package_of(call, required_text(row, "order_sn"), optional_number(row))


def _form(fields: dict[str, Any]) -> str:
    kind = fields.get("shipping_document_type", NORMAL)
    if kind not in FORMS:
        raise ApiError("logistics.shipping_document_type_invalid", "The shipping document type is invalid.")
    return str(kind)


def _each(call: ShopCall, act: Any) -> dict[str, Any]:
    """Do something with each row; a row that fails says why, and when all fail so does the call."""
    results: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for row in rows(call.body, "order_list", at_most=MOST):
        named = {"order_sn": row.get("order_sn", "")}
        try:
            package = _package(call, row)
            results.append(named | {"package_number": package.number} | act(package, row))
        except ApiError as refusal:
            failure = {"fail_error": refusal.error, "fail_message": refusal.message}
            results.append(named | failure)
            failed.append({**named, "package_number": row.get("package_number", "")})
    if failed and len(failed) == len(results):
        raise ApiError(
            "common.batch_api_all_failed",
            "Failed, please check result_list for more details.",
            response={"result_list": results},
        )
    return {"warning": failed or None, "response": {"result_list": results}}
