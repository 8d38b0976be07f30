/** The buttons under a message, and the spinner on a pressed one until the bot answers. */
import { el, icon } from "./dom.js";

const SPINNER_AFTER_MS = 300;
const GIVES_UP_AFTER_MS = 15_000;
const STYLES = new Set(["success", "primary", "danger"]);
const CORNER = { url: "link", copy: "copy" };
const HINTS = { success: "positive action", primary: "main action", danger: "dangerous action" };

/** Waits outlive a re-rendered keyboard, so they hang on the button's address and not on its element. */
const waits = new Map();

export function inlineKeyboard(message, press) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((row, y) =>
    el("div", { class: "row" }, ...row.map((button, x) => inlineButton(message, button, `${y}.${x}`, press))),
  );
  // A key held down is one press, not twenty.
  const keydown = (event) => event.repeat && event.key === "Enter" && event.preventDefault();
  return el("div", { class: "keyboard", role: "group", "aria-label": "Buttons", on: { keydown } }, ...rows);
}

function inlineButton(message, button, place, press) {
  const key = addressOf(message, button);
  const style = STYLES.has(button.style) ? button.style : null;
  const mark = CORNER[button.kind] ?? style;
  const node = el(
    "button",
    {
      type: "button",
      class: "inline",
      title: button.kind === "url" ? button.url : null,
      "aria-description": style ? HINTS[style] : null,
      data: { place, ...(style && { style }) },
      on: { click: () => press(message, button) },
    },
    el("span", { class: "label", dir: "auto" }, button.text),
    mark && icon(mark),
  );
  node.waitKey = key;
  showWait(node, waits.get(key) ?? false);
  return node;
}

const addressOf = (message, button) => `${message.chat_id}/${message.message_id}/${button.data ?? button.text}`;

function showWait(node, isShown) {
  if (isShown) node.setAttribute("aria-busy", "true");
  else node.removeAttribute("aria-busy");
}

function showWaits(key) {
  for (const node of document.querySelectorAll("button.inline")) {
    if (node.waitKey === key) showWait(node, waits.get(key) ?? false);
  }
}

/** Run `work` with a spinner on the button; a second press meanwhile does nothing. Null: nobody answered. */
export async function withSpinner(message, button, work) {
  const key = addressOf(message, button);
  if (waits.has(key)) return undefined;
  waits.set(key, false);
  const shown = setTimeout(() => {
    waits.set(key, true);
    showWaits(key);
  }, SPINNER_AFTER_MS);
  let tooLate;
  const patience = new Promise((resolve) => {
    tooLate = setTimeout(() => resolve(null), GIVES_UP_AFTER_MS);
  });
  try {
    return await Promise.race([work(), patience]);
  } finally {
    clearTimeout(shown);
    clearTimeout(tooLate);
    waits.delete(key);
    showWaits(key);
  }
}

/**
 * Keep the focus where the thumb was: the same label, or the same place in a keyboard of the same shape.
 * A keyboard of another shape gets no focus: a second Enter must not press what was not there before.
 */
export function keepingFocus(article, change) {
  const focused = document.activeElement;
  if (focused === article || !article.contains(focused)) return change();
  const label = focused.textContent;
  const place = focused.dataset.place;
  const shape = shapeOf(article);
  change();
  if (focused.isConnected) return undefined;
  const stops = [...article.querySelectorAll("button, a[href], [role=button]")];
  const sameLabel = stops.filter((node) => node.textContent === label);
  const target =
    sameLabel.find((node) => node.dataset.place === place) ??
    sameLabel[0] ??
    (shapeOf(article) === shape ? stops.find((node) => place && node.dataset.place === place) : null) ??
    article;
  target.focus({ preventScroll: true });
  return undefined;
}

const shapeOf = (article) => [...article.querySelectorAll(".keyboard .row")].map((row) => row.childElementCount).join();
