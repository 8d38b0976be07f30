"""Reading a request's body up to a limit: a longer one is refused before it fills the memory."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST = 1024 * 1024


async def read_body(request: Request, largest: int = LARGEST) -> bytes:
    """Return the raw body. Raises HTTPException 413 when it is longer than `largest` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise HTTPException(413)
        parts.append(part)
    return b"".join(parts)
