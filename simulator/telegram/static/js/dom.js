/** Making elements without ever handing foreign text to a parser. */

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** `on` holds listeners, `data` the data-* attributes; false, null and undefined leave an attribute out. */
export function el(tag, { on = {}, data = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, value] of Object.entries(data)) node.dataset[name] = value;
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Without a label the icon is decoration, and silent. */
export function icon(name, label = null) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  svg.append(use);
  return svg;
}

export function showCount(badge, count) {
  badge.hidden = count === 0;
  badge.textContent = count > 99 ? "99+" : String(count);
  if (badge.role === "img") badge.setAttribute("aria-label", `${count} unread`);
}

/** A badge on a button is part of the button's name. */
export function showCountOn(button, name, count) {
  showCount(button.querySelector(".badge"), count);
  button.setAttribute("aria-label", count ? `${name}, ${count} unread` : name);
}
