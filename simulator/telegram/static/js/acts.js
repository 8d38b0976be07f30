/** What the persona does in the open chat: say, edit, press a button, follow a link. */
import { get, patch, post } from "./api.js";
import { withSpinner } from "./inline_keyboard.js";
import { copyText, showAlert, toast } from "./notices.js";
import { deepLinkPayload, isWebAddress } from "./rich_text.js";
import { ensurePersona, state } from "./state.js";

export const complain = (refusal) => toast(refusal.message);

export async function fetchCommands() {
  if (!state.me) return [];
  return get("/client/commands", { chat_id: state.chatId, user_id: state.me.id });
}

/** A reply stays in the topic of the message it answers. */
export async function say({ text, replyTo, threadId, file }) {
  const { id } = await ensurePersona();
  state.chatId ||= id;
  const words = file ? { file, caption: text || undefined } : { text };
  const place = { chat_id: state.chatId, user_id: id, reply_to_message_id: replyTo, thread_id: threadId ?? undefined };
  return post("/client/messages", { ...place, ...words });
}

export function edit(message, text) {
  return patch("/client/messages", { chat_id: message.chat_id, message_id: message.message_id, user_id: state.me.id, text });
}

/** Answer a press as a phone does; `goToPrivate()` opens the chat with the bot, for its deep links. */
export async function press(message, button, goToPrivate) {
  if (button.kind === "url") return openAddress(button.url, goToPrivate);
  if (button.kind === "copy") return copyText(button.copy);
  const request = { chat_id: message.chat_id, user_id: state.me.id, message_id: message.message_id, button: button.data ?? button.text };
  try {
    const answer = await withSpinner(message, button, () => post("/client/presses", request));
    if (answer !== undefined) showAnswer(answer, goToPrivate);
  } catch (refusal) {
    complain(refusal);
  }
  return undefined;
}

function showAnswer(answer, goToPrivate) {
  if (!answer?.answered) toast("The bot did not answer this press.");
  else if (answer.url) showAlert(`Open this link?\n${answer.url}`, () => openAddress(answer.url, goToPrivate));
  else if (answer.text && answer.show_alert) showAlert(answer.text);
  else if (answer.text) toast(answer.text);
}

function openAddress(address, goToPrivate) {
  const payload = deepLinkPayload(address);
  if (payload) return followDeepLink(payload, goToPrivate);
  if (isWebAddress(address)) window.open(address, "_blank", "noopener,noreferrer");
  else toast(`Not a web address: ${address}`);
  return undefined;
}

/** A link to the bot with a payload is what a phone turns into "/start payload" in the private chat. */
export async function followDeepLink(payload, goToPrivate) {
  await goToPrivate();
  await say({ text: `/start ${payload}` }).catch(complain);
}
