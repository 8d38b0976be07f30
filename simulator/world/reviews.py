"""What buyers say of what they got, and what the seller answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from simulator.world.orders import Order, OrderLine, OrderState

if TYPE_CHECKING:
    from simulator.world.shops import Shop

FIRST_NUMBER = 120_590_834
ONE_IN = 4
"""Of those who got what they bought, so many write something."""
WORDS = {
    1: ("Lampu mati setelah dua hari", "Barang tidak sesuai gambar, kecewa", "สินค้าแตกมาในกล่อง ติดต่อร้านไม่ได้"),
    2: ("Pengiriman lama, kardus penyok", "Hàng giao thiếu một món, shop trả lời chậm"),
    3: ("Lumayan sesuai harga", "Bahan agak tipis"),
    4: ("Bagus, cuma warna sedikit beda", "Đóng gói cẩn thận, giao nhanh"),
    5: ("Bagus", "Mantap, langganan", "สินค้าดีมาก ส่งไวค่ะ", ""),
}
STARS, WEIGHTS = (5, 4, 3, 2, 1), (70, 14, 7, 4, 5)
THANKS = "Terima kasih!"


@dataclass(slots=True)
class Review:
    """What one buyer said of one thing in an order; answered at most once."""

    number: int
    order_sn: str
    buyer: str
    line: OrderLine
    stars: int
    words: str
    photos: int
    created_at: datetime
    is_hidden: bool = False
    reply: str = ""
    replied_at: datetime | None = None

    def answer(self, words: str, at: datetime) -> None:
        self.reply, self.replied_at = words, at


def add_review(
    shop: "Shop", order: Order, line: OrderLine, *, stars: int, words: str, photos: int, at: datetime
) -> Review:
    """Have the buyer of an order say something of one thing in it."""
    number = shop.id * 1_000_000 + FIRST_NUMBER + 7 * len(shop.reviews)
    made = Review(number, order.order_sn, order.buyer.username, line, stars, words, photos, at)
    shop.reviews[number] = made
    return made


def write_past_reviews(random: Random, shop: "Shop", now: datetime) -> None:
    """Let some of those who got their things have said so; the seller thanked some of them."""
    for order in list(shop.orders.values()):
        if order.state is not OrderState.COMPLETED or random.randrange(ONE_IN):
            continue
        stars = random.choices(STARS, WEIGHTS)[0]
        at = order.updated_at + timedelta(minutes=random.randrange(20, 3000))
        if at > now:
            continue
        made = add_review(
            shop,
            order,
            random.choice(order.lines),
            stars=stars,
            words=random.choice(WORDS[stars]),
            photos=random.choice((0, 0, 1, 2)),
            at=at,
        )
        if stars > 3 and random.randrange(2):
            made.answer(THANKS, min(now, at + timedelta(hours=3)))
