"""Boosts and comments: answered as the reference's samples, refused where it says so."""

from typing import Any

import pytest

from tests.simulator.shopee.fields import lacking
from tests.simulator.shopee.shelf import item_with_status, look_at_shelf
from tests.simulator.shopee.wire import HOME, Json, Wire, fixture

BOOST, BOOSTED = "product/boost_item", "product/get_boosted_list"
COMMENTS, REPLY = "product/get_comment", "product/reply_comment"


def sample(name: str, response: str) -> Json:
    body: Json = next(each["body"] for each in fixture(name)["responses"] if each["name"] == response)
    return body


async def error_of(wire: Wire, path: str, body: Any) -> str:
    answer: Json = (await wire.post(path, body, shop=HOME)).json()
    return str(answer["error"])


async def comment(wire: Wire, **facts: Any) -> Json:
    """Have the buyer of the newest order say something; return the comment as the call shows it."""
    order = (await wire.world())["orders"][-1]["order_sn"]
    written = await wire.control("reviews", {"order_sn": order, **facts})
    return (await read(wire, comment_id=written["comment_id"]))[0]


async def read(wire: Wire, **query: Any) -> list[Json]:
    answer = await wire.shop_get(COMMENTS, {"cursor": "", "page_size": 100, **query})
    found: list[Json] = answer["response"]["item_comment_list"]
    return found


async def test_items_are_boosted_once_and_for_a_while(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    first = await linked.shop_post(BOOST, {"item_id_list": [shelf.item]})
    assert first["response"]["success_list"] == {"item_id_list": [shelf.item]}
    again = await linked.shop_post(BOOST, {"item_id_list": [shelf.item, shelf.single]})
    assert lacking(sample("product_boost_item", "partial"), again) == []
    assert again["response"]["failure_list"] == [
        {"item_id": shelf.item, "failed_reason": "can not boost item repeatedly"}
    ]
    shown = await linked.shop_get(BOOSTED)
    assert lacking(sample("product_get_boosted_list", "success"), shown) == []
    assert {each["item_id"]: each["cool_down_second"] for each in shown["response"]["item_list"]} == {
        shelf.item: 14400,
        shelf.single: 14400,
    }
    await linked.move_clock(14400)
    await linked.link()
    assert (await linked.shop_get(BOOSTED))["response"]["item_list"] == []


async def test_five_items_are_boosted_at_once(linked: Wire) -> None:
    on_sale = [each["item_id"] for each in (await linked.world())["items"] if each["status"] == "NORMAL"]
    await linked.shop_post(BOOST, {"item_id_list": on_sale[:5]})
    assert await error_of(linked, BOOST, {"item_id_list": on_sale[5:6]}) == "error_boost_item_all_failed"
    for wrong in (None, [], on_sale[:6], ["7"], 7):
        assert (await error_of(linked, BOOST, {"item_id_list": wrong})).endswith("error_param")


async def test_what_is_not_on_sale_is_not_boosted(linked: Wire) -> None:
    for item_id in ((await item_with_status(linked, "UNLIST"))["item_id"], 1):
        assert await error_of(linked, BOOST, {"item_id_list": [item_id]}) == "error_boost_item_all_failed"


async def test_a_comment_is_read_and_answered_once(linked: Wire) -> None:
    said = await comment(linked, stars=2, words="lampu mati", photos=2)
    reference = sample("product_get_comment", "success")["response"]["item_comment_list"][0]
    assert lacking(reference, said) == []
    assert (said["rating_star"], said["comment"], len(said["media"]["image_url_list"])) == (
        2,
        "lampu mati",
        2,
    )
    assert "comment_reply" not in said
    body = {"comment_list": [{"comment_id": int(said["comment_id"]), "comment": "Maaf, kami ganti"}]}
    answered = await linked.shop_post(REPLY, body)
    assert lacking(sample("product_reply_comment", "success"), answered) == []
    assert (await read(linked, comment_id=said["comment_id"]))[0]["comment_reply"][
        "reply"
    ] == "Maaf, kami ganti"
    refused = (await linked.post(REPLY, body, shop=HOME)).json()
    assert refused["error"] == sample("product_reply_comment", "already_replied")["error"]


async def test_comments_come_in_pages_until_there_are_none(linked: Wire) -> None:
    every = {str(each["comment_id"]) for each in (await linked.world())["reviews"]}
    assert 10 < len(every) < 500
    seen: list[str] = []
    cursor, is_more = "", True
    while is_more:
        page = (await linked.shop_get(COMMENTS, {"cursor": cursor, "page_size": 5}))["response"]
        seen += [each["comment_id"] for each in page["item_comment_list"]]
        cursor, is_more = page["next_cursor"], page["more"]
    assert sorted(seen) == sorted(every)


async def test_of_very_many_comments_the_newest_can_be_reached(linked: Wire) -> None:
    order = (await linked.world())["orders"][0]["order_sn"]
    for _ in range(510):
        await linked.control("reviews", {"order_sn": order})
    deep = (await linked.shop_get(COMMENTS, {"cursor": "500", "page_size": 100}))["response"]
    assert (deep["item_comment_list"], deep["more"]) == ([], True)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"page_size": 10}, "error_param"),
        ({"cursor": "", "page_size": 0}, "error_param"),
        ({"cursor": "", "page_size": 101}, "error_param"),
        ({"cursor": "", "page_size": 10, "item_id": 1}, "product.item_not_exist"),
        ({"cursor": "", "page_size": 10, "comment_id": 1}, "product.cmt_not_exist"),
    ],
)
async def test_wrong_questions_are_refused(linked: Wire, query: Json, error: str) -> None:
    assert (await linked.get(COMMENTS, query, shop=HOME)).json()["error"] == error


