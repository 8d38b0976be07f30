"""A stand-in for Shopee's list of changed orders: nothing changed, told after 200 ms."""

import asyncio

from bench.standins.serving import Receive, Scope, Send, answer, body_of, serve

TAKES_S = 0.2
NOTHING = (
    b'{"error":"","message":"","request_id":"e3","response":{"more":false,"next_cursor":"","order_list":[]}}'
)


async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
    del scope
    await body_of(receive)
    await asyncio.sleep(TAKES_S)
    await answer(send, NOTHING)


if __name__ == "__main__":
    serve(quiet)
