"""Make simulator/world/buyers.toml from real transactions.

Usage: python tools/fit_buyers.py FOLDER > simulator/world/buyers.toml

FOLDER holds the Online Retail data set (Chen, Sain, Guo 2012; UCI Machine Learning Repository; CC BY 4.0), one
gzip CSV a month. The result holds the parameters of a few laws and how well they fit, and no row of the data.

The shop of the data sells to gift shops as well as to people. A household's basket is taken to be one of at most
20 GBP, about ten times what the middle line costs a unit; baskets, hours and weekdays are fitted to those.
"""  # noqa: INP001 - a script that is run by its path, not a package

import csv
import gzip
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean, pstdev

HOUSEHOLD_GBP = 20.0
CHEAP_GBP, DEAR_GBP = 1.0, 3.0
MOST_LINES, MOST_UNITS = 12, 24
PACKS = (6, 12, 24)
GOODS = re.compile(r"\d{5}")
MONTHS_OF_STEADY_SALE = 8
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    units: int
    gbp: float
    at: datetime


def read(folder: Path) -> tuple[dict[str, list[Line]], Counter[str]]:
    """Return the lines of each invoice, and how many rows were dropped for what."""
    invoices: dict[str, list[Line]] = defaultdict(list)
    dropped: Counter[str] = Counter()
    for path in sorted(folder.glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as rows:
            for row in csv.DictReader(rows):
                line = Line(
                    row["StockCode"],
                    int(row["Quantity"]),
                    float(row["UnitPrice"]),
                    datetime.fromisoformat(row["InvoiceDate"]),
                )
                if reason := why_not(row["InvoiceNo"], line):
                    dropped[reason] += 1
                else:
                    invoices[row["InvoiceNo"]].append(line)
    return invoices, dropped


def why_not(number: str, line: Line) -> str:
    if not number.isdigit():
        return "cancellations"
    if line.units <= 0:
        return "write_offs"
    if line.gbp <= 0:
        return "without_price"
    return "" if GOODS.match(line.code) else "no_goods"


def zipf(exponent: float, most: int) -> list[float]:
    """Return the probabilities of 1 to `most` under p(k) ~ k ** -exponent."""
    raw = [k**-exponent for k in range(1, most + 1)]
    return [weight / sum(raw) for weight in raw]


def fit_zipf(values: Sequence[int], most: int, leave_out: Iterable[int] = ()) -> float:
    """Return the most likely exponent, to a hundredth, given that none of `leave_out` was drawn."""
    counts = Counter(value for value in values if value <= most and value not in set(leave_out))
    kept = [k for k in range(1, most + 1) if k not in set(leave_out)]

    def likelihood(exponent: float) -> float:
        norm = math.log(sum(k**-exponent for k in kept))
        return -sum(n * (exponent * math.log(k) + norm) for k, n in counts.items())

    return max((step / 100 for step in range(50, 500)), key=likelihood)


def distance(values: Sequence[int], model: list[float]) -> float:
    """Return the largest gap between the two cumulated curves (Kolmogorov-Smirnov)."""
    counts, gap, seen, said = Counter(values), 0.0, 0.0, 0.0
    for k, share in enumerate(model, 1):
        seen += counts[k] / len(values)
        said += share
        gap = max(gap, abs(seen - said))
    return gap


def fit_units(units: Sequence[int]) -> tuple[float, float, list[float], float]:
    """Return exponent, share of lines bought by the pack, shares of the packs, and the distance of it all."""
    units = [n for n in units if n <= MOST_UNITS]
    exponent = fit_zipf(units, MOST_UNITS, PACKS)
    single = zipf(exponent, MOST_UNITS)
    loose = sum(n not in PACKS for n in units) / len(units)
    packed = max(0.0, 1 - loose / (1 - sum(single[pack - 1] for pack in PACKS)))
    excess = [max(0.0, units.count(pack) / len(units) - (1 - packed) * single[pack - 1]) for pack in PACKS]
    shares = [part / (sum(excess) or 1) for part in excess]
    model = [(1 - packed) * share for share in single]
    for pack, share in zip(PACKS, shares, strict=True):
        model[pack - 1] += packed * share
    return exponent, packed, shares, distance(units, model)


def fit_popularity(invoices: dict[str, list[Line]]) -> float:
    """Return the spread of the logarithm of orders per product, over products sold in nearly every month."""
    orders: Counter[str] = Counter()
    months: dict[str, set[int]] = defaultdict(set)
    for lines in invoices.values():
        orders.update({line.code for line in lines})
        for line in lines:
            months[line.code].add(line.at.month)
    return pstdev(math.log(n) for code, n in orders.items() if len(months[code]) >= MONTHS_OF_STEADY_SALE)


def main(folder: Path) -> None:
    invoices, dropped = read(folder)
    baskets = [
        lines for lines in invoices.values() if sum(line.units * line.gbp for line in lines) <= HOUSEHOLD_GBP
    ]
    sizes = [len({line.code for line in lines}) for lines in baskets]
    exponent = fit_zipf(sizes, MOST_LINES)
    out = [
        "# Made by tools/fit_buyers.py from the Online Retail data set, December 2010 to August 2011",
        "# (Chen, Sain, Guo 2012; UCI Machine Learning Repository; CC BY 4.0). Parameters only, no data.",
        "# Rows dropped: " + ", ".join(f"{n} {why}" for why, n in sorted(dropped.items())) + ".",
        f"# {len(invoices)} invoices were left, {len(baskets)} of them a household's: at most {HOUSEHOLD_GBP:.0f} GBP.",
        "# `distance` is the largest gap between the cumulated curves of data and law.",
        *("", "[lines]", "# Of k lines: k ** -exponent, up to `most`."),
        f"exponent = {exponent}",
        f"most = {MOST_LINES}",
        f"distance = {distance(sizes, zipf(exponent, MOST_LINES)):.3f}",
    ]
    bounds = {"cheap": (0.0, CHEAP_GBP), "middling": (CHEAP_GBP, DEAR_GBP), "dear": (DEAR_GBP, math.inf)}
    every_line = [line for lines in baskets for line in lines]
    for name, (above, to) in bounds.items():
        units = [line.units for line in every_line if above < line.gbp <= to]
        slope, packed, shares, gap = fit_units(units)
        out += [
            *("", f"[units.{name}]"),
            f"share_of_lines = {len(units) / len(every_line):.3f}",
            f"exponent = {slope}",
            f"most = {MOST_UNITS}",
            f"packed = {packed:.3f}",
            f"packs = {list(PACKS)}",
            f"pack_shares = {[round(share, 3) for share in shares]}",
            f"distance = {gap:.3f}",
        ]
    hours = [lines[0].at.hour + lines[0].at.minute / 60 for lines in baskets]
    days = Counter(lines[0].at.weekday() for lines in baskets)
    out += [
        *("", "[popularity]", "# The logarithm of orders per product is normal, with this spread."),
        f"spread = {fit_popularity(invoices):.3f}",
        *("", "[hours]", "# Time of day, local, in hours: normal."),
        f"mean = {fmean(hours):.2f}",
        f"spread = {pstdev(hours):.2f}",
        *(
            "",
            "[weekdays]",
            "# Share of a day among the days of a week; the shop of the data was closed on Saturdays.",
        ),
        *(f"{name} = {days[number] / len(baskets):.3f}" for number, name in enumerate(DAYS)),
    ]
    sys.stdout.write("\n".join(out) + "\n")
    report(baskets, sizes)


def report(baskets: list[list[Line]], sizes: list[int]) -> None:
    """Say on the error stream what the data itself shows: the figures that tests compare with."""
    hours = Counter(lines[0].at.hour for lines in baskets)
    units = [line.units for lines in baskets for line in lines]
    for name, values in (("lines", sizes), ("units", units)):
        shares = {k: round(values.count(k) / len(values), 3) for k in (1, 2, 3, 4, 6, 12, 24)}
        sys.stderr.write(f"{name}: mean {fmean(values):.2f}, {shares}\n")
    sys.stderr.write(f"hours: { {hour: round(n / len(baskets), 3) for hour, n in sorted(hours.items())} }\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
