"""The main screens, word for word."""

from textwrap import dedent

import pytest

from bot.render import Renderer
from tests.unit.bot import records as r
from tests.unit.bot.screens import SCREENS

GOLDEN = {
    ("home", "en"): """
        📊 <b>Today 812,000\u00a0IDR</b> · 27 orders
        🔴 11 orders to pack, the first by 15:00
        ⚠️ 2 price changes wait for approval
        🔴 4 variants sold out
        <i>1 shop</i> · <i>as of 14:05</i>
        [Pack 11] [Stock] [Approve 2]
        [Orders] [Shops] [Settings]""",
    ("home", "id"): """
        📊 <b>Hari ini Rp812.000</b> · 27 pesanan
        🔴 11 pesanan perlu dikemas, pertama sebelum 15.00
        ⚠️ 2 perubahan harga menunggu persetujuan
        🔴 4 varian habis
        <i>1 toko</i> · <i>per 14.05</i>
        [Kemas 11] [Stok] [Setujui 2]
        [Pesanan] [Toko] [Setelan]""",
    ("first run", "en"): """
        <b>Run your shops from this chat</b>
        Link a shop once: its orders and stock come here, and a new order rings here.
        Prices change only after somebody presses Approve. Nothing is sent to a shop before that.
        [Link a shop]
        [Language] [Help]""",
    ("orders of two shops", "en"): """
        📦 <b>2 orders to pack</b>
        🔴 <b>…AAAAA</b> · 87,000\u00a0IDR · was due 11:05
        2 pieces: Lampu LED E… +2 · <i>Rumah Kita</i>
        📦 <b>…BBBBB</b> · placed 13:29
        2 × Lampu LED E27… · <i>RK Official</i>
        <i>as of 14:05</i>
        […AAAAA] […BBBBB]
        [•To pack] [Unpaid] [Shipped]
        [Done] [Cancelled] [All]
        [Returns] [Refresh] [Home]""",
    ("order cash", "en"): """
        ⏳ <b>…AB12X</b> · 101,000\u00a0IDR · paid, held by the platform
        Shopee · Rumah Kita · J&amp;T Express · cash on delivery
        2 × Lampu LED E27 12W · Putih  58,000
        1 × Kabel USB-C 2 m  29,000
        Shipping, vouchers and the like  14,000
        Total  101,000
        <blockquote expandable>Order <code>2611110GAB12X</code>
        Buyer s***a, Jakarta Selatan
        Buyer's note: <code>tolong bubble wrap</code>
        Your note: <code>kirim besok</code>
        Placed 13:29 · paid 13:30 · told you 13:35</blockquote>
        <i>as of 14:05</i>
        [Copy number] [Refresh]
        [Back] [Home]""",
    ("order late", "id"): """
        🔴 <b>…AB12X</b> · Rp87.000 · jemput sudah diatur, telat sejak 12.05
        Shopee · Rumah Kita · J&amp;T Express
        2 × Lampu LED E27 12W · Putih  58.000
        1 × Kabel USB-C 2 m  29.000
        <blockquote expandable>Pesanan <code>2611110GAB12X</code>
        Pembeli s***a, Jakarta Selatan
        Catatan pembeli: <code>tolong bubble wrap</code>
        Paket J&amp;T <code>JX0012344412</code>
        Dipesan 13.29 · dibayar 13.30 · dikabari 13.35</blockquote>
        <i>per 14.05</i>
        [Salin nomor] [Muat ulang]
        [Kembali] [Beranda]""",
    ("new order of a demo shop", "en"): """
        🔔 <b>DEMO</b> · <b>New order</b> · 87,000\u00a0IDR · Rumah Kita
        2 × Lampu LED E27 12W · Putih
        1 × Kabel USB-C 2 m
        …AB12X · cash on delivery
        [Open] [🔕 1 h]""",
    ("new order", "id"): """
        🔔 <b>Pesanan baru</b> · Rp87.000 · Rumah Kita
        2 × Lampu LED E27 12W · Putih
        1 × Kabel USB-C 2 m
        …AB12X · J&amp;T Express · kirim sebelum 16.00
        [Buka] [🔕 1 j]""",
    ("low stock of few", "en"): """
        🔴 <b>Running out: 3 products</b>
        🔴 Lampu LED E27 12W · Putih · sold out
        🔴 Lampu LED E27 12W · Putih · 1 left · about 1 day
        🟡 Kabel USB-C 2 m · 6 left · about 3 days
        🟢 Lampu LED E27 12W · Putih · 40 left · refilled
        [Reorder list]
        [🔕 1 day] [Settings]""",
    ("low stock, last day", "en"): """
        🔴 <b>DEMO</b> · <b>Running out: Lampu LED E27 12W · Putih · 1 left</b> · less than a day
        [Reorder list]
        [🔕 1 day] [Settings]""",
    ("low stock, all refilled", "th"): """
        🟢 <b>เติมแล้ว: 2 สินค้า</b>
        🟢 Lampu LED E27 12W · Putih · เหลือ 40 · เติมแล้ว
        🟢 Lampu LED E27 12W · Putih · เหลือ 12 · เติมแล้ว
        [รายการต้องสั่งเพิ่ม]
        [🔕 1 วัน] [ตั้งค่า]""",
    ("low stock list", "en"): """
        🔴 <b>Running out: 3 products</b> · 1 sold out
        1. Lampu LED E27 12W · Putih
        🔴 <b>sold out</b> · <code>LED-12W-W</code>
        2. Lampu LED E27 12W · Putih
        🔴 <b>1 left</b> · about 2 days · <code>LED-12W-W</code>
        3. Kabel USB-C 2 m
        🟡 <b>6 left</b> · about 3 days · <code>USB-2M</code>
        <i>What lasts the shortest comes first.</i>
        <i>as of 14:05</i>
        [1 · LED-12W-W] [2 · LED-12W-W]
        [3 · USB-2M]
        [Back] [Home]""",
    ("alerts", "en"): """
        <b>Alerts here: 6 of 8 with sound</b>
        🔔 with sound · 🔕 silent · ✖️ off. A press changes it.
        🔕 New orders: silent until Fri 14:05
        From 22:00-07:00 everything comes silently, but for these:
        instant and same-day orders, an order cancelled after its label was made, a shop that was cut off.
        [New orders 🔔]
        [Cancellations 🔕]
        [Returns 🔔]
        [Low stock 🔔]
        [Prices to approve 🔕]
        [A shop cut off 🔔]
        [Shop health 🔔]
        [Bad reviews 🔔]
        [Sound again: New orders]
        [Quiet 22:00-07:00]
        [Daily card 08:00]
        [Back] [Home]""",
    ("daily card", "en"): """
        🗓 <b>Yesterday 8,900,000 IDR</b> · 31 orders
        🔴 12 orders to pack, the first by 16:05
        ⚠️ 2 price changes wait for approval
        🔴 3 variants sold out
        🟡 2 products run low
        [Pack] [Alerts] [Home]""",
    ("daily card of nothing", "en"): """
        🗓 <b>Nothing sold yesterday</b>
        🟢 Nothing to pack
        [Pack] [Alerts] [Home]""",
    ("cancelled alert", "en"): """
        ✖️ <b>Order cancelled</b> · …AB12X · 87,000\u00a0IDR
        2 × Lampu LED E27 12W · Putih
        1 × Kabel USB-C 2 m
        Shopee · Rumah Kita · J&amp;T Express
        Reason: out of stock
        <i>Do not pack it.</i>
        [Open]""",
    ("stock", "en"): """
        🔴 <b>DEMO</b> · <b>Stock: 484 variants</b> · 12 sold out
        1. Lampu LED E27 12W · Putih
        🔴 <b>sold out</b> · 29,000\u00a0IDR · <code>LED-12W-W</code>
        2. Lampu LED E27 12W · Putih
        🟡 <b>3 left</b>
        3. Lampu LED E27 12W · Putih
        <b>3 left</b> · 29,000\u00a0IDR · <code>LED-12W-W</code>
        <i>Scarcest first. Search with /stock and a few words.</i>
        <i>as of 14:05</i>
        [1 · LED-12W-W] [2 · Putih]
        [3 · LED-12W-W] [·]
        [·]
        [‹] [2/61] [›]
        [Running out 3]
        [Refresh] [Products] [Home]""",
    ("variant on sale", "en"): """
        🟢 <b>6 left · Lampu LED E27 12W · Putih</b>
        SKU <code>LED-12W-W</code>
        Shopee · Rumah Kita: 2 left (2 kept for a promotion) · 29,000\u00a0IDR
        buyer pays 24,900 now, locked until 23:59
        Shopee · Rumah Kita: 3 left · 29,000\u00a0IDR
        price locked by the platform until 23:59
        Shopee · Rumah Kita: 3 left · 29,000\u00a0IDR
        buyer pays 24,900 now
        With its cost I show what you keep: <code>/cost LED-12W-W …</code>
        A floor keeps slips of the finger away: <code>/price LED-12W-W floor …</code>
        <i>Shopee has not answered since 13:59; I keep trying</i>
        ⚠️ Rumah Kita: the link has ended, log in again
        <i>as of 14:05</i>
        [Change price] [Copy SKU]
        [Back] [Home]""",
    ("price asked on sale", "en"): """
        🏷 <b>DEMO</b> · <b>Price −8.6%</b> · Lampu LED E27 12W · Putih
        Shopee · Rumah Kita: 29,000 → <b>26,500\u00a0IDR</b>
        buyer pays 24,900 now, locked until 23:59, then applied
        Asked by Sari, 13:59 · ends Thu 13:59
        Note: <code>match the market</code>
        <i>nothing is sent before somebody approves</i>
        [Approve 26,500 from 23:59]
        [Reject]
        [Back] [Home]""",
    ("price live", "en"): """
        ✅ <b>26,500 is live</b> · Lampu LED E27 12W · Putih
        Shopee · Rumah Kita: 29,000 → <b>26,500\u00a0IDR</b> (−8.6%)
        live, read back 14:02:36
        Asked by Sari, 13:59
        Approved by Ann, 14:02
        <i>can be taken back until Thu 14:02</i>
        [Undo…]
        [Back] [Home]""",
    ("price live", "id"): """
        ✅ <b>26.500 sudah tayang</b> · Lampu LED E27 12W · Putih
        Shopee · Rumah Kita: 29.000 → <b>Rp26.500</b> (−8,6%)
        tayang, dicek ulang 14.02.36
        Diajukan Sari, 13.59
        Disetujui Ann, 14.02
        <i>bisa dikembalikan sampai Kam 14.02</i>
        [Kembalikan…]
        [Kembali] [Beranda]""",
    ("price conflict", "en"): """
        ⚠️ <b>Price not changed</b> · Lampu LED E27 12W · Putih
        Shopee · Rumah Kita: 29,000 → <b>26,500\u00a0IDR</b> (−8.6%)
        The shop's price is 27,900 now, not 29,000: nothing was sent
        Asked by Sari, 13:59
        Approved by Ann, 14:02
        [Ask again: 26,500]
        [Back] [Home]""",
    ("link offer", "en"): """
        <b>DEMO</b> · <b>Link Shopee, Indonesia</b>
        1. Open the page and log in at Shopee.
        2. Choose 365 days, or the longest it offers: a short one ends in the middle of a campaign.
        3. Come back here. Valid until 14:20.
        [Open Shopee]
        [I landed on a page that does not open]
        [Cancel]""",
    ("link question", "en"): """
        <b>Is this your shop?</b> Rumah Kita (Shopee, ID)
        Shop number <code>220000101</code>
        Asked for in this chat. Its orders and products come in only after you say yes.
        [Yes, link it] [No]""",
    ("linked", "id"): """
        ✅ <b>Tersambung: Rumah Kita</b>
        ⏳ Sedang masuk: 484 produk, 1.920 pesanan 30 hari · 62%
        <i>tidak ada yang dikirim ke toko sebelum kamu minta</i>
        [Pesanan] [Stok]
        [Beranda]""",
    ("error order_unknown ", "en"): """
        <b>I do not know this order</b>
        What I read: <code>AB-12x</code>. No order number of your shops ends like this.
        [Search for it]""",
    ("error command_unknown ", "id"): """
        <b>Perintah ini tidak saya kenal</b>
        Yang saya baca: <code>/ordrs</code>. Maksudnya /orders?
        [Bantuan]""",
    ("broke", "en"): """
        Something broke on my side. Nothing was changed. Reference <code>K7Q2</code>.""",
}


@pytest.mark.parametrize(("name", "language"), GOLDEN)
def test_screen_reads_as_written(name: str, language: str) -> None:
    screen = SCREENS[name](Renderer(language, r.ZONE, lambda: r.NOW))
    rows = [" ".join(f"[{button.text}]" for button in row) for row in screen.rows]
    assert "\n".join([screen.text, *rows]) == dedent(GOLDEN[name, language]).strip("\n")
