/** The open chat on the screen: its frame, its messages, and what happens in it. */
import { complain, followDeepLink, press, say } from "./acts.js";
import { get, patch } from "./api.js";
import { addressOf, showChatList } from "./chat_list.js";
import { byId } from "./dom.js";
import { History } from "./history.js";
import { firstLetter, firstLine, hueOf, nameOf } from "./names.js";
import { endNotice, notify } from "./notices.js";
import { ensurePersona, loadPeople, markRead, rowOf, rowsOf, state, titleOf, unreadElsewhere } from "./state.js";

const TYPING_MS = 5500;

export class Conversation {
  #commands;
  #composer;
  #isOnline = true;
  #pinnedId = null;
  #typingTimer = null;
  /** Reads of the open chat run one after another, and its events wait for them: none is swallowed by an older read. */
  #reads = Promise.resolve();

  constructor(commands, composer) {
    this.#commands = commands;
    this.#composer = composer;
    this.log = new History();
    byId("pinned").addEventListener("click", () => this.log.goTo(this.#pinnedId));
    byId("start").addEventListener("click", () => this.#start().catch(complain));
  }

  get #row() {
    return rowOf(state.chatId) ?? rowsOf(state.me)[0];
  }

  get #isPrivate() {
    return this.#row.chat.type === "private";
  }

  /** The persona's own private chat tells, whichever chat is open. */
  get isBlocked() {
    return rowOf(state.me?.id)?.bot_status === "kicked";
  }

  get newestOwn() {
    return this.log.messages.findLast((message) => message.from?.id === state.me?.id && message.text && !message.service);
  }

  open(chatId, { isNewPage = true } = {}) {
    state.chatId = chatId;
    markRead(chatId);
    document.body.dataset.screen = "chat";
    this.#composer.moveTo(`${state.me?.id}/${chatId}`);
    this.#commands.close();
    this.#showTyping(false);
    endNotice();
    if (isNewPage && state.me) window.history.pushState(null, "", addressOf(chatId, state.me.id));
    this.showFrame();
    return this.#read(chatId, ({ messages, typing }) => {
      this.log.show(messages, this.#view());
      this.#showTyping(typing);
    });
  }

  /** On a narrow screen the list goes away with the focus in it; the messages take it over. */
  #openFromList(chatId) {
    const hadFocus = byId("chat-list").contains(document.activeElement);
    const loaded = this.open(chatId);
    if (hadFocus && !byId("chat-list").checkVisibility()) byId("log").focus({ preventScroll: true });
    return loaded;
  }

  /** Catch up with the server: events were missed, or the chat itself changed. */
  catchUp() {
    this.showFrame();
    return this.#read(state.chatId, ({ messages, typing }) => {
      this.log.catchUp(messages);
      this.#showTyping(typing);
    });
  }

  #read(chatId, show) {
    this.#reads = this.#reads.then(async () => {
      if (chatId !== state.chatId) return;
      const content = await fetchMessages(chatId);
      if (chatId !== state.chatId) return;
      show(content);
      this.#showPinned(content.pinned);
      this.#showStart();
      await this.#commands.refresh();
    }).catch(complain);
    return this.#reads;
  }

  #view() {
    const goToPrivate = () => this.open(state.me.id);
    return {
      me: state.me ?? { id: 0 },
      isGroup: !this.#isPrivate,
      find: (id) => this.log.find(id),
      actions: {
        press: (message, button) => press(message, button, goToPrivate),
        goTo: (id) => this.log.goTo(id),
        command: (text) => say({ text }).catch(complain),
        deepLink: (payload) => followDeepLink(payload, goToPrivate),
      },
    };
  }

  received(message, chatId) {
    this.#whenOpen(chatId, () => {
      const isSeen = this.log.isAtEnd;
      if (message.from?.is_bot) this.#showTyping(false);
      this.log.put({ chat_id: chatId, ...message });
      this.#showStart();
      if (!isSeen && isForMe(message)) notify(message, titleOf(this.#row), () => this.log.goTo(message.message_id));
    });
  }

  typing(chatId) {
    this.#whenOpen(chatId, () => this.#showTyping(true));
  }

  edited(message, chatId) {
    this.#whenOpen(chatId, () => {
      if (!this.log.find(message.message_id)) return;
      this.log.put({ chat_id: chatId, ...message });
      if (message.message_id === this.#pinnedId) this.#showPinned(this.#pinnedId);
    });
  }

  deleted(messageId, chatId) {
    this.#whenOpen(chatId, () => {
      this.log.remove(messageId);
      if (messageId === this.#pinnedId) this.#showPinned(null);
      this.#showStart();
    });
  }

  #whenOpen(chatId, act) {
    if (chatId !== state.chatId) return;
    this.#reads.then(() => chatId === state.chatId && act());
  }

  showFrame() {
    const title = titleOf(this.#row);
    byId("chat-title").textContent = title;
    byId("chat-avatar").textContent = firstLetter(title);
    byId("chat-avatar").dataset.hue = hueOf(this.#row.chat.id);
    byId("log").setAttribute("aria-label", `Messages with ${title}`);
    this.#showState();
    showChatList((chatId) => this.#openFromList(chatId));
    const elsewhere = unreadElsewhere();
    document.title = `${elsewhere ? `(${elsewhere}) ` : ""}${title} · Simulator, not Telegram`;
  }

  /** `data-live` on the body tells a program that the page is up to date and hears every event. */
  setOnline(isOnline) {
    this.#isOnline = isOnline;
    document.body.toggleAttribute("data-live", isOnline);
    this.#showState();
  }

  #showState() {
    const isTyping = this.#typingTimer !== null;
    const you = state.me ? ` · you are ${nameOf(state.me)}` : "";
    const words = isTyping ? "typing" : (this.#isPrivate ? "bot" : "group") + you;
    byId("chat-state").classList.toggle("typing", isTyping && this.#isOnline);
    byId("chat-state").textContent = this.#isOnline ? words : "connecting…";
  }

  #showTyping(isTyping) {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = isTyping ? setTimeout(() => this.#showTyping(false), TYPING_MS) : null;
    this.#showState();
  }

  #showPinned(id) {
    this.#pinnedId = id;
    const message = id && this.log.find(id);
    byId("pinned").hidden = !message;
    if (message) byId("pinned-text").textContent = firstLine(message);
  }

  #showStart() {
    const isBlocked = this.#isPrivate && this.isBlocked;
    const isFresh = this.#isPrivate && this.log.isEmpty;
    byId("start").textContent = isBlocked ? "Unblock" : "Start";
    byId("start-bar").hidden = !isBlocked && !isFresh;
    byId("composer").hidden = isBlocked || isFresh;
  }

  async #start() {
    if (this.isBlocked) {
      await patch(`/client/chats/${state.chatId}`, { action: "unblock", user_id: state.me.id });
      return;
    }
    const { id } = await ensurePersona();
    if (state.chatId !== id) await this.open(id);
    await say({ text: "/start" });
    await loadPeople();
    await this.catchUp();
    this.#composer.focus();
  }
}

export const isForMe = (message) => message.from?.id !== state.me?.id && !message.service;

/** A private chat nobody has written in does not exist on the server yet: it is simply empty. */
async function fetchMessages(chatId) {
  if (!state.rows.some((row) => row.chat.id === chatId)) return { messages: [], pinned: null, typing: false };
  const { messages, typing, pinned_message_id: pinned } = await get(`/client/chats/${chatId}/messages`);
  return { messages: messages.map((message) => ({ chat_id: chatId, ...message })), pinned, typing };
}
