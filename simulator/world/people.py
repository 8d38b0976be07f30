"""Buyers: made-up people, with the masked names and addresses a seller gets to see."""

from dataclasses import dataclass
from random import Random

GIVEN_NAMES = {
    "ID": ("budi", "sari", "dewi", "agus", "rina", "putri", "andi", "wulan", "fajar", "nisa", "yoga", "ratna",
           "tono", "maya", "hendra", "lina", "bayu", "intan", "dimas", "ayu", "rizky", "siti", "eko", "tika"),
    "MY": ("aisyah", "farid", "meiling", "kumar", "nurul", "hafiz", "siewling", "amir", "liyana", "jason",
           "zarina", "weijie", "priya", "haziq", "suraya", "kelvin"),
}  # fmt: skip
PLACES = {
    "ID": (
        ("COBLONG", "KOTA BANDUNG", "JAWA BARAT", "40132"),
        ("KEBAYORAN BARU", "KOTA JAKARTA SELATAN", "DKI JAKARTA", "12110"),
        ("CENGKARENG", "KOTA JAKARTA BARAT", "DKI JAKARTA", "11730"),
        ("GUBENG", "KOTA SURABAYA", "JAWA TIMUR", "60281"),
        ("DEPOK", "KAB. SLEMAN", "DI YOGYAKARTA", "55281"),
        ("BANYUMANIK", "KOTA SEMARANG", "JAWA TENGAH", "50263"),
        ("MEDAN KOTA", "KOTA MEDAN", "SUMATERA UTARA", "20215"),
        ("DENPASAR BARAT", "KOTA DENPASAR", "BALI", "80119"),
        ("TAMALANREA", "KOTA MAKASSAR", "SULAWESI SELATAN", "90245"),
        ("PONDOK AREN", "KOTA TANGERANG SELATAN", "BANTEN", "15224"),
    ),
    "MY": (
        ("PETALING JAYA", "PETALING", "SELANGOR", "46000"),
        ("BUKIT BINTANG", "KUALA LUMPUR", "WILAYAH PERSEKUTUAN", "55100"),
        ("GEORGE TOWN", "TIMUR LAUT", "PULAU PINANG", "10200"),
        ("JOHOR BAHRU", "JOHOR BAHRU", "JOHOR", "80000"),
    ),
}
WISHES = (
    "tolong bungkus rapi", "bubble wrap ya kak", "kirim hari ini ya 🙏", "warna sesuai pesanan ya",
    "titip satpam kalau tidak ada orang", "jangan sampai penyok", "buat kado, tolong jangan kasih nota",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Buyer:
    user_id: int
    username: str
    masked_name: str
    masked_phone: str
    district: str
    city: str
    state: str
    region: str
    zipcode: str
    masked_address: str = "****"


def draw_buyer(random: Random, region: str) -> Buyer:
    names = GIVEN_NAMES.get(region, GIVEN_NAMES["ID"])
    district, city, state, zipcode = random.choice(PLACES.get(region, PLACES["ID"]))
    name = random.choice(names)
    return Buyer(
        user_id=random.randrange(10**8, 2 * 10**9),
        username=f"{name}{random.choice(('', '_', '.'))}{random.randrange(2, 999)}",
        masked_name=f"{name[0].upper()}***{name[-1]}",
        masked_phone=f"******{random.randrange(10, 99)}",
        district=district,
        city=city,
        state=state,
        region=region,
        zipcode=zipcode,
    )


def draw_wish(random: Random) -> str:
    """One buyer in six writes something to the seller."""
    return random.choice(WISHES) if random.random() < 1 / 6 else ""