async def test_a_comment_of_another_item_is_refused(linked: Wire) -> None:
    said = await comment(linked)
    other = next(i["item_id"] for i in (await linked.world())["items"] if i["item_id"] != said["item_id"])
    query = {"cursor": "", "page_size": 10, "item_id": other, "comment_id": said["comment_id"]}
    refused = (await linked.get(COMMENTS, query, shop=HOME)).json()
    assert refused["error"] == "product.item_cmt_combine_wrong"


async def test_wrong_answers_are_refused(linked: Wire) -> None:
    number = int((await comment(linked))["comment_id"])
    for words in ("", "x" * 501, None):
        body = {"comment_list": [{"comment_id": number, "comment": words}]}
        assert await error_of(linked, REPLY, body) == "product.comment_length_invalid"
    twice = {"comment_list": [{"comment_id": number, "comment": "ya"}] * 2}
    assert await error_of(linked, REPLY, twice) == "product.duplicate_comment_id"
    unknown = {"comment_list": [{"comment_id": 1, "comment": "ya"}]}
    assert await error_of(linked, REPLY, unknown) == "product.error_not_exist"
    mixed = {"comment_list": [*unknown["comment_list"], {"comment_id": number, "comment": "ya"}]}
    told = (await linked.shop_post(REPLY, mixed))["response"]["result_list"]
    assert [each.get("fail_error", "") for each in told] == ["product.error_not_exist", ""]
    assert await error_of(linked, REPLY, mixed) == "common.batch_api_all_failed"


async def test_the_seller_centre_answers_and_the_platform_hides(linked: Wire) -> None:
    number = (await comment(linked))["comment_id"]
    await linked.control(f"reviews/{number}/answer", {"words": "Terima kasih!"})
    await linked.control(f"reviews/{number}/hide")
    shown = (await read(linked, comment_id=number))[0]
    assert (shown["comment_reply"]["reply"], shown["hidden"]) == ("Terima kasih!", True)


async def test_an_illustrated_description_comes_in_blocks(linked: Wire) -> None:
    items = (await linked.world())["items"]
    number = next(each["item_id"] for each in items if each["title"].startswith("Sandal Rumah"))
    query = {"item_id_list": number}

    async def shown() -> Json:
        answer = await linked.shop_get("product/get_item_base_info", query)
        item: Json = answer["response"]["item_list"][0]
        return item

    before = await shown()
    assert (before["description"], before["description_type"]) == ("", "extended")
    blocks = before["description_info"]["extended_description"]["field_list"]
    assert [each["field_type"] for each in blocks] == ["text", "image"]
    told = {"extended_description": {"field_list": [{"field_type": "text", "text": "Baru"}, blocks[1]]}}
    await linked.shop_post(
        "product/update_item",
        {"item_id": number, "description_type": "extended", "description_info": told},
    )
    after = (await shown())["description_info"]["extended_description"]["field_list"]
    assert [after[0]["text"], after[1]["image_info"]] == ["Baru", blocks[1]["image_info"]]
    await linked.shop_post("product/update_item", {"item_id": number, "description": "Polos"})
    assert ((await shown())["description"], (await shown())["description_type"]) == ("Polos", "normal")
