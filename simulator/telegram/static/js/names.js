/** What people and chats are called, and the round letter beside them. */
import { el } from "./dom.js";

const HUES = 7;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export const nameOf = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ") || "Somebody";

export const hueOf = (id) => String(Math.abs(Number(id)) % HUES);

export function avatar(id, name) {
  return el("span", { class: "avatar", "aria-hidden": "true", data: { hue: hueOf(id) } }, firstLetter(name));
}

export function firstLetter(name) {
  const [first] = graphemes.segment(name.trim());
  return first ? first.segment.toUpperCase() : "?";
}

/** What a lock screen shows of a message: its first line, or what kind of thing it is. */
export function firstLine(message) {
  const words = (message.text || message.caption || message.service || "").trim().split("\n", 1)[0];
  if (words) return words;
  if (message.media?.kind === "photo") return "Picture";
  return message.media?.file_name ?? "Message";
}
