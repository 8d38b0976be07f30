"""Where a sent file comes from: an upload, a known file id, or an address."""

import mimetypes
from typing import Final
from urllib.parse import unquote, urlsplit

import httpx

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import bad_request, violation
from simulator.telegram.params import Upload
from simulator.telegram.records import StoredFile

BY_URL_PHOTO: Final = 5 * 1024 * 1024
BY_URL_OTHER: Final = 20 * 1024 * 1024
BY_URL_DOCUMENTS: Final = {"application/pdf", "application/zip"}
LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
WRONG_FILE: Final = "wrong file identifier/HTTP URL specified"


async def find_file(engine: Engine, call: Call, kind: str, source: str, missing: str) -> StoredFile:
    """Return the file named by `source`; `missing` is the complaint when there is none."""
    if source.startswith("attach://"):
        upload = call.uploads.get(source.removeprefix("attach://"))
        if upload is None:
            raise violation(missing)
        return _keep(engine, kind, upload)
    if source.lower().startswith(("http://", "https://")):
        return _keep(engine, kind, await _download(kind, source))
    known = engine.world.files.find(source)
    if known is None:
        raise bad_request(WRONG_FILE)
    if (known.width > 0) != (kind == "photo"):
        names = ("Photo", "Document") if known.width else ("Document", "Photo")
        raise violation(f"can't use file of type {names[0]} as {names[1]}")
    return known


def _keep(engine: Engine, kind: str, upload: Upload) -> StoredFile:
    mime = upload.mime
    if mime == "application/octet-stream":
        mime = mimetypes.guess_type(upload.name)[0] or mime
    return engine.world.files.add(kind, upload.name, mime, upload.content)


async def _download(kind: str, url: str) -> Upload:
    """Fetch a file by its address; the simulator stays on this machine and reaches no other."""
    try:
        if urlsplit(url).hostname not in LOOPBACK:
            raise bad_request("failed to get HTTP URL content")
        async with httpx.AsyncClient(timeout=10, trust_env=False, follow_redirects=True) as client:
            response = await client.get(url)
            response.raise_for_status()
    except httpx.HTTPError:
        raise bad_request("failed to get HTTP URL content") from None
    except (httpx.InvalidURL, ValueError):
        raise violation(WRONG_FILE) from None
    mime = response.headers.get("content-type", "").split(";")[0]
    is_fitting = mime.startswith("image/") if kind == "photo" else mime in BY_URL_DOCUMENTS
    if not is_fitting:
        raise bad_request("wrong type of the web page content")
    if len(response.content) > (BY_URL_PHOTO if kind == "photo" else BY_URL_OTHER):
        raise bad_request("failed to get HTTP URL content")
    name = unquote(urlsplit(url).path.rpartition("/")[2]) or "file"
    return Upload(name, mime, response.content)
