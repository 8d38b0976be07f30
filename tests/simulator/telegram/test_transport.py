"""The Bot API as HTTP: every way to pass parameters, and the envelope around each answer."""

import json
from typing import Any

import httpx
import pytest

from tests.simulator.telegram.partners import TOKEN, BotSide, Phone, png


def forms(args: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the same arguments as each kind of request."""
    flat = {name: json.dumps(part) if isinstance(part, dict) else str(part) for name, part in args.items()}
    return {
        "query": {"method": "GET", "params": flat},
        "form": {"method": "POST", "data": flat},
        "json": {"method": "POST", "json": args},
        "multipart": {"method": "POST", "files": {name: (None, part) for name, part in flat.items()}},
        "query and form": {
            "method": "POST",
            "params": {"chat_id": flat["chat_id"]},
            "data": {name: part for name, part in flat.items() if name != "chat_id"},
        },
    }


@pytest.mark.parametrize("kind", ["query", "form", "json", "multipart", "query and form"])
async def test_parameters_may_come_in_any_form(kind: str, http: httpx.AsyncClient, phone: Phone) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    args = {
        "chat_id": phone.user_id,
        "text": "Grüße 😀",
        "reply_markup": keyboard,
        "disable_notification": True,
    }
    request = forms(args)[kind]
    response = await http.request(url=f"/bot{TOKEN}/sendMessage", **request)
    result = response.json()["result"]
    assert result["text"] == "Grüße 😀"
    assert result["reply_markup"] == keyboard
    (shown,) = await phone.sees()
    assert shown["silent"] is True


@pytest.mark.parametrize("word", ["true", "True", "1", "yes", True])
async def test_yes_has_several_words(word: Any, bot: BotSide, phone: Phone) -> None:
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x", disable_notification=word)
    assert [message["silent"] for message in await phone.sees()] == [True]


@pytest.mark.parametrize("name", ["getMe", "getme", "GETME"])
async def test_method_names_have_no_case(name: str, http: httpx.AsyncClient) -> None:
    response = await http.get(f"/bot{TOKEN}/{name}")
    me = response.json()["result"]
    assert (me["is_bot"], me["username"], me["id"]) == (True, "PackerBot", 7123456789)


async def test_upload_is_found_by_its_part(http: httpx.AsyncClient, phone: Phone) -> None:
    media = json.dumps({"type": "photo", "media": "attach://shot"})
    sent = await http.post(
        f"/bot{TOKEN}/sendPhoto",
        data={"chat_id": phone.user_id, "photo": "attach://first"},
        files={"first": ("a.png", png(8, 8), "image/png")},
    )
    message_id = sent.json()["result"]["message_id"]
    edited = await http.post(
        f"/bot{TOKEN}/editMessageMedia",
        data={"chat_id": phone.user_id, "message_id": message_id, "media": media},
        files={"shot": ("b.png", png(500, 200), "image/png")},
    )
    sizes = edited.json()["result"]["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [(320, 128), (500, 200)]


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("7123456789:AAH-another-token-of-some-bot-x", "Unauthorized"),
        ("nonsense", "Unauthorized: invalid token specified"),
    ],
)
async def test_wrong_token_is_unauthorized(token: str, text: str, http: httpx.AsyncClient) -> None:
    response = await http.get(f"/bot{token}/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": text}


async def test_unknown_method_is_not_found_and_kept(bot: BotSide, phone: Phone) -> None:
    assert await bot.refused("sendRichMessage", chat_id=1) == (404, "Not Found: method not found")
    assert [kept["method"] for kept in await phone.violations()] == ["sendRichMessage"]


async def test_body_that_is_no_object_is_refused(http: httpx.AsyncClient) -> None:
    for content in ("[1]", "{"):
        response = await http.post(
            f"/bot{TOKEN}/getMe", content=content, headers={"content-type": "application/json"}
        )
        assert response.status_code == 400


async def test_calls_are_listed_without_token_or_secret(bot: BotSide, phone: Phone) -> None:
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x" * 4096)
    await bot.refused("sendMessage", chat_id=3, text="y")
    await bot.ok("setWebhook", url="http://127.0.0.1:9/", secret_token="hook-secret")
    shown = await phone.get("calls")
    first, second, third = shown["calls"]
    assert (first["method"], first["ok"], first["params"]["text"]) == ("sendMessage", True, "x" * 4096)
    assert (second["chat_id"], second["error_code"], second["description"]) == (
        3,
        400,
        "Bad Request: chat not found",
    )
    assert third["method"] == "setWebhook"
    assert TOKEN not in json.dumps(shown)
    assert "hook-secret" not in json.dumps(shown)
    assert (await phone.get("calls", after=first["n"], method="sendmessage"))["calls"] == [second]
