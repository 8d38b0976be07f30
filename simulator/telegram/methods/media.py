"""Photos and documents: sending, albums, editing, getFile."""

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import bad_request, violation
from simulator.telegram.files import MAX_DOWNLOAD
from simulator.telegram.keyboard import Markup, parse_markup
from simulator.telegram.methods.messages import edit_markup, editable, replace_content
from simulator.telegram.records import Content, Json
from simulator.telegram.sending import result_of, send, target_chat
from simulator.telegram.sources import find_file
from simulator.telegram.text import MAX_CAPTION, formatted, options_of

SHOWN = ("show_caption_above_media", "has_spoiler")
KINDS = {"photo", "document"}


async def send_photo(engine: Engine, call: Call) -> Json:
    return await _send_file(engine, call, "photo")


async def send_document(engine: Engine, call: Call) -> Json:
    return await _send_file(engine, call, "document")


async def _send_file(engine: Engine, call: Call, kind: str) -> Json:
    content = _captioned(call.args)
    chat = target_chat(engine, call, "write")
    markup = parse_markup(call.checked, in_private=chat.is_private)
    content.kind = kind
    content.file = await find_file(engine, call, kind, call.args[kind], f"there is no {kind} in the request")
    return result_of(engine, send(engine, call, chat, content, markup))


def _captioned(args: Json) -> Content:
    text, entities = formatted(
        args.get("caption") or "",
        args.get("parse_mode"),
        args.get("caption_entities"),
        limit=MAX_CAPTION,
        what="message caption",
    )
    content = Content(text, entities, options=options_of(args, SHOWN))
    if "has_spoiler" in content.options:
        content.options["has_media_spoiler"] = content.options.pop("has_spoiler")
    return content


async def _media_content(engine: Engine, call: Call, media: Json) -> Content:
    kind = str(media["type"])
    if kind not in KINDS:
        raise violation(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    content = _captioned(media)
    content.kind = kind
    content.file = await find_file(
        engine, call, kind, media["media"], "can't parse InputMedia: media not found"
    )
    return content


async def send_media_group(engine: Engine, call: Call) -> list[Json]:
    media = call.args["media"]
    if not media:
        raise violation("there are no messages to send")
    if len({part["type"] for part in media}) > 1:  # we offer two kinds, and documents go with documents only
        raise bad_request("can't use the media of the specified type in the album")
    chat = target_chat(engine, call, "write")
    contents = [await _media_content(engine, call, part) for part in media]
    group_id = str(engine.world.random.randrange(1 << 50, 1 << 53))
    messages = [send(engine, call, chat, content, Markup()) for content in contents]
    for message in messages:
        message.media_group_id = group_id if len(messages) > 1 else None
    return [result_of(engine, message) for message in messages]


def edit_message_caption(engine: Engine, call: Call) -> Json:
    content = _captioned(call.args)
    message = editable(engine, call)
    if message.content.kind not in KINDS:
        raise bad_request("there is no caption in the message to edit")
    content.kind, content.file = message.content.kind, message.content.file
    content.keyboard = edit_markup(engine, call, message).inline
    return replace_content(engine, message, content)


async def edit_message_media(engine: Engine, call: Call) -> Json:
    message = editable(engine, call)
    content = await _media_content(engine, call, call.args["media"])
    if message.media_group_id and content.kind != message.content.kind:
        raise bad_request("can't change media type in the album")
    content.keyboard = edit_markup(engine, call, message).inline
    return replace_content(engine, message, content)


def get_file(engine: Engine, call: Call) -> Json:
    file = engine.world.files.find(call.args["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": call.args["file_id"],
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }
