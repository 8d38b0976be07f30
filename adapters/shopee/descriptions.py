"""Descriptions of items: plain, or extended ones that are blocks of text and pictures."""

from adapters.shopee import wire

EXTENDED, TEXT, PICTURE = "extended", "text", "image"


def words_of(item: wire.Item) -> str:
    """Return what a description says; of an extended one the words, pictures left out."""
    if not is_extended(item):
        return item.description or ""
    return "\n".join(each.text for each in _blocks(item) if each.text)


def body_of(item: wire.Item, words: str) -> dict[str, object]:
    """Return the fields that give an item other words. An extended description keeps its pictures, in their order.

    The words take the place of the first block of text; where there is none they stand before the pictures.
    """
    if not is_extended(item):
        return {"description": words}
    fresh: dict[str, object] = {"field_type": TEXT, "text": words}
    fields: list[dict[str, object]] = []
    for each in _blocks(item):
        if each.image_info and each.image_info.image_id:
            fields.append({"field_type": PICTURE, "image_info": {"image_id": each.image_info.image_id}})
        elif fresh not in fields:
            fields.append(fresh)
    if fresh not in fields:
        fields.insert(0, fresh)
    return {
        "description_type": EXTENDED,
        "description_info": {"extended_description": {"field_list": fields}},
    }


def is_extended(item: wire.Item) -> bool:
    return item.description_type == EXTENDED


def _blocks(item: wire.Item) -> list[wire.TextBlock]:
    extended = item.description_info.extended_description if item.description_info else None
    return (extended.field_list if extended else None) or []
