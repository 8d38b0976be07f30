"""The pages around a platform's own consent page: before it, and after it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.errors import NotFound
from domain.shops import Linking
from services.linking import LinkingService

COOKIE = "storesync_link"
COOKIE_LASTS_S = 600
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class RenderPage(Protocol):
    def __call__(self, template: str, language: str, **params: object) -> str: ...


class LinkPages:
    def __init__(
        self,
        linking: LinkingService,
        render: RenderPage,
        bot_url: Callable[[], str],
        *,
        is_secure: bool,
    ) -> None:
        self._linking = linking
        self._render = render
        self._bot_url = bot_url
        self._is_secure = is_secure

    async def connect(self, request: Request) -> Response:
        """Say who asked and for which chat, before the seller gives anything away."""
        try:
            page = await self._linking.connect_page(request.path_params["nonce"])
        except NotFound:
            return self._end(request, is_ok=False, code="link_unknown", status=410)
        return self._html("web/connect.html.j2", page.language, 200, page=page)

    async def go_on(self, request: Request) -> Response:
        """Bind this browser and send it to the platform."""
        try:
            consent = await self._linking.consent(request.path_params["nonce"])
        except NotFound:
            return self._end(request, is_ok=False, code="link_unknown", status=410)
        response = RedirectResponse(consent.url, status_code=303, headers=HEADERS)
        response.set_cookie(
            COOKIE,
            consent.cookie,
            max_age=COOKIE_LASTS_S,
            httponly=True,
            samesite="lax",
            secure=self._is_secure,
        )
        return response

    async def returned(self, request: Request) -> Response:
        """The browser is back from the platform with a code, or with nothing."""
        platform = request.path_params["platform"]
        cookie = request.cookies.get(COOKIE, "")
        page = await self._linking.returned(platform, dict(request.query_params), cookie)
        return self._end(request, is_ok=page.is_ok, code=page.code, language=page.language, shops=page.shops)

    def _end(
        self,
        request: Request,
        *,
        is_ok: bool,
        code: str,
        language: str = "",
        status: int = 200,
        shops: Sequence[Linking] = (),
    ) -> Response:
        spoken = language or request.headers.get("accept-language", "en")[:2]
        told = {"is_ok": is_ok, "code": code, "bot_url": self._bot_url(), "shops": shops}
        return self._html("web/returned.html.j2", spoken, status, **told)

    def _html(self, template: str, language: str, status: int, **params: object) -> Response:
        return HTMLResponse(self._render(template, language, **params), status_code=status, headers=HEADERS)
