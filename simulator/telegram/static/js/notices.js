/** What appears over the chat and goes away: toast, alert, notification. */
import { byId, el, icon } from "./dom.js";
import { firstLine, nameOf } from "./names.js";

const TOAST_MS = 4000;
const BANNER_MS = 6000;
let toastTimer;
let bannerTimer;

export function toast(text) {
  clearTimeout(toastTimer);
  byId("toast").textContent = text;
  toastTimer = setTimeout(() => byId("toast").replaceChildren(), TOAST_MS);
}

/** `openLink` is given when the answer carries an address: browsers want a press before they open a page. */
export function showAlert(text, openLink = null) {
  const dialog = byId("alert");
  const button = byId("alert-link");
  byId("alert-text").textContent = text;
  button.hidden = !openLink;
  button.onclick = () => {
    dialog.close();
    openLink();
  };
  if (dialog.open) dialog.close();
  dialog.showModal();
}

/** The lock screen's one line; it stays while it is looked at. */
export function notify(message, title, open) {
  const place = byId("banner");
  const author = title === nameOf(message.from) ? null : el("span", { class: "banner-author" }, `${nameOf(message.from)}: `);
  const words = el("span", { class: "banner-words", dir: "auto" }, author, firstLine(message));
  const heading = el("b", {}, title, message.silent ? icon("bell-off", "silent") : null);
  const follow = () => {
    endNotice();
    open();
  };
  const button = el("button", { type: "button", on: { click: follow } }, heading, words);
  place.replaceChildren(button);
  clearTimeout(bannerTimer);
  const leave = () => {
    if (place.matches(":hover, :focus-within")) bannerTimer = setTimeout(leave, BANNER_MS);
    else endNotice();
  };
  bannerTimer = setTimeout(leave, BANNER_MS);
}

export function endNotice() {
  clearTimeout(bannerTimer);
  byId("banner").replaceChildren();
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast("Copying was not allowed by the browser.");
    return;
  }
  toast("Copied");
}
