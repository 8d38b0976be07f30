"""Files sent either way: ids, sizes, and what a photo must be."""

import hashlib
import mimetypes
import random
import struct
from typing import Final

from simulator.telegram.errors import ApiError, bad_request, violation
from simulator.telegram.records import Json, StoredFile

MAX_UPLOAD: Final = 50 * 1024 * 1024
MAX_PHOTO: Final = 10 * 1024 * 1024
MAX_DOWNLOAD: Final = 20 * 1024 * 1024
MAX_SIDES: Final = 10_000
MAX_RATIO: Final = 20
THUMBNAIL_SIDE: Final = 320
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


class FileStore:
    def __init__(self, source: random.Random) -> None:
        self._random = source
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, name: str, mime: str, content: bytes) -> StoredFile:
        """Keep a file and give it ids; a photo is measured and may be refused."""
        if len(content) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large", is_violation=True)
        if not content:
            raise violation("file must be non-empty")
        width, height = photo_size(content) if kind == "photo" else (0, 0)
        file_id = "AgAC" if kind == "photo" else "BQAC"
        file_id += "".join(self._random.choices(ALPHABET, k=48))
        folder = "photos" if kind == "photo" else "documents"
        suffix = ".jpg" if kind == "photo" else (mimetypes.guess_extension(mime) or "")
        path = (
            f"{folder}/file_{len(self._by_id)}{suffix if '.' not in name else '.' + name.rpartition('.')[2]}"
        )
        unique = "AQ" + hashlib.sha256(content).hexdigest()[:14]
        stored = StoredFile(file_id, unique, path, name, mime, content, width, height)
        self._by_id[file_id] = self._by_path[path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id) or self._by_id.get(file_id.removesuffix("s"))  # s: its thumbnail

    def at_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)


def photo_size(content: bytes) -> tuple[int, int]:
    """Return width and height of a photo Telegram would take."""
    if len(content) > MAX_PHOTO:
        raise violation(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    size = _png(content) or _jpeg(content) or _gif(content) or _webp(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * max(min(width, height), 1):
        raise violation("PHOTO_INVALID_DIMENSIONS")
    return size


def _png(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _gif(content: bytes) -> tuple[int, int] | None:
    if content[:6] not in {b"GIF87a", b"GIF89a"} or len(content) < 10:
        return None
    width, height = struct.unpack("<HH", content[6:10])
    return width, height


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    if content[12:16] == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 < len(content):
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def photo_sizes(file: StoredFile) -> list[Json]:
    """Return the PhotoSize list: a thumbnail (if the photo is larger) and the photo itself."""
    full = {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "width": file.width,
        "height": file.height,
        "file_size": len(file.content),
    }
    longest = max(file.width, file.height)
    if longest <= THUMBNAIL_SIDE:
        return [full]
    scale = THUMBNAIL_SIDE / longest
    small = full | {
        "file_id": f"{file.file_id}s",
        "file_unique_id": f"{file.unique_id}s",
        "width": max(1, round(file.width * scale)),
        "height": max(1, round(file.height * scale)),
        "file_size": max(1, len(file.content) // 8),
    }
    return [small, full]


def document_object(file: StoredFile) -> Json:
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": len(file.content),
    }
