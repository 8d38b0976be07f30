"""Labels take few calls: new ones are ordered and fetched, and only what is not there yet is asked about."""

from typing import Any

import httpx

from domain.platform import LabelFile, LabelRequest, Outcome, ParcelRef, ParcelResult
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, by_path, wrapped

FIRST, SECOND = (ParcelRef(f"251122ABCDE00{n}", f"OFG11370153000000{n}", "80025", "IDZ") for n in (1, 2))
NEW = [LabelRequest(FIRST, "JX1"), LabelRequest(SECOND, "JX2")]
ORDERED = [LabelRequest(FIRST, "JX1", is_ordered=True), LabelRequest(SECOND, "JX2", is_ordered=True)]
FORMS, ORDER, STATES, FILE = (
    f"/logistics/{name}"
    for name in (
        "get_shipping_document_parameter", "create_shipping_document",
        "get_shipping_document_result", "download_shipping_document",
    )
)  # fmt: skip
PDF = b"%PDF-1.7 two labels"
LATER = {"error": "logistics.download_later", "message": "Processing, please download later."}


def rows(*facts: dict[str, str]) -> httpx.Response:
    """Say something of both parcels."""
    named = ({"order_sn": p.order_external_id, "package_number": p.external_id} for p in (FIRST, SECOND))
    return wrapped({"result_list": [name | fact for name, fact in zip(named, facts, strict=True)]})


def shopee(**answers: Any) -> StandIn:
    usual = {
        "get_shipping_document_parameter": answer("logistics_get_shipping_document_parameter", "success"),
        "create_shipping_document": rows({}, {}),
        "download_shipping_document": httpx.Response(200, content=PDF),
    }
    return StandIn(by_path(**usual | answers))


async def test_new_labels_are_fetched_right_after_they_are_ordered() -> None:
    stand_in = shopee()
    for _ in range(2):
        labels = await stand_in.platform.fulfilment.labels(SHOP, NEW)
        assert (labels.files, labels.waiting, labels.refused) == ((LabelFile(PDF, (FIRST, SECOND)),), (), ())
    assert stand_in.paths == [FORMS, ORDER, FILE, ORDER, FILE]


async def test_labels_in_the_making_are_asked_about_and_not_ordered_again() -> None:
    made = [
        rows({"status": "PROCESSING"}, {"status": "READY"}),
        rows({"status": "READY"}, {"status": "READY"}),
    ]
    files = [httpx.Response(200, json=LATER), *(httpx.Response(200, content=PDF) for _ in made)]
    stand_in = shopee(get_shipping_document_result=made, download_shipping_document=files)
    fulfilment = stand_in.platform.fulfilment
    first = await fulfilment.labels(SHOP, NEW)
    assert (first.files, first.waiting, first.refused) == ((), (FIRST, SECOND), ())
    then = await fulfilment.labels(SHOP, ORDERED)
    assert (then.files, then.waiting, then.refused) == ((LabelFile(PDF, (SECOND,)),), (FIRST,), ())
    again = await fulfilment.labels(SHOP, ORDERED)
    assert (again.files, again.waiting, again.refused) == ((LabelFile(PDF, (FIRST, SECOND)),), (), ())
    assert stand_in.paths == [FORMS, ORDER, FILE, STATES, FILE, STATES, FILE]


async def test_one_that_fails_in_the_making_does_not_keep_the_others() -> None:
    failed = {"error": "logistics.package_print_failed", "message": "The package print failed."}
    stand_in = shopee(
        get_shipping_document_result=rows({"status": "FAILED"}, {"status": "READY"}),
        download_shipping_document=[httpx.Response(200, json=failed), httpx.Response(200, content=PDF)],
    )
    first = await stand_in.platform.fulfilment.labels(SHOP, NEW)
    assert (first.files, first.waiting, first.refused) == ((), (FIRST, SECOND), ())
    then = await stand_in.platform.fulfilment.labels(SHOP, ORDERED)
    assert then.files == (LabelFile(PDF, (SECOND,)),)
    assert then.refused == (ParcelResult(FIRST, Outcome.REJECTED, "label_failed"),)
    assert stand_in.paths == [FORMS, ORDER, FILE, STATES, ORDER, FILE]


async def test_what_cannot_be_ordered_is_told_and_the_rest_is_fetched() -> None:
    refused = {
        "fail_error": "logistics.package_can_not_print",
        "fail_message": "The package can not print now.",
    }
    stand_in = shopee(create_shipping_document=rows(refused, {}))
    labels = await stand_in.platform.fulfilment.labels(SHOP, NEW)
    assert (labels.files, labels.waiting) == ((LabelFile(PDF, (SECOND,)),), ())
    assert labels.refused == (ParcelResult(FIRST, Outcome.REJECTED, "not_printable"),)
