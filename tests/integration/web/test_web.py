"""The HTTP face: health, platforms' pushes, Telegram's webhook, and the pages around a consent."""

import json
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.render import Renderer
from domain.shops import LinkState
from services.views import LinkOffer
from storage.database import Database
from tests.fakes.platform import SIGNATURE, SLUG
from tests.integration.services.house import House
from web.application import Doors, build_web
from web.bodies import LARGEST
from web.linking import COOKIE
from web.telegram import HEADER

SECRET = "telegram-secret-0001"
HOOK = f"/hooks/{SLUG}/ab00000000000001"


def render(template: str, language: str, **params: object) -> str:
    renderer = Renderer(language, "UTC")
    return renderer.render(template, language=renderer.language, **params)


class Site:
    """StoreSync's web application over a house, and the client of a browser that follows nothing by itself."""

    def __init__(self, house: House, *, telegram_secret: str = SECRET, is_secure: bool = True) -> None:
        self.house = house
        self.is_well = True
        self.taken: list[bytes] = []
        app = build_web(
            house.services,
            Doors(
                render=render,
                bot_url=lambda: "https://t.me/storesync_bot",
                telegram_secret=telegram_secret,
                is_secure=is_secure,
                take_update=self._take,
                facts=self._facts,
                readiness=self._facts,
            ),
        )
        transport = httpx.ASGITransport(app=app)
        self.client = httpx.AsyncClient(transport=transport, base_url="https://storesync.invalid")

    async def _take(self, raw: bytes) -> bool:
        self.taken.append(raw)
        return raw.startswith(b"{")

    async def _facts(self) -> dict[str, object]:
        return {"ok": self.is_well, "database": self.is_well, "telegram": "ready"}

    async def offer(self) -> LinkOffer:
        if "600011" not in self.house.bazaar.shops:
            self.house.bazaar.add_shop("600011")
        return await self.house.services.linking.start(self.house.owner, self.house.app.id, "ID")


@pytest.fixture
async def site(sqlite_database: Database) -> AsyncIterator[Site]:
    made = Site(await House(sqlite_database).open())
    async with made.client:
        yield made


# Health


async def test_a_well_process_says_so(site: Site) -> None:
    answer = await site.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "database": True, "telegram": "ready"})


async def test_a_process_without_its_database_is_not_well(site: Site) -> None:
    site.is_well = False
    answer = await site.client.get("/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)


# Doors


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/healthz"),
        ("DELETE", "/healthz"),
        ("GET", HOOK),
        ("PUT", HOOK),
        ("OPTIONS", HOOK),
        ("GET", "/telegram"),
        ("PUT", "/connect/x"),
        ("DELETE", "/connect/x"),
        ("POST", f"/oauth/{SLUG}"),
    ],
)
async def test_a_door_opens_for_its_methods_only(site: Site, method: str, path: str) -> None:
    assert (await site.client.request(method, path)).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/admin", "/hooks", f"/hooks/{SLUG}", "/connect", "/oauth", "/telegram/x", "/.env", "/docs"]
)
async def test_there_are_no_other_doors(site: Site, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404


# Pushes


async def test_a_signed_push_is_taken_with_an_empty_answer(site: Site) -> None:
    headers, body = site.house.bazaar.push(site.house.app, "order", "600011", "1")
    for _ in range(2):
        answer = await site.client.post(HOOK, content=body, headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("carried", ["", "0" * 64, "not-hex"])
async def test_a_push_with_a_wrong_signature_is_turned_away(site: Site, carried: str) -> None:
    _, body = site.house.bazaar.push(site.house.app, "order", "600011", "1")
    answer = await site.client.post(HOOK, content=body, headers={SIGNATURE: carried})
    assert (answer.status_code, answer.content) == (401, b"")


async def test_a_push_without_a_signature_is_turned_away(site: Site) -> None:
    answer = await site.client.post(HOOK, content=b"{}")
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    "path", [f"/hooks/{SLUG}/0000000000000000", "/hooks/lazada/ab00000000000001", "/hooks/x/y"]
)
async def test_a_push_for_nobody_is_not_found(site: Site, path: str) -> None:
    headers, body = site.house.bazaar.push(site.house.app, "order", "600011", "1")
    answer = await site.client.post(path, content=body, headers=headers)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_a_signed_push_that_cannot_be_read_is_a_bad_request(site: Site) -> None:
    headers, body = site.house.bazaar.push(site.house.app, "no-such-kind", "600011")
    answer = await site.client.post(HOOK, content=body, headers=headers)
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 401), (LARGEST + 1, 413)])
async def test_a_body_is_read_up_to_a_megabyte(site: Site, size: int, status: int) -> None:
    assert (await site.client.post(HOOK, content=b"x" * size)).status_code == status


