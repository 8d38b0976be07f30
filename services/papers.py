"""Putting label pages together: one file a courier, in packing order, small enough to be sent. Runs in a thread."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.parcels import Packing

LARGEST = 45 * 2**20
"""A file beyond 50 MB is not taken; what is larger goes in several."""


@dataclass(frozen=True, slots=True)
class Page:
    """A label is the part `at` of a file that holds so many `labels` in order."""

    content: bytes
    at: int
    labels: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to print: `first_pages` tells by parcel on which page, from 1, its label begins."""

    courier: str
    content: bytes
    first_pages: dict[str, int]


def merge(parcels: Sequence[Packing], pages: Mapping[str, Page]) -> list[Paper]:
    """Return one file a courier with the labels of these parcels in their order."""
    couriers: dict[str, list[Packing]] = defaultdict(list)
    for each in parcels:
        couriers[each.courier].append(each)
    papers = []
    for courier, them in couriers.items():
        papers += _split(courier, them, pages)
    return papers


def _split(courier: str, parcels: Sequence[Packing], pages: Mapping[str, Page]) -> list[Paper]:
    paper = _paper(courier, parcels, pages)
    if len(paper.content) <= LARGEST or len(parcels) == 1:
        return [paper]
    half = len(parcels) // 2
    return [*_split(courier, parcels[:half], pages), *_split(courier, parcels[half:], pages)]


def _paper(courier: str, parcels: Sequence[Packing], pages: Mapping[str, Page]) -> Paper:
    # Loaded with the first label: who only reads orders does without.
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    writer = PdfWriter()
    readers: dict[int, PdfReader] = {}
    first_pages: dict[str, int] = {}
    for parcel in parcels:
        page = pages[parcel.parcel_id]
        if id(page.content) not in readers:
            readers[id(page.content)] = PdfReader(io.BytesIO(page.content))
        reader = readers[id(page.content)]
        first_pages[parcel.parcel_id] = len(writer.pages) + 1
        each, rest = divmod(len(reader.pages), page.labels)
        # A label of several pages keeps them together; where they cannot be told apart the file stays whole.
        start, end = (page.at * each, page.at * each + each) if not rest else (0, 0)
        if rest and page.at == 0:
            start, end = 0, len(reader.pages)
        for at in range(start, end):
            writer.add_page(reader.pages[at])
    out = io.BytesIO()
    writer.write(out)
    return Paper(courier, out.getvalue(), first_pages)
