"""The goods of the simulated sellers, read from the product tables beside this file."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product as combinations
from pathlib import Path
from typing import Any

PRODUCT_TABLES = Path(__file__).parent / "products"


@dataclass(frozen=True, slots=True)
class Supplier:
    key: str
    name: str
    city: str
    lead_time_days: int


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantSpec:
    choice: tuple[int, ...]
    """One option number per tier; empty for a product without options."""
    options: tuple[str, ...]
    sku: str
    price_idr: int
    cost_idr: int


@dataclass(frozen=True, slots=True)
class ProductSpec:
    key: str
    department: str
    title: str
    language: str
    about: str
    is_illustrated: bool
    """Whether its description is told in words and pictures."""
    sku: str
    motif: str
    colour: str
    supplier: str
    grams: int
    box_cm: tuple[int, int, int]
    popularity: int
    state: str
    wholesale: tuple[int, int] | None
    """From how many units, at which price each (rupiah)."""
    tiers: tuple[Tier, ...]
    variants: tuple[VariantSpec, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    products: tuple[ProductSpec, ...]
    suppliers: dict[str, Supplier]

    @property
    def variant_count(self) -> int:
        return sum(len(product.variants) for product in self.products)


@cache
def load_catalogue() -> Catalogue:
    products = tuple(
        _product(table["department"], row)
        for path in sorted(PRODUCT_TABLES.glob("*.toml"))
        if path.stem != "suppliers"
        for table in (_read(path),)
        for row in table["product"]
    )
    suppliers = {
        row["key"]: Supplier(row["key"], row["name"], row["city"], row["lead_time_days"])
        for row in _read(PRODUCT_TABLES / "suppliers.toml")["supplier"]
    }
    return Catalogue(products, suppliers)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _product(department: str, row: dict[str, Any]) -> ProductSpec:
    tiers = tuple(Tier(name, tuple(options)) for name, *options in row.get("tiers", []))
    wholesale = row.get("wholesale")
    return ProductSpec(
        key=row["key"],
        department=department,
        title=row["title"],
        language=row.get("language", "id"),
        about=row["about"],
        is_illustrated=row.get("illustrated", False),
        sku=row.get("sku", row["key"]),
        motif=row["motif"],
        colour=row["colour"],
        supplier=row["supplier"],
        grams=row["grams"],
        box_cm=tuple(row["box"]),
        popularity=row.get("popularity", 3),
        state=row.get("state", "active"),
        wholesale=(wholesale[0], wholesale[1]) if wholesale else None,
        tiers=tiers,
        variants=tuple(_variants(row, tiers)),
    )


def _variants(row: dict[str, Any], tiers: tuple[Tier, ...]) -> Iterator[VariantSpec]:
    extra: dict[str, int] = row.get("extra", {})
    left_out = {tuple(choice) for choice in row.get("not_made", [])}
    for choice in combinations(*(range(len(tier.options)) for tier in tiers)):
        options = tuple(tier.options[number] for tier, number in zip(tiers, choice, strict=True))
        if options in left_out:
            continue
        surcharge = sum(extra.get(option, 0) for option in options)
        yield VariantSpec(
            choice=choice,
            options=options,
            sku=_variant_sku(row, choice, options),
            price_idr=row["price"] + surcharge,
            cost_idr=row["cost"] + surcharge * row["cost"] // row["price"],
        )


def _variant_sku(row: dict[str, Any], choice: tuple[int, ...], options: tuple[str, ...]) -> str:
    """Say the seller's code of a variant: some sellers leave it out, or give one code to all (`skus` in the table)."""
    style = row.get("skus", "each")
    parent: str = row.get("sku", row["key"])
    if style == "none" or any(option in row.get("blank", ()) for option in options):
        return ""
    if style == "shared" or not options:
        return parent
    codes = (option_code(option, number) for option, number in zip(options, choice, strict=True))
    return "-".join((parent, *codes))


def option_code(option: str, number: int) -> str:
    """Shorten an option to a code: "Merah Muda" gives MERMUD, one without Latin letters its number."""
    words = ("".join(c for c in word if c.isascii() and c.isalnum()) for word in option.split())
    parts = [(word if any(c.isdigit() for c in word) else word[:4]).upper() for word in words if word]
    return "".join(parts)[:8] or f"{number + 1:02d}"
