/**
 * The server's rendered text, rebuilt from an allow-list.
 *
 * The server escapes everything, yet nothing it sends is trusted: the text is parsed in an inert document
 * and only known elements, with attributes made here, reach the page.
 */
import { momentInWords } from "./clock.js";
import { el } from "./dom.js";

const PLAIN = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "PRE", "BR"]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "NOSCRIPT"]);
const COMMAND = /(^|[^\w/])(\/[A-Za-z0-9_]{1,32}(?:@\w+)?)/g;
const DEEP_LINK = /^https?:\/\/(?:t\.me|telegram\.me)\/\w+\?start=([\w-]{1,64})$/;

/** `actions.command(text)` and `actions.deepLink(payload)` are called when such a word is pressed. */
export function richText(html, entities, actions) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...rebuilt(parsed.body, actions));
  if ((entities ?? []).some((entity) => entity.type === "bot_command")) linkCommands(fragment, actions);
  return fragment;
}

export const isWebAddress = (address) => /^https?:\/\//i.test(address);
export const deepLinkPayload = (address) => DEEP_LINK.exec(address)?.[1] ?? null;

const BLOCKS = new Set(["BLOCKQUOTE", "PRE"]);

function rebuilt(parent, actions) {
  return [...parent.childNodes].flatMap((node) => rebuiltNode(node, actions));
}

/** The line break behind a block ends the block: it is no empty line of its own. */
function wordsOf(node) {
  return BLOCKS.has(node.previousSibling?.tagName) ? node.data.replace(/^\n/, "") : node.data;
}

function rebuiltNode(node, actions) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(wordsOf(node))];
  if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.tagName)) return [];
  const children = rebuilt(node, actions);
  if (PLAIN.has(node.tagName)) return [el(node.tagName, {}, ...children)];
  if (node.tagName === "A") return [link(node, children, actions)];
  if (node.tagName === "BLOCKQUOTE") return [quotation(node, children)];
  if (node.tagName === "SPAN" && node.classList.contains("spoiler")) return [spoiler(children)];
  if (node.tagName === "TIME") return [moment(node, children)];
  return children;
}

/** Telegram recognises "example.com" as an address, too. */
const withScheme = (address) => (/^[\w-]+(\.[\w-]+)+([:/?#]|$)/.test(address) ? `http://${address}` : address);

function link(node, children, actions) {
  const address = withScheme(node.getAttribute("href") ?? "");
  const payload = deepLinkPayload(address);
  if (payload) {
    const follow = (event) => {
      event.preventDefault();
      actions.deepLink(payload);
    };
    return el("a", { href: address, on: { click: follow } }, ...children);
  }
  if (isWebAddress(address)) {
    return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
  }
  if (/^(mailto|tel):/i.test(address)) return el("a", { href: address }, ...children);
  return el("span", {}, ...children);
}

function quotation(node, children) {
  if (node.dataset.expandable === undefined) return el("blockquote", {}, ...children);
  const words = el("div", { class: "quoted" }, ...children);
  const toggle = el("button", { type: "button", class: "fold", hidden: true });
  const quote = el("blockquote", { class: "expandable" }, words, toggle);
  toggle.addEventListener("click", () => setFolded(quote, quote.classList.contains("open")));
  setFolded(quote, true);
  return quote;
}

export function setFolded(quote, folded) {
  const toggle = quote.querySelector(":scope > .fold");
  quote.classList.toggle("open", !folded);
  toggle.setAttribute("aria-expanded", String(!folded));
  toggle.textContent = folded ? "Show all" : "Show less";
}

/** A quotation that fits its folded height has nothing to unfold; only the laid out page can tell. */
export function offerUnfolding(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const words = quote.querySelector(".quoted");
    quote.querySelector(":scope > .fold").hidden = words.scrollHeight <= words.clientHeight + 1;
  }
}

function spoiler(children) {
  const words = el("span", { class: "spoiler-words", "aria-hidden": "true" }, ...children);
  const cover = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, show" }, words);
  const reveal = () => {
    cover.replaceWith(...words.childNodes);
  };
  cover.addEventListener("click", reveal);
  cover.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    reveal();
  });
  return cover;
}

function moment(node, children) {
  const date = node.dataset.unix ? new Date(Number(node.dataset.unix) * 1000) : new Date(NaN);
  if (Number.isNaN(date.getTime())) return el("span", {}, ...children);
  const pattern = node.dataset.format ?? "";
  const shown = pattern ? [momentInWords(date, pattern)] : children;
  return el("time", { datetime: date.toISOString(), title: momentInWords(date, "wDT"), data: { pattern } }, ...shown);
}

/** Relative times are the client's to keep true; changing the text node alone keeps screen readers quiet. */
export function refreshRelativeTimes(root) {
  for (const time of root.querySelectorAll('time[data-pattern="r"]')) {
    time.firstChild.data = momentInWords(new Date(time.dateTime), "r");
  }
}

function linkCommands(fragment, actions) {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("a, code, pre")) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = withCommands(text.data, actions);
    if (parts.length > 1) text.replaceWith(...parts);
  }
}

function withCommands(text, actions) {
  const parts = [];
  let done = 0;
  for (const found of text.matchAll(COMMAND)) {
    const [whole, before, command] = found;
    const follow = (event) => {
      event.preventDefault();
      actions.command(command);
    };
    parts.push(text.slice(done, found.index) + before, el("a", { href: "#", class: "command", on: { click: follow } }, command));
    done = found.index + whole.length;
  }
  parts.push(text.slice(done));
  return parts;
}
