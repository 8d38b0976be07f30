/** The message list of the open chat: order, days, runs, and scrolling like a chat. */
import { inOneRun, makeArticle, messageOf, updateArticle } from "./bubble.js";
import { dayKey, dayName, fromUnix } from "./clock.js";
import { byId, el, showCountOn } from "./dom.js";
import { offerUnfolding } from "./rich_text.js";

const NEAR_END_PX = 48;

export class History {
  #log = byId("log");
  #list = byId("messages");
  #toEnd = byId("to-end");
  #articles = new Map();
  #days = new Map();
  #sticks = true;
  #lastTop = 0;
  #below = 0;
  #view = null;

  constructor() {
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#log.addEventListener("keydown", (event) => this.#moveFocus(event));
    this.#toEnd.addEventListener("click", () => {
      this.scrollToEnd();
      byId("words").focus();
    });
    const growth = new ResizeObserver(() => {
      if (this.#sticks) this.scrollToEnd();
      offerUnfolding(this.#list);
    });
    growth.observe(this.#list);
    growth.observe(this.#log);
  }

  get isAtEnd() {
    return this.#sticks;
  }

  get isEmpty() {
    return this.#articles.size === 0;
  }

  get messages() {
    return [...this.#list.querySelectorAll("article")].map(messageOf);
  }

  find(id) {
    const article = this.#articles.get(id);
    return article && messageOf(article);
  }

  /** Replace everything at once: busy meanwhile, so that a screen reader does not read the whole past. */
  show(messages, view) {
    this.#log.setAttribute("aria-busy", "true");
    this.#view = view;
    this.#list.replaceChildren();
    this.#articles.clear();
    this.#days.clear();
    for (const message of messages) this.#insert(message);
    offerUnfolding(this.#list);
    this.scrollToEnd();
    this.#log.removeAttribute("aria-busy");
  }

  /** Bring the list up to `messages` after a pause, keeping what is already drawn. */
  catchUp(messages) {
    const alive = new Set(messages.map((message) => message.message_id));
    for (const id of [...this.#articles.keys()]) if (!alive.has(id)) this.remove(id);
    for (const message of messages) this.put(message);
  }

  put(message) {
    const known = this.#articles.get(message.message_id);
    if (known) {
      this.#keepingEnd(() => updateArticle(known, message, this.#view));
      return;
    }
    const article = this.#insert(message);
    article.classList.add("new");
    offerUnfolding(article);
    const isOwn = message.from?.id === this.#view.me.id;
    if (isOwn || this.#sticks) this.scrollToEnd();
    else this.#countBelow(this.#below + 1);
  }

  remove(id) {
    const article = this.#articles.get(id);
    if (!article) return;
    const neighbours = [before(article), after(article)];
    if (article.contains(document.activeElement)) this.#log.focus({ preventScroll: true });
    this.#articles.delete(id);
    this.#days.get(article)?.remove();
    this.#days.delete(article);
    this.#keepingEnd(() => article.remove());
    for (const neighbour of neighbours) if (neighbour) this.#dress(neighbour);
  }

  /** At once: of two quick changes, the first shorter and the second longer, the scroll event would see a move up. */
  #keepingEnd(change) {
    const isAtEnd = this.#sticks;
    change();
    if (isAtEnd) this.scrollToEnd();
  }

  scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#sticks = true;
    this.#countBelow(0);
    this.#toEnd.hidden = true;
  }

  goTo(id) {
    const article = this.#articles.get(id);
    if (!article) return;
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    article.classList.remove("found");
    void article.offsetWidth; // restarts the highlight when the same message is looked up again
    article.classList.add("found");
  }

  #insert(message) {
    const article = makeArticle(message, this.#view);
    let previous = this.#list.lastElementChild;
    while (previous && (!isArticle(previous) || idOf(previous) > message.message_id)) previous = previous.previousElementSibling;
    if (previous) previous.after(article);
    else this.#list.prepend(article);
    this.#articles.set(message.message_id, article);
    for (const touched of [article, before(article), after(article)]) if (touched) this.#dress(touched);
    return article;
  }

  /** Put the day line above an article where a day begins, and mark where its run begins and ends. */
  #dress(article) {
    const message = messageOf(article);
    const [earlier, later] = [before(article), after(article)].map((node) => node && messageOf(node));
    article.classList.toggle("first", !inOneRun(earlier, message));
    article.classList.toggle("last", !inOneRun(message, later));
    const date = fromUnix(message.date);
    const beginsDay = !earlier || dayKey(fromUnix(earlier.date)) !== dayKey(date);
    const line = this.#days.get(article);
    if (beginsDay && !line) {
      const words = el("p", { class: "day" }, el("span", {}, dayName(date)));
      this.#days.set(article, words);
      article.before(words);
    } else if (!beginsDay && line) {
      line.remove();
      this.#days.delete(article);
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    // Only a move up leaves the end: the list also ends lower when it grows or its window shrinks.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.#sticks = true;
    else if (scrollTop < this.#lastTop) this.#sticks = false;
    this.#lastTop = scrollTop;
    this.#toEnd.hidden = this.#sticks;
    if (this.#sticks) this.#countBelow(0);
  }

  #countBelow(count) {
    this.#below = count;
    showCountOn(this.#toEnd, "Newest messages", count);
  }

  /** Arrow keys walk from message to message while the list or a message has the focus. */
  #moveFocus(event) {
    const step = { ArrowUp: before, ArrowDown: after }[event.key];
    const from = event.target;
    if (!step || (from !== this.#log && !isArticle(from))) return;
    const last = [...this.#list.querySelectorAll("article")].at(-1);
    const next = from === this.#log ? last : step(from);
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}

const isArticle = (node) => node.tagName === "ARTICLE";
const idOf = (article) => Number(article.dataset.messageId);
const before = (article) => sibling(article, "previousElementSibling");
const after = (article) => sibling(article, "nextElementSibling");

function sibling(article, direction) {
  let node = article[direction];
  while (node && !isArticle(node)) node = node[direction];
  return node;
}