async def test_an_endless_body_is_not_read_to_its_end(site: Site) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            assert sent < 100, "somebody is still reading"
            yield b"x" * 64 * 1024

    assert (await site.client.post(HOOK, content=endless())).status_code == 413


# Telegram


async def test_an_update_with_the_secret_is_taken(site: Site) -> None:
    answer = await site.client.post("/telegram", content=b'{"update_id": 1}', headers={HEADER: SECRET})
    assert (answer.status_code, site.taken) == (200, [b'{"update_id": 1}'])


async def test_an_update_nobody_can_read_is_taken_too(site: Site) -> None:
    answer = await site.client.post("/telegram", content=b"not json", headers={HEADER: SECRET})
    assert answer.status_code == 200


@pytest.mark.parametrize("carried", [None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), " " * 20])
async def test_an_update_without_the_secret_is_not_even_read(site: Site, carried: str | None) -> None:
    read: list[str] = []

    async def body() -> AsyncIterator[bytes]:
        read.append("the body")
        yield b""

    headers = {} if carried is None else {HEADER: carried}
    answer = await site.client.post("/telegram", content=body(), headers=headers)
    assert read == []
    assert (answer.status_code, answer.content, site.taken) == (401, b"", [])


async def test_a_secret_of_strange_characters_is_a_wrong_secret(site: Site) -> None:
    headers = [(HEADER.encode(), "clé-ключ".encode())]
    assert (await site.client.post("/telegram", content=b"{}", headers=headers)).status_code == 401


async def test_a_huge_update_is_refused(site: Site) -> None:
    answer = await site.client.post("/telegram", content=b"x" * (LARGEST + 1), headers={HEADER: SECRET})
    assert (answer.status_code, site.taken) == (413, [])


async def test_while_telegram_is_polled_there_is_no_such_door(sqlite_database: Database) -> None:
    site = Site(await House(sqlite_database).open(), telegram_secret="")
    async with site.client:
        assert (await site.client.post("/telegram", content=b"{}", headers={HEADER: ""})).status_code == 404


# Linking


async def test_a_seller_walks_from_the_link_to_the_platform_and_back(site: Site) -> None:
    offer = await site.offer()
    path = urlsplit(offer.url).path
    ours = await site.client.get(path)
    assert ours.status_code == 200
    assert ours.headers["content-type"] == "text/html; charset=utf-8"
    assert "Bazaar" in ours.text
    assert "Sari" in ours.text
    gone_on = await site.client.post(path)
    assert (gone_on.status_code, gone_on.content) == (303, b"")
    query = site.house.bazaar.consent(gone_on.headers["location"], "600011")
    back = await site.client.get(f"/oauth/{SLUG}", params=query)
    assert back.status_code == 200
    assert "https://t.me/storesync_bot" in back.text
    linking = await site.house.services.linking.linking(site.house.owner.seller_id, offer.linking.id)
    assert linking.state is LinkState.RETURNED
    assert query["code"] not in back.text


