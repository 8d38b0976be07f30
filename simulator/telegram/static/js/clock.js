/** Times, days and sizes in the reader's own zone and language. */

const LANGUAGE = navigator.language;
const DAY_MS = 86_400_000;

const format = (options) => new Intl.DateTimeFormat(LANGUAGE, options);
const TIME = format({ hour: "2-digit", minute: "2-digit" });
const DAY = format({ day: "numeric", month: "long" });
const DAY_OF_OTHER_YEAR = format({ day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = format({ day: "2-digit", month: "2-digit" });
const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const STEPS = [["day", 86_400], ["hour", 3600], ["minute", 60]];

export const fromUnix = (seconds) => new Date(seconds * 1000);
export const timeOf = (date) => TIME.format(date);

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
const daysAgo = (date) => Math.round((midnight(new Date()) - midnight(date)) / DAY_MS);

export const dayKey = (date) => midnight(date).getTime();

export function dayName(date) {
  const ago = daysAgo(date);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return (date.getFullYear() === new Date().getFullYear() ? DAY : DAY_OF_OTHER_YEAR).format(date);
}

/** For a row in the chat list: the clock today, the date before. */
export const shortMoment = (date) => (daysAgo(date) === 0 ? TIME : SHORT_DAY).format(date);

export function relative(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.round(seconds / length), unit);
  }
  return RELATIVE.format(seconds, "second");
}

/** Telegram's date_time_format: "r", or any of w, d or D, t or T; empty keeps the writer's own words. */
export function momentInWords(date, pattern) {
  if (pattern === "r") return relative(date);
  const options = {};
  if (pattern.includes("w")) options.weekday = "long";
  if (pattern.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (pattern.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (pattern.includes("t") || pattern.includes("T")) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (pattern.includes("T")) options.second = "2-digit";
  return format(options).format(date);
}

export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
