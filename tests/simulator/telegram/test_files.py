"""Photos and documents, up and down."""

import httpx
import pytest

from tests.simulator.telegram.partners import TOKEN, BotSide, Json, Phone, png

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x60\x00\x80\x01\x01\x11\x00\xff\xd9"
)
GIF = b"GIF89a\x80\x00\x60\x00\x00\x00\x00"
WEBP = b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x7f\x00\x00\x5f\x00\x00"


async def result(bot: BotSide, method: str, part: str, content: bytes, **args: object) -> Json:
    name, mime = ("a.png", "image/png") if part == "photo" else ("orders.csv", "text/csv")
    response = await bot.upload(method, {part: (name, content, mime)}, **args)
    body: Json = response.json()
    return body


async def test_document_comes_back_as_it_was(bot: BotSide, phone: Phone, http: httpx.AsyncClient) -> None:
    body = await result(bot, "sendDocument", "document", b"a,b\n1,2\n", chat_id=phone.user_id, caption="rows")
    document = body["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "orders.csv",
        "text/csv",
        8,
    )
    file = await bot.ok("getFile", file_id=document["file_id"])
    assert (file["file_size"], file["file_unique_id"]) == (8, document["file_unique_id"])
    download = await http.get(f"/file/bot{TOKEN}/{file['file_path']}")
    assert download.content == b"a,b\n1,2\n"
    (shown,) = await phone.sees()
    assert (shown["caption"], shown["media"]["file_name"], shown["text"]) == ("rows", "orders.csv", None)
    seen = await http.get(shown["media"]["url"])
    assert seen.content == b"a,b\n1,2\n"
    assert seen.headers["content-disposition"].startswith("attachment")


async def test_file_id_sends_the_same_file_again(bot: BotSide, phone: Phone) -> None:
    body = await result(bot, "sendDocument", "document", b"x", chat_id=phone.user_id)
    first = body["result"]["document"]
    again = await bot.ok("sendDocument", chat_id=phone.user_id, document=first["file_id"])
    assert again["document"]["file_unique_id"] == first["file_unique_id"]


async def test_download_needs_the_token(bot: BotSide, phone: Phone, http: httpx.AsyncClient) -> None:
    body = await result(bot, "sendDocument", "document", b"x", chat_id=phone.user_id)
    file = await bot.ok("getFile", file_id=body["result"]["document"]["file_id"])
    answer = await http.get(f"/file/bot1:wrong/{file['file_path']}")
    assert answer.status_code == 404


