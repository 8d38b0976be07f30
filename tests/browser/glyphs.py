"""Whether the letters of a message are drawn as what they are, and not as the box of a missing letter."""

import unicodedata
from typing import Final

from playwright.async_api import Locator

UNASSIGNED: Final = ("\u0378", "\u0379")
"""Code points that no font has: both are drawn as the same box."""

_DRAW = """
(message, letters) => {
  const style = getComputedStyle(message.querySelector(".text"));
  const canvas = Object.assign(document.createElement("canvas"), { width: 96, height: 96 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return letters.map((letter) => {
    pen.clearRect(0, 0, 96, 96);
    pen.font = `${style.fontStyle} ${style.fontWeight} 48px ${style.fontFamily}`;
    pen.fillText(letter, 8, 64);
    return pen.getImageData(0, 0, 96, 96).data.join();
  });
}
"""
"""Each letter drawn large, alone and at the same place, in the fonts the message is shown in."""


async def letters_of(message: Locator) -> list[str]:
    """Return every letter and emoji beyond ASCII in the text of a message, once."""
    text = unicodedata.normalize("NFC", await message.locator(".text").inner_text())
    return sorted(
        {char for char in text if char > "~" and unicodedata.category(char) in {"Lo", "Ll", "Lu", "So", "Mn"}}
    )


async def not_drawn(message: Locator, letters: list[str]) -> list[str]:
    """Return the letters that look like a missing letter, like nothing, or like one another."""
    *drawn, box, same_box, nothing = await message.evaluate(_DRAW, [*letters, *UNASSIGNED, " "])
    assert box == same_box != nothing
    return [
        letter
        for letter, picture in zip(letters, drawn, strict=True)
        if picture in {box, nothing} or drawn.count(picture) > 1
    ]
