"""Which parcel a call means: by order, by package number, or both."""

from dataclasses import dataclass
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.statuses import package_status
from simulator.world.orders import Order, OrderState, Parcel
from simulator.world.shops import Shop

PREFIX = "OFG"
MOST = 50
READY = frozenset({"LOGISTICS_READY", "LOGISTICS_PICKUP_RETRY"})

NO_ORDER = ApiError("error_not_found", "Wrong parameters, detail: the order is not found.")
NO_PACKAGE = ApiError("logistics.package_not_exist", "The package is not exist.")
WHICH_PACKAGE = ApiError(
    "logistics.package_number_not_exist", "Please request with package_number for this split order."
)
ALLOCATING = ApiError(
    "logistics.error_param", "The order is being allocated, please wait until the allocate is completed."
)


@dataclass(frozen=True, slots=True)
class Package:
    """A parcel with its order, as package calls speak of it."""

    order: Order
    parcel: Parcel

    @property
    def number(self) -> str:
        return PREFIX + self.parcel.number

    @property
    def status(self) -> str:
        return package_status(self.order, self.parcel)

    @property
    def is_ready(self) -> bool:
        return self.status in READY


def package_of(
    call: ShopCall,
    order_sn: str,
    package_number: str | None,
    *,
    no_order: ApiError = NO_ORDER,
    which: ApiError = WHICH_PACKAGE,
) -> Package:
    """Find the parcel of an order; a split order needs the number of one."""
    order = call.shop.orders.get(order_sn)
    if order is None:
        raise no_order
    if package_number is None:
        if len(order.parcels) > 1:
            raise which
        return Package(order, order.parcels[0])
    parcel = order.parcel(package_number.removeprefix(PREFIX))
    if parcel is None or not package_number.startswith(PREFIX):
        raise NO_PACKAGE
    return Package(order, parcel)


def package_by_number(shop: Shop, package_number: str) -> Package | None:
    """Find a parcel by its own number in all orders of a shop."""
    bare = package_number.removeprefix(PREFIX)
    if bare == package_number:
        return None
    for order in shop.orders.values():
        if parcel := order.parcel(bare):
            return Package(order, parcel)
    return None


def optional_number(fields: Any, name: str = "package_number") -> str | None:
    """Read a package number that may be left out, and must not be empty."""
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise wrong_parameter(f"{name} should be a string that is not empty.")
    return value


def refuse_held(order: Order) -> None:
    if order.state is OrderState.HELD:
        raise ALLOCATING
    if order.state is OrderState.INVOICE_DUE:
        raise ApiError("logistics.lack_of_invoice_data", "The invoice data of the order is missing.")
