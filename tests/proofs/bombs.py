"""Files that mean harm, or are merely odd: each kind made anew from a seed, with the prices it plainly says."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from random import Random

from services.sheets import sheet
from tests.integration.services.pricelists import csv_of, xlsx

MB = 1_000_000
HEAD = ("shop", "sku", "price")
SHOP = "Rumah Kita"
PLAIN = sheet([HEAD, (SHOP, "KAOS-1-1", 95_000)])
OPEN, SHUT = "<worksheet><sheetData>", "</sheetData></worksheet>"


@dataclass(frozen=True, slots=True)
class Bomb:
    """A file; `says` are the prices of it that may be drawn up, by SKU. Most are `refused` as a whole."""

    content: bytes
    is_refused: bool = True
    says: Mapping[str, int] = field(default_factory=dict)


Make = Callable[[Random, int], Bomb]


def packed(parts: Mapping[str, bytes | None], *, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the plain workbook with these parts in place of its own; None leaves one out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(PLAIN)) as old, zipfile.ZipFile(out, "w", kind, compresslevel=6) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, part in (kept | dict(parts)).items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def page(body: str) -> bytes:
    return packed({"xl/worksheets/sheet1.xml": f"{OPEN}{body}{SHUT}".encode()})


def _filled(random: Random, size: int, piece: Callable[[int], str]) -> str:
    """Return so many bytes of pieces that differ enough not to be packed a hundredfold."""
    about = len(piece(10**6))
    return "".join(piece(random.randrange(10**6)) for _ in range(size // about))


def zeros(_: Random, size: int) -> Bomb:
    return Bomb(packed({"xl/media/zeros.bin": bytes(size)}))


def lying(random: Random, size: int) -> Bomb:
    """A part that says it is small, and is not."""
    made = bytearray(packed({"xl/a.bin": bytes(size // 10)}))
    for sign, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        where = made.rindex(sign)
        made[where + at : where + at + 4] = random.randrange(1, 100).to_bytes(4, "little")
    return Bomb(bytes(made), is_refused=False, says={"KAOS-1-1": 95_000})


def rows(_: Random, __: int) -> Bomb:
    return Bomb(csv_of(HEAD[1:], *(("KAOS-1-1", at) for at in range(20_100))))


def many_rows(random: Random, size: int) -> Bomb:
    return Bomb(page(_filled(random, size, lambda at: f'<row><c t="str"><v>{at}</v></c></row>')))


def empty_rows(random: Random, size: int) -> Bomb:
    return Bomb(page(_filled(random, size, lambda at: f'<row r="{at}"/>')))


def looks(random: Random, size: int) -> Bomb:
    """Cells without anything in them, each with a look of its own."""
    body = _filled(random, size, lambda at: f'<c r="XFD{at % 1000}" s="{at}"/>')
    return Bomb(page(f"<row>{body}</row>"))


def wide(_: Random, __: int) -> Bomb:
    return Bomb(page("<row>" + "".join(f"<c><v>{at}</v></c>" for at in range(16_384)) + "</row>"))


def texts(random: Random, size: int) -> Bomb:
    body = _filled(random, size, lambda at: f"<si><t>{at}</t></si>")
    return Bomb(packed({"xl/sharedStrings.xml": f"<sst>{body}</sst>".encode()}))


def one_text(random: Random, size: int) -> Bomb:
    body = _filled(random, size, lambda at: f"{at} ")
    return Bomb(packed({"xl/sharedStrings.xml": f"<sst><si><t>{body}</t></si></sst>".encode()}))


def repeated_text(_: Random, __: int) -> Bomb:
    """One long text, in every cell."""
    cells = "".join(f'<row r="{at}"><c t="s"><v>0</v></c></row>' for at in range(1, 19_000))
    book = {
        "xl/sharedStrings.xml": f"<sst><si><t>{'long' * 1200}</t></si></sst>".encode(),
        "xl/worksheets/sheet1.xml": f"{OPEN}{cells}{SHUT}".encode(),
    }
    return Bomb(packed(book))


def laughs(random: Random, __: int) -> Bomb:
    lines = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, random.randint(5, 12)))
    return Bomb(
        packed(
            {"xl/workbook.xml": f'<!DOCTYPE w [<!ENTITY a0 "ha">{lines}]><workbook>&a4;</workbook>'.encode()}
        )
    )


def blowup(_: Random, size: int) -> Bomb:
    text = f'<!DOCTYPE w [<!ENTITY a "{"a" * (size // 20)}">]><worksheet>{"&a;" * 5000}</worksheet>'
    return Bomb(packed({"xl/worksheets/sheet1.xml": text.encode()}))


def outer(random: Random, __: int) -> Bomb:
    where = random.choice(("file:///etc/passwd", "http://169.254.169.254/", "file:///proc/self/environ"))
    text = f'<!DOCTYPE w [<!ENTITY a SYSTEM "{where}">]><worksheet>&a;</worksheet>'
    return Bomb(packed({"xl/worksheets/sheet1.xml": text.encode()}))


def deep(random: Random, size: int) -> Bomb:
    return Bomb(page(_filled(random, size, lambda at: f"<a{at}>")))


def attributes(random: Random, size: int) -> Bomb:
    names = _filled(random, size, lambda at: f' a{at}="{at}"')
    return Bomb(page(f"<row{names}/>"))


def one_attribute(random: Random, size: int) -> Bomb:
    return Bomb(page(f'<row spans="{_filled(random, size, lambda at: f"{at} ")}"/>'))


def places(random: Random, _: int) -> Bomb:
    odd = random.choice(("ZZZZ1", "A", "1", "A99999999999", "A1:B2", "../A1", "Ａ1", ""))
    return Bomb(page(f'<row r="1"><c r="{odd}"><v>1</v></c></row>'))


def numbers(random: Random, _: int) -> Bomb:
    """Numbers of which none is a price."""
    odd = random.choice(
        ("1e308", "1e999", "-1", "0", "NaN", "inf", "0x10", "1e-300", "９５０００", "1_000", "9" * 400)
    )
    body = f"<c><v>{odd}</v></c>".join(('<c t="str"><v>KAOS-1-1</v></c>', ""))
    head = "".join(f'<c t="str"><v>{each}</v></c>' for each in HEAD[1:])
    return Bomb(page(f"<row>{head}</row><row>{body}</row>"), is_refused=False)


def indices(random: Random, _: int) -> Bomb:
    odd = random.choice(("-1", "99999999", "1e3", "x", "²"))
    return Bomb(page(f'<row><c t="s"><v>{odd}</v></c></row>'))


def targets(random: Random, _: int) -> Bomb:
    where = random.choice(("../../../etc/passwd", "/etc/passwd", "http://evil.com/a.xml", "workbook.xml", ""))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    rels = f'<Relationships><Relationship Id="rId1" Type="{kind}" Target="{where}"/></Relationships>'
    return Bomb(packed({"xl/_rels/workbook.xml.rels": rels.encode()}))


def many_parts(random: Random, _: int) -> Bomb:
    return Bomb(packed({f"xl/{at}.xml": b"x" for at in range(random.randint(1_000, 5_000))}))


def nested(random: Random, _: int) -> Bomb:
    return Bomb(packed({f"xl/embeddings/{random.choice(('a.xlsx', 'a.ZIP', 'a.docx'))}": PLAIN}))


def macros(random: Random, _: int) -> Bomb:
    return Bomb(packed({random.choice(("xl/vbaProject.bin", "xl/VBAPROJECT.BIN")): b"\xcc\x61"}))


def packing(random: Random, _: int) -> Bomb:
    return Bomb(packed({}, kind=random.choice((zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2))))


def overlap(_: Random, __: int) -> Bomb:
    made = bytearray(PLAIN)
    first = made.index(b"PK\1\2")
    second = made.index(b"PK\1\2", first + 4)
    made[second + 42 : second + 46] = made[first + 42 : first + 46]
    return Bomb(bytes(made))


def locked(_: Random, __: int) -> Bomb:
    return Bomb(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))


def cut(random: Random, _: int) -> Bomb:
    return Bomb(PLAIN[: random.randrange(4, len(PLAIN) - 22)])


def flipped(random: Random, _: int) -> Bomb:
    """A workbook with some bytes of its packed parts changed: refused, or the same, or without that part."""
    made = bytearray(PLAIN)
    for _ in range(random.randint(1, 30)):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return Bomb(bytes(made), is_refused=False, says={"KAOS-1-1": 95_000})


def noise(random: Random, size: int) -> Bomb:
    head = random.choice((b"", b"%PDF-1.7", b"\x89PNG", b"PK\3\4", b"\xff\xfe", b"\xef\xbb\xbf"))
    return Bomb(head + random.randbytes(random.randrange(100, size // 100)))


def wide_csv(_: Random, size: int) -> Bomb:
    return Bomb(b"sku,price" + b",x" * min(size // 2, 2 * MB))


def long_csv(_: Random, size: int) -> Bomb:
    return Bomb(b"sku,price\n\n" + b"\n" * min(size, 4 * MB))


def cell_csv(random: Random, _: int) -> Bomb:
    return Bomb(b"sku,price\n" + random.choice((b'"', b"")) + b"a" * 4 * MB)


def quotes_csv(random: Random, _: int) -> Bomb:
    return Bomb(b"sku,price\n" + random.choice((b'"A"B,1', b'"A,1', b'A,"1"2')) * random.randint(1, 3))


def letters_csv(random: Random, _: int) -> Bomb:
    text = "sku,price\nKAOS-1-1,٩٥٠٠٠ä\n"
    kind = random.choice(("utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1256", "utf-8"))
    return Bomb(text.encode(kind, "replace"), is_refused=kind.startswith(("utf-16", "utf-32")))


def prices(random: Random, _: int) -> Bomb:
    """Rows of which one is right; the others are formulas, doubled, hidden, empty, shifted or of another shop."""
    right, amount = f"KAOS-4-{random.randint(1, 3)}", random.randrange(90_000, 99_000)
    listed = [
        (SHOP, "KAOS-1-1", f"={amount}"), (SHOP, "KAOS-1-2", amount), ("", "kaos-1-2", amount),
        (SHOP, "KAOS-2-1", None), (SHOP, None, amount), (amount, SHOP, "KAOS-2-2"),
        ("Toko Lain", "KAOS-3-1", amount), (SHOP, "KAOS-3-2", "1,2,3"), (SHOP, "KAOS-3-3", amount),
        (SHOP, right, amount),
    ]  # fmt: skip
    return Bomb(xlsx(HEAD, *listed, hidden=(10,)), is_refused=False, says={right: amount})


KINDS: tuple[Make, ...] = (
    rows, prices, numbers, flipped, zeros, lying, many_rows, empty_rows, looks, wide, texts, one_text, repeated_text,
    laughs, blowup, outer, deep, attributes, one_attribute, places, indices, targets, many_parts, nested, macros,
    packing, overlap, locked, cut, noise, wide_csv, long_csv, cell_csv, quotes_csv, letters_csv,
)  # fmt: skip
