/** One message as an article; an edit replaces only the parts that changed. */
import { dayKey, fromUnix, timeOf } from "./clock.js";
import { el, icon } from "./dom.js";
import { inlineKeyboard, keepingFocus } from "./inline_keyboard.js";
import { mediaPart } from "./media.js";
import { firstLine, hueOf, nameOf } from "./names.js";
import { offerUnfolding, richText, setFolded } from "./rich_text.js";

/** Each part: its name, what of the message it depends on, and how it is made (null: nothing to show). */
const PARTS = [
  ["quote", (message) => message.reply_to, quotePart],
  ["media", (message) => message.media, mediaPart],
  ["text", (message) => [message.html, message.entities], textPart],
  ["meta", (message) => [message.date, message.edit_date, message.silent], metaPart],
];
const shown = new WeakMap();

/** `view` says who looks: `me`, `isGroup`, `find(id)`, `actions`. */
export function makeArticle(message, view) {
  const isOwn = message.from?.id === view.me.id;
  const article = el("article", {
    class: message.service ? "service" : `message ${isOwn ? "out" : "in"}`,
    tabindex: "-1",
    "aria-label": `${isOwn ? "You" : nameOf(message.from)}, ${timeOf(fromUnix(message.date))}`,
    data: { messageId: message.message_id },
  });
  if (message.service) article.append(el("p", {}, message.service));
  else buildParts(article, message, view);
  shown.set(article, { ...shown.get(article), message });
  return article;
}

export const messageOf = (article) => shown.get(article).message;

function buildParts(article, message, view) {
  const isNamed = view.isGroup && article.classList.contains("in");
  const author = isNamed && el("p", { class: "author", data: { hue: hueOf(message.from.id) } }, nameOf(message.from));
  const topic = message.thread_id && el("p", { class: "topic" }, `Topic ${message.thread_id}`);
  const parts = Object.fromEntries(PARTS.map(([name, , make]) => [name, make(message, view) ?? document.createComment(name)]));
  const keyboard = inlineKeyboard(message, view.actions.press) ?? document.createComment("keyboard");
  article.append(el("div", { class: "bubble" }, author || null, topic || null, ...Object.values(parts)), keyboard);
  shown.set(article, { parts: { ...parts, keyboard } });
}

export function updateArticle(article, message, view) {
  const { message: before, parts } = shown.get(article);
  shown.get(article).message = message;
  if (message.service) return;
  keepingFocus(article, () => {
    for (const [name, depends, make] of PARTS) {
      if (isSame(depends(before), depends(message))) continue;
      const part = make(message, view) ?? document.createComment(name);
      if (name === "text") keepUnfolded(parts.text, part);
      swap(parts, name, part);
    }
    if (!isSame(before.buttons, message.buttons)) {
      swap(parts, "keyboard", inlineKeyboard(message, view.actions.press) ?? document.createComment("keyboard"));
    }
  });
  offerUnfolding(article);
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function swap(parts, name, part) {
  parts[name].replaceWith(part);
  parts[name] = part;
}

function keepUnfolded(before, after) {
  if (!before.querySelectorAll || !after.querySelectorAll) return;
  const quotes = after.querySelectorAll("blockquote.expandable");
  before.querySelectorAll("blockquote.expandable").forEach((quote, index) => {
    if (!quotes[index] || !quote.classList.contains("open")) return;
    setFolded(quotes[index], false);
    quotes[index].querySelector(":scope > .fold").hidden = false;
  });
}

function quotePart(message, view) {
  const quoted = message.reply_to && view.find(message.reply_to);
  if (!quoted) return null;
  const words = [el("b", {}, nameOf(quoted.from)), el("span", { dir: "auto" }, firstLine(quoted))];
  const show = () => view.actions.goTo(quoted.message_id);
  return el("button", { type: "button", class: "quote", on: { click: show } }, ...words);
}

function textPart(message, view) {
  if (!message.html) return null;
  return el("div", { class: "text", dir: "auto" }, richText(message.html, message.entities, view.actions));
}

function metaPart(message) {
  const date = fromUnix(message.date);
  return el(
    "span",
    { class: "meta" },
    message.silent ? icon("bell-off", "silent") : null,
    message.edit_date ? el("span", { class: "edited" }, "edited ") : null,
    el("time", { datetime: date.toISOString(), title: date.toLocaleString(navigator.language) }, timeOf(date)),
  );
}

/** Tails and names belong to the ends of a run: same person, same day, within five minutes. */
export function inOneRun(earlier, later) {
  if (!earlier || !later || earlier.service || later.service) return false;
  if (earlier.from?.id !== later.from?.id || later.date - earlier.date > 300) return false;
  return dayKey(fromUnix(earlier.date)) === dayKey(fromUnix(later.date));
}
