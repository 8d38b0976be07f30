"""Labels as a courier would print them: one page a parcel."""

from datetime import datetime

from fpdf import FPDF

from simulator.world.orders import Order, Parcel


def draw(labels: list[tuple[Order, Parcel]], size_mm: tuple[float, float], made_at: datetime) -> bytes:
    """Return a file with one page a parcel: courier, number as bars and digits, buyer as masked, goods."""
    pdf = FPDF(unit="mm", format=size_mm)
    pdf.set_creation_date(made_at)
    pdf.set_auto_page_break(auto=False)
    for order, parcel in labels:
        _page(pdf, order, parcel)
    return bytes(pdf.output())


def _page(pdf: FPDF, order: Order, parcel: Parcel) -> None:
    pdf.add_page()
    pdf.set_margin(5)
    pdf.set_font("Helvetica", "B", 16)
    pdf.text(6, 14, parcel.courier + ("  COD" if order.cod else ""))
    pdf.code39(f"*{parcel.tracking_number}*", x=6, y=20, w=0.7, h=16)
    pdf.set_font("Helvetica", "B", 12)
    pdf.text(6, 44, parcel.tracking_number)
    pdf.set_font("Helvetica", "", 9)
    lines = [
        f"Order {order.order_sn}",
        f"To {order.buyer.masked_name}  {order.buyer.masked_phone}",
        f"{order.buyer.district}, {order.buyer.city} {order.buyer.zipcode}",
        *(f"{line.quantity} x {line.sku or line.listing_sku or line.title}" for line in parcel.lines),
    ]
    for number, words in enumerate(lines):
        pdf.text(6, 54 + 6 * number, words.encode("latin-1", "replace").decode("latin-1"))
