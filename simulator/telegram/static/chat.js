/** The web chat: one persona's phone, kept true by the simulator's events. */
import { complain, edit, fetchCommands, say } from "./js/acts.js";
import { listen } from "./js/api.js";
import { showPersonas } from "./js/chat_list.js";
import { Commands } from "./js/commands.js";
import { Composer } from "./js/composer.js";
import { Controls } from "./js/controls.js";
import { Conversation, isForMe } from "./js/conversation.js";
import { byId } from "./js/dom.js";
import { prepareViewer } from "./js/media.js";
import { prepareMessageMenu } from "./js/message_menu.js";
import { copyText, notify, toast } from "./js/notices.js";
import { preparePeople } from "./js/people.js";
import { refreshRelativeTimes } from "./js/rich_text.js";
import { countUnread, forgetRows, loadPeople, rowOf, rowsOf, state, titleOf } from "./js/state.js";
import { prepareTheme } from "./js/theme.js";

const RELATIVE_TIMES_MS = 20_000;
const commands = new Commands(fetchCommands, (text) => say({ text }).catch(complain));
const composer = new Composer(commands, { send: say, edit, lastOwn: () => conversation.newestOwn, complain: toast });
const conversation = new Conversation(commands, composer);

let runningReload = Promise.resolve();
let waitingReload = null;

const firstChat = () => rowsOf(state.me)[0].chat.id;

/** `?chat=<id>&user=<id>` chooses; a private chat alone tells whose it is; with neither, the first. */
function goToAddress() {
  const asked = new URLSearchParams(location.search);
  const chatId = Number(asked.get("chat"));
  const userId = Number(asked.get("user") ?? chatId);
  state.me = state.users.find((user) => user.id === userId) ?? state.me;
  showPersonas();
  return conversation.open(rowOf(chatId)?.chat.id ?? firstChat(), { isNewPage: false });
}

function becomePersona() {
  const { screen } = document.body.dataset;
  state.me = state.users.find((user) => user.id === Number(byId("persona").value));
  conversation.open(rowOf(state.chatId)?.chat.id ?? firstChat());
  document.body.dataset.screen = screen;
}

function showList() {
  document.body.dataset.screen = "list";
  byId("chat-list").querySelector("[aria-current]")?.focus();
}

function received({ message, chat_id: chatId }) {
  if (!message) return; // deleted before the news of it was sent
  const row = state.rows.find((one) => one.chat.id === chatId);
  if (!row) {
    reload();
    return;
  }
  row.last_message = message;
  const isOpen = chatId === state.chatId;
  countUnread(message, row, isOpen);
  if (!isOpen && rowOf(chatId) && isForMe(message)) notify(message, titleOf(row), () => conversation.open(chatId));
  conversation.received(message, chatId);
  conversation.showFrame();
}

function edited({ message, chat_id: chatId }) {
  if (!message) return;
  const row = state.rows.find((one) => one.chat.id === chatId);
  if (row?.last_message?.message_id === message.message_id) row.last_message = message;
  conversation.edited(message, chatId);
  conversation.showFrame();
}

function deleted({ message_id: messageId, chat_id: chatId }) {
  conversation.deleted(messageId, chatId);
  const row = state.rows.find((one) => one.chat.id === chatId);
  if (row?.last_message?.message_id !== messageId) return;
  row.last_message = null;
  reload();
}

/** Read people and chats again, and bring the open chat up to date; a burst of reasons is one more read. */
function reload() {
  if (waitingReload) return waitingReload;
  waitingReload = runningReload.then(() => {
    waitingReload = null;
    return reloadNow();
  });
  runningReload = waitingReload;
  return waitingReload;
}

async function reloadNow() {
  try {
    await loadPeople();
    showPersonas();
    await (rowOf(state.chatId) ? conversation.catchUp() : conversation.open(firstChat(), { isNewPage: false }));
  } catch (refusal) {
    complain(refusal);
  }
}

function optionsFor(message) {
  const isOwn = message.from?.id === state.me?.id;
  return [
    ["Reply", () => composer.reply(message)],
    ...(isOwn && message.text ? [["Edit", () => composer.edit(message)]] : []),
    ["Copy text", () => copyText(message.text || message.caption || "")],
  ];
}

function prepare() {
  prepareTheme();
  prepareViewer();
  prepareMessageMenu(optionsFor);
  preparePeople(reload);
  new Controls({
    isBlocked: () => conversation.isBlocked,
    changed: () => {
      forgetRows();
      return reload();
    },
  });
  byId("persona").addEventListener("change", becomePersona);
  byId("to-list").addEventListener("click", showList);
  window.addEventListener("popstate", goToAddress);
  setInterval(() => refreshRelativeTimes(byId("messages")), RELATIVE_TIMES_MS);
}

function follow() {
  const handlers = {
    message: received,
    edit: edited,
    delete: deleted,
    typing: (event) => conversation.typing(event.chat_id),
    chat: reload,
  };
  listen(handlers, () => reload().then(() => conversation.setOnline(true)), () => conversation.setOnline(false));
}

async function begin() {
  prepare();
  await loadPeople().catch(complain);
  await goToAddress();
  follow();
}

begin();