@pytest.mark.parametrize("is_secure", [True, False])
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    sqlite_database: Database, *, is_secure: bool
) -> None:
    site = Site(await House(sqlite_database).open(), is_secure=is_secure)
    async with site.client:
        answer = await site.client.post(urlsplit((await site.offer()).url).path)
    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert len(cookie.value) == 22
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "lax", "600")
    assert bool(cookie["secure"]) is is_secure
    assert cookie["domain"] == ""


async def test_pages_are_kept_nowhere_framed_nowhere_and_tell_nobody_where_one_came_from(site: Site) -> None:
    path = urlsplit((await site.offer()).url).path
    pages = [
        await site.client.get(path),
        await site.client.post(path),
        await site.client.get(f"/oauth/{SLUG}"),
        await site.client.get("/connect/unknown"),
    ]
    for page in pages:
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_name_cannot_write_into_the_page(sqlite_database: Database) -> None:
    house = await House(sqlite_database).open()
    house.owner = await house.found('<script>alert("x")</script>', 4712)
    site = Site(house)
    async with site.client:
        page = await site.client.get(urlsplit((await site.offer()).url).path)
    assert "<script" not in page.text
    assert "alert" in page.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("nonce", ["x", "x" * 5000, "%00", "..%2F..%2Fetc", "%F0%9F%8E%81"])
async def test_an_unknown_link_is_gone(site: Site, method: str, nonce: str) -> None:
    answer = await site.client.request(method, f"/connect/{nonce}")
    assert answer.status_code in {404, 410}
    assert "set-cookie" not in answer.headers


async def test_a_spent_link_is_gone(site: Site) -> None:
    path = urlsplit((await site.offer()).url).path
    gone_on = await site.client.post(path)
    query = site.house.bazaar.consent(gone_on.headers["location"], "600011")
    await site.client.get(f"/oauth/{SLUG}", params=query)
    assert (await site.client.get(path)).status_code == 410
    assert (await site.client.post(path)).status_code == 410


async def test_coming_back_in_another_browser_links_nothing(site: Site) -> None:
    offer = await site.offer()
    gone_on = await site.client.post(urlsplit(offer.url).path)
    query = site.house.bazaar.consent(gone_on.headers["location"], "600011")
    site.client.cookies.clear()
    page = await site.client.get(f"/oauth/{SLUG}", params=query)
    assert page.status_code == 200
    linking = await site.house.services.linking.linking(site.house.owner.seller_id, offer.linking.id)
    assert linking.state is LinkState.CONSENTED
    assert site.house.bazaar.calls["exchange_code"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=1",
        "state=1",
        "error=access_denied",
        "state=%00&code=%00",
        "code=1&code=2&state=<script>alert(1)</script>",
    ],
)
async def test_a_way_back_that_leads_nowhere_says_so_and_echoes_nothing(site: Site, query: str) -> None:
    page = await site.client.get(f"/oauth/{SLUG}?{query}")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "alert" not in page.text


async def test_the_pages_speak_the_chats_language_or_the_browsers(site: Site) -> None:
    site.house.owner = await site.house.services.people.set_language(site.house.owner, "id")
    path = urlsplit((await site.offer()).url).path
    assert 'lang="id"' in (await site.client.get(path)).text
    unknown = [
        (await site.client.get("/connect/x", headers={"accept-language": spoken})).text
        for spoken in ("id-ID,id;q=0.9", "en-US", "zz", "", "<x>")
    ]
    assert ['lang="id"' in text for text in unknown] == [True, False, False, False, False]


async def test_the_addresses_of_the_platform_carry_what_they_must(site: Site) -> None:
    gone_on = await site.client.post(urlsplit((await site.offer()).url).path)
    asked = parse_qs(urlsplit(gone_on.headers["location"]).query)
    assert asked["redirect"] == [f"https://storesync.invalid/oauth/{SLUG}"]
    assert json.dumps(asked).find(site.house.app.secret) == -1
