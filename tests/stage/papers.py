"""What comes out of the printer: label files that lie in a chat, read page by page."""

import asyncio
import io
import re

from pypdf import PdfReader

from tests.stage.phone import Message
from tests.stage.stage import Stage

NUMBER = re.compile(r"\b(?:JX|SPXID0|JNE0|EH|GK-11-|LX[A-Z]{2})\d{10}\b")
"""A number on a label, by the couriers of the simulators, or by a platform that has numbers of its own."""


async def numbers_on(stage: Stage, chat_id: int, paper: Message) -> list[str]:
    """Return the number on each page of a label file."""
    file = stage.telegram.engine.world.chats[chat_id].messages[paper.id].content.file
    assert file is not None
    return await asyncio.to_thread(_read, file.content)


def _read(file: bytes) -> list[str]:
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(file)).pages]
    found = [NUMBER.search(page) for page in pages]
    assert all(found), pages
    return [each[0] for each in found if each]
