"""Reading a Bot API request: query, form, JSON or multipart, as the official server takes them."""

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulator.telegram.errors import ApiError
from simulator.telegram.files import MAX_UPLOAD
from simulator.telegram.records import Json

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(slots=True, frozen=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass(slots=True, frozen=True)
class RawCall:
    params: Json
    uploads: dict[str, Upload]

    def described(self) -> Json:
        """Return the parameters for the call list: no secret, and a file by name and size only."""
        files = {
            part: {"file_name": upload.name, "mime": upload.mime, "size": len(upload.content)}
            for part, upload in self.uploads.items()
        }
        hidden = {"secret_token": "***"} if "secret_token" in self.params else {}
        return self.params | files | hidden


async def read_call(request: Request) -> RawCall:
    """Return the parameters of a request; those in the body win over those in the query."""
    params: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if int(request.headers.get("content-length") or 0) > MAX_UPLOAD + (1 << 20):
        raise ApiError(413, "Request Entity Too Large", is_violation=True)
    if kind == "application/json":
        return RawCall(params | await _json_body(request), {})
    if kind not in FORMS:
        return RawCall(params, {})
    uploads: dict[str, Upload] = {}
    async with request.form(max_part_size=MAX_UPLOAD) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime = value.content_type or "application/octet-stream"
                uploads[name] = Upload(value.filename or name, mime, await value.read())
            else:
                params[name] = value
    return RawCall(params, uploads)


async def _json_body(request: Request) -> Json:
    body = await request.body()
    if not body.strip():
        return {}
    try:
        parsed: Any = await request.json()
    except ValueError:
        raise ApiError(400, "Bad Request: can't parse request JSON object", is_violation=True) from None
    if not isinstance(parsed, dict):
        raise ApiError(400, "Bad Request: expected an Object", is_violation=True)
    return parsed