@pytest.mark.parametrize("content", [png(128, 96), JPEG, GIF, WEBP], ids=["png", "jpeg", "gif", "webp"])
async def test_photo_is_measured(content: bytes, bot: BotSide, phone: Phone) -> None:
    body = await result(bot, "sendPhoto", "photo", content, chat_id=phone.user_id)
    (size,) = body["result"]["photo"]
    assert (size["width"], size["height"]) == (128, 96)


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (b"no picture", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        (png(5001, 5000), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (
            png() + b"\0" * 10485760,
            400,
            "Bad Request: file of size {} bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
        (b"", 400, "Bad Request: file must be non-empty"),
    ],
    ids=["no picture", "too large", "too long", "too heavy", "empty"],
)
async def test_unfit_photo_is_refused(
    content: bytes, code: int, text: str, bot: BotSide, phone: Phone
) -> None:
    body = await result(bot, "sendPhoto", "photo", content, chat_id=phone.user_id)
    assert (body["error_code"], body["description"]) == (code, text.format(len(content)))
    assert await phone.sees() == []


async def test_upload_over_fifty_megabytes_is_too_large(bot: BotSide, phone: Phone) -> None:
    body = await result(
        bot, "sendDocument", "document", b"\0" * (50 * 1024 * 1024 + 1), chat_id=phone.user_id
    )
    assert (body["error_code"], body["description"]) == (413, "Request Entity Too Large")


async def test_large_file_cannot_be_downloaded(bot: BotSide, phone: Phone) -> None:
    body = await result(
        bot, "sendDocument", "document", b"\0" * (20 * 1024 * 1024 + 1), chat_id=phone.user_id
    )
    file_id = body["result"]["document"]["file_id"]
    assert await bot.refused("getFile", file_id=file_id) == (400, "Bad Request: file is too big")


async def test_file_by_address_is_fetched_on_this_machine(
    bot: BotSide, phone: Phone, http: httpx.AsyncClient
) -> None:
    await result(bot, "sendPhoto", "photo", png(), chat_id=phone.user_id)
    path = (await phone.sees())[0]["media"]["url"]
    sent = await bot.ok("sendPhoto", chat_id=phone.user_id, photo=str(http.base_url.join(path)))
    assert sent["photo"][-1]["width"] == 40
    page = str(http.base_url.join("/client/users"))
    answer = await bot.refused("sendPhoto", chat_id=phone.user_id, photo=page)
    assert answer == (400, "Bad Request: wrong type of the web page content")
    answer = await bot.refused("sendPhoto", chat_id=phone.user_id, photo=str(http.base_url.join("/nothing")))
    assert answer == (400, "Bad Request: failed to get HTTP URL content")
    answer = await bot.refused("sendPhoto", chat_id=phone.user_id, photo="http://127.0.0.1:x/")
    assert answer == (400, "Bad Request: wrong file identifier/HTTP URL specified")


async def test_caption_and_media_are_edited(bot: BotSide, phone: Phone) -> None:
    body = await result(bot, "sendPhoto", "photo", png(), chat_id=phone.user_id, caption="old")
    target = {"chat_id": phone.user_id, "message_id": body["result"]["message_id"]}
    edited = await bot.ok("editMessageCaption", caption="<b>new</b>", parse_mode="HTML", **target)
    assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("new", "bold")
    document = await result(bot, "sendDocument", "document", b"x", chat_id=phone.user_id)
    media = {"type": "document", "media": document["result"]["document"]["file_id"], "caption": "file"}
    edited = await bot.ok("editMessageMedia", media=media, **target)
    assert (edited["document"]["file_name"], edited["caption"], "photo" in edited) == (
        "orders.csv",
        "file",
        False,
    )


async def test_caption_needs_media(bot: BotSide, phone: Phone) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    answer = await bot.refused(
        "editMessageCaption", chat_id=phone.user_id, message_id=sent["message_id"], caption="y"
    )
    assert answer == (400, "Bad Request: there is no caption in the message to edit")


@pytest.mark.parametrize(
    ("media", "text"),
    [
        ({"type": "photo"}, "can't parse InputMedia: Can't find field \"media\""),
        ({"type": "photo", "media": "attach://no"}, "can't parse InputMedia: media not found"),
        ({"type": "video", "media": "x"}, 'can\'t parse InputMedia: type "video" is unsupported'),
        ({"type": "photo", "media": "x"}, "wrong file identifier/HTTP URL specified"),
        ("{", "can't parse input media JSON object"),
        ([1], "can't parse InputMedia: expected an Object"),
    ],
)
async def test_unfit_media_is_refused(media: object, text: str, bot: BotSide, phone: Phone) -> None:
    body = await result(bot, "sendPhoto", "photo", png(), chat_id=phone.user_id)
    message_id = body["result"]["message_id"]
    answer = await bot.refused("editMessageMedia", chat_id=phone.user_id, message_id=message_id, media=media)
    assert answer == (400, f"Bad Request: {text}")


async def test_album_shares_a_group_id(bot: BotSide, phone: Phone) -> None:
    body = await result(bot, "sendPhoto", "photo", png(), chat_id=phone.user_id)
    photo = {"type": "photo", "media": body["result"]["photo"][-1]["file_id"]}
    album = await bot.ok("sendMediaGroup", chat_id=phone.user_id, media=[photo | {"caption": "a"}, photo])
    assert len({message["media_group_id"] for message in album}) == 1
    assert album[0]["caption"] == "a"
    answer = await bot.refused("sendMediaGroup", chat_id=phone.user_id, media=[photo] * 11)
    assert answer == (400, "Bad Request: too many messages to send as an album")
    mixed = [photo, {"type": "document", "media": "x"}]
    answer = await bot.refused("sendMediaGroup", chat_id=phone.user_id, media=mixed)
    assert answer == (400, "Bad Request: can't use the media of the specified type in the album")


async def test_person_sends_files(bot: BotSide, phone: Phone) -> None:
    await phone.sends_file("stock.csv", "text/csv", b"sku,qty\n", caption="my stock")
    await phone.sends_file("shelf.png", "image/png", png(400, 300))
    document, photo = [update["message"] for update in await bot.updates()]
    assert (document["document"]["file_name"], document["caption"]) == ("stock.csv", "my stock")
    assert [size["width"] for size in photo["photo"]] == [320, 400]
    file = await bot.ok("getFile", file_id=document["document"]["file_id"])
    assert (await phone.http.get(f"/file/bot{TOKEN}/{file['file_path']}")).content == b"sku,qty\n"
    assert "file_path" in await bot.ok("getFile", file_id=photo["photo"][0]["file_id"])
