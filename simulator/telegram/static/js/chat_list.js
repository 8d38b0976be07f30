/** The list of chats and the switch of personas. */
import { fromUnix, shortMoment } from "./clock.js";
import { byId, el, showCount, showCountOn } from "./dom.js";
import { avatar, firstLine, nameOf } from "./names.js";
import { rowsOf, state, titleOf, unreadElsewhere, unreadIn } from "./state.js";

export const addressOf = (chatId, userId) => `?${new URLSearchParams({ chat: chatId, user: userId })}`;

export function showChatList(open) {
  const list = byId("chat-list");
  const focusedChat = list.contains(document.activeElement) ? document.activeElement.dataset.chatId : null;
  list.replaceChildren(...rowsOf(state.me).map((row) => el("li", {}, chatLink(row, open))));
  if (focusedChat) list.querySelector(`[data-chat-id="${focusedChat}"]`)?.focus();
  showCountOn(byId("to-list"), "All chats", unreadElsewhere());
}

function chatLink(row, open) {
  const { chat, last_message: last } = row;
  const title = titleOf(row);
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(chat.id);
  };
  const badge = el("span", { class: "badge", role: "img" });
  showCount(badge, unreadIn(chat.id));
  return el(
    "a",
    {
      class: "chat-row",
      href: addressOf(chat.id, state.me?.id ?? ""),
      "aria-current": chat.id === state.chatId ? "true" : null,
      data: { chatId: chat.id },
      on: { click: follow },
    },
    avatar(chat.id, title),
    el("span", { class: "chat-row-name", dir: "auto" }, title),
    el("time", {}, last ? shortMoment(fromUnix(last.date)) : ""),
    el("span", { class: "chat-row-last", dir: "auto" }, last ? `${authorOf(last, chat)}${firstLine(last)}` : "No messages yet"),
    badge,
  );
}

function authorOf(message, chat) {
  if (message.service) return "";
  if (message.from?.id === state.me?.id) return "You: ";
  return chat.type === "private" ? "" : `${nameOf(message.from)}: `;
}

export function showPersonas() {
  const options = state.users.map((user) => {
    const language = user.language_code ? ` (${user.language_code})` : "";
    return el("option", { value: user.id, selected: user.id === state.me?.id }, nameOf(user) + language);
  });
  byId("persona").replaceChildren(...options);
  byId("persona").disabled = options.length === 0;
}
