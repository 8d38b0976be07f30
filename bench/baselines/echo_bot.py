"""A bare echo: python-telegram-bot as its first example uses it. Words: the API's address, the token."""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    address, token = sys.argv[1:]
    application = Application.builder().token(token).base_url(f"{address}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    application.run_polling()


if __name__ == "__main__":
    main()
