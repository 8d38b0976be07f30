/** What the page knows: personas, chats, who looks and at which chat. */
import { get, post } from "./api.js";
import { nameOf } from "./names.js";

export const state = { users: [], bot: null, rows: [], me: null, chatId: null };
const unread = new Map();

export async function loadPeople() {
  const [users, rows] = await Promise.all([get("/client/users"), get("/client/chats")]);
  state.users = users.filter((user) => !user.is_bot);
  state.bot = users.find((user) => user.is_bot) ?? null;
  const before = new Map(state.rows.map((row) => [row.chat.id, row]));
  state.rows = rows;
  for (const row of rows) mergeRow(row, before.get(row.chat.id));
  state.me = state.users.find((user) => user.id === state.me?.id) ?? state.users[0] ?? null;
}

/** A demo with nobody in it still has a Start button: pressing it brings somebody to life. */
export async function ensurePersona() {
  state.me ??= await post("/client/users", { first_name: "Sari", username: "sari", language_code: "en" });
  return state.me;
}

/** After this the server's word counts alone: messages may have gone. */
export function forgetRows() {
  state.rows = [];
}

const lastId = (row) => row?.last_message?.message_id ?? 0;

/** An event may have been faster than the list, or have been missed while the line was down. */
function mergeRow(row, before) {
  beginCounting(row);
  if (!before) return;
  if (lastId(before) > lastId(row)) row.last_message = before.last_message;
  else if (lastId(before) < lastId(row)) countUnread(row.last_message, row, row.chat.id === state.chatId);
}

const isPrivate = (row) => row.chat.type === "private";
const momentOf = (row) => row.last_message?.date ?? 0;

/** A phone shows its owner's private chat with the bot, even before the first word, and the groups. */
export function rowsOf(me) {
  const seen = state.rows.filter((row) => sees(me, row));
  if (!seen.some(isPrivate)) seen.push(emptyPrivate(me));
  return seen.sort((one, other) => momentOf(other) - momentOf(one));
}

function sees(me, row) {
  if (isPrivate(row)) return row.chat.id === me?.id;
  return row.user_ids?.includes(me?.id) ?? true;
}

function emptyPrivate(me) {
  return { chat: { id: me?.id ?? 0, type: "private" }, title: null, last_message: null, pinned_message_id: null };
}

export const rowOf = (chatId) => rowsOf(state.me).find((row) => row.chat.id === chatId) ?? null;

export function titleOf(row) {
  if (!isPrivate(row)) return row.title ?? row.chat.title ?? "Group";
  return botName();
}

/** A private chat is called after whom one talks to: the bot. */
function botName() {
  const spoken = state.rows.map((row) => row.last_message?.from).find((author) => author?.is_bot);
  const bot = state.bot ?? spoken;
  return bot ? nameOf(bot) : "Bot";
}

const unreadKey = (userId, chatId) => `${userId}/${chatId}`;
export const unreadIn = (chatId) => unread.get(unreadKey(state.me?.id, chatId)) ?? 0;
export const markRead = (chatId) => unread.set(unreadKey(state.me?.id, chatId), 0);

/** What was unread before this page was opened only the server knows. */
function beginCounting(row) {
  for (const user of state.users.filter((one) => sees(one, row))) {
    const key = unreadKey(user.id, row.chat.id);
    if (!unread.has(key)) unread.set(key, row.unread ?? 0);
  }
}

/** Every persona who has the chat and is not looking at it has one more to read. */
export function countUnread(message, row, isWatched) {
  for (const user of state.users) {
    const isReading = isWatched && user.id === state.me?.id;
    if (user.id === message.from?.id || isReading || !sees(user, row)) continue;
    const key = unreadKey(user.id, row.chat.id);
    unread.set(key, (unread.get(key) ?? 0) + 1);
  }
}

export const unreadElsewhere = () =>
  rowsOf(state.me).reduce((sum, row) => (row.chat.id === state.chatId ? sum : sum + unreadIn(row.chat.id)), 0);
