/** What one can do with a message: by right button, long press, Enter or the menu key. */
import { messageOf } from "./bubble.js";
import { byId, el } from "./dom.js";

const EDGE_PX = 8;

/** `optionsFor(message)` lists [label, act] pairs. */
export function prepareMessageMenu(optionsFor) {
  const menu = byId("message-menu");
  let article = null;

  const close = (givesFocus = true) => {
    if (menu.hidden) return;
    menu.hidden = true;
    if (givesFocus) article?.focus({ preventScroll: true });
  };

  const open = (target, x, y) => {
    article = target;
    const entries = optionsFor(messageOf(article)).map(([label, act]) => {
      const choose = () => {
        close();
        act();
      };
      return el("li", { role: "menuitem", tabindex: "-1", on: { click: choose } }, label);
    });
    menu.replaceChildren(...entries);
    menu.hidden = false;
    const frame = menu.offsetParent.getBoundingClientRect();
    menu.style.left = `${clamp(x - frame.left, frame.width - menu.offsetWidth)}px`;
    menu.style.top = `${clamp(y - frame.top, frame.height - menu.offsetHeight)}px`;
    menu.firstElementChild.focus();
  };

  byId("messages").addEventListener("contextmenu", (event) => {
    const target = event.target.closest("article.message");
    if (!target || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    const box = target.getBoundingClientRect();
    open(target, event.clientX || box.left + 40, event.clientY || box.top + 20);
  });
  byId("messages").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("article.message")) return;
    event.preventDefault();
    const box = event.target.getBoundingClientRect();
    open(event.target, box.left + 40, box.top + 20);
  });
  menu.addEventListener("keydown", (event) => {
    const move = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (move) event.target[move]?.focus();
    else if (event.key === "Enter" || event.key === " ") event.target.click();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) close(false);
  });
}

const clamp = (value, most) => Math.max(EDGE_PX, Math.min(value, most - EDGE_PX));
