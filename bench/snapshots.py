"""Orders as a platform tells them, the same at every run: one to three lines, one parcel, a name in another script."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from domain.money import Money
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine

TITLES = (
    "Lampu LED E27 12W Putih Hemat Energi",
    "Rak Piring Stainless 2 Susun Anti Karat",
    "หม้อทอดไร้น้ำมัน 4 ลิตร รุ่นใหม่",
    "Serum Vitamin C 20 ml Mencerahkan Wajah",
    "Kabel Data USB-C 60W Fast Charging 1 m",
    "Bình giữ nhiệt inox 500 ml",
)
COURIERS = ("J&T Express", "SPX Standard", "Reguler (Cashless)")


def orders(
    count: int, *, newest: datetime, status: OrderStatus = OrderStatus.COMPLETED, name: str = "H"
) -> Iterator[OrderSnapshot]:
    """Yield orders, the newest first, one every seven minutes; `name` keeps the numbers of two calls apart."""
    dice = random.Random(name)
    for number in range(count):
        yield _order(dice, f"26{name}{number:08d}", newest - timedelta(minutes=7 * number), status)


def _order(dice: random.Random, number: str, placed_at: datetime, status: OrderStatus) -> OrderSnapshot:
    lines = tuple(_line(dice, position) for position in range(dice.choice((1, 1, 2, 3))))
    held = tuple(
        ParcelLine(line.listing_external_id, line.variant_external_id, line.quantity) for line in lines
    )
    return OrderSnapshot(
        external_id=number,
        status=status,
        raw_status=status.upper(),
        placed_at=placed_at,
        updated_at=placed_at + timedelta(hours=1),
        currency="IDR",
        lines=lines,
        parcels=(Parcel(f"OFG{number}", "LOGISTICS_READY", COURIERS[0], "", held),),
        paid_at=placed_at + timedelta(minutes=2),
        ship_by=placed_at + timedelta(days=2),
        total=sum((line.total for line in lines), Money(Decimal(9000), "IDR")),
        buyer_name="B***o",
        buyer_city="KOTA BANDUNG",
        buyer_note="tolong bungkus rapi",
        payment_method="ShopeePay",
        courier=dice.choice(COURIERS),
        digest=sha256(number.encode()).hexdigest(),
    )


def _line(dice: random.Random, position: int) -> OrderLine:
    price = Money(Decimal(dice.randrange(9, 400) * 1000), "IDR")
    listing = str(2_500_000_000 + dice.randrange(150) * 10 + position)
    return OrderLine(
        listing_external_id=listing,
        variant_external_id=str(dice.randrange(1, 4)),
        unit_ids=(listing,),
        title=dice.choice(TITLES),
        variant_name="Hitam, M",
        sku=f"SKU-{listing[-4:]}",
        quantity=dice.choice((1, 1, 1, 2, 5)),
        unit_price=price,
        list_price=price,
        image_url="https://cf.shop.invalid/file/82becb4830bd2ee90ad6acf8a9dc26d7_tn",
    )
