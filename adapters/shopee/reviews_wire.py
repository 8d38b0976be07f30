"""Comments as they come over the wire, read leniently; their buyers are not read."""

import msgspec

from adapters.shopee.wire import Id, Rows


class Media(msgspec.Struct):
    image_url_list: list[str] | None = None
    video_url_list: list[str] | None = None


class Reply(msgspec.Struct):
    reply: str | None = ""
    create_time: int | None = 0


class Comment(msgspec.Struct):
    """`model_id` became `model_id_list` on 2024-12-27; both are read."""

    comment_id: Id
    item_id: Id
    rating_star: int
    create_time: int
    comment: str | None = ""
    order_sn: str | None = ""
    model_id: Id | None = None
    model_id_list: list[Id] | None = None
    hidden: bool | None = False
    media: Media | None = None
    comment_reply: Reply | None = None


class CommentPage(msgspec.Struct):
    more: bool | None = False
    next_cursor: Id | None = ""
    item_comment_list: Rows = None


class AnsweredRow(msgspec.Struct):
    fail_error: str | None = ""


class AnsweredRows(msgspec.Struct):
    result_list: list[AnsweredRow] | None = None
