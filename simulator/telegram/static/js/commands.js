/** The command list: opened by the Menu button, or by typing "/". */
import { byId, el } from "./dom.js";

export class Commands {
  #list = byId("suggestions");
  #button = byId("commands");
  #words = byId("words");
  #known = [];
  #active = -1;
  #load;
  #send;

  /** `load()` fetches the commands of the open chat; `send(text)` says one. */
  constructor(load, send) {
    this.#load = load;
    this.#send = send;
    this.#button.addEventListener("click", () => this.#toggle());
    this.#list.addEventListener("keydown", (event) => this.handleKey(event));
    this.#list.setAttribute("tabindex", "-1");
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#suggestions, #commands, #words")) this.close();
    });
  }

  async refresh() {
    this.#known = await this.#load();
    this.#button.hidden = this.#known.length === 0;
    if (document.activeElement === this.#words) this.suggest(this.#words.value); // typed before the list came
  }

  /** Follow what is being typed: a lone word that begins with a slash. */
  suggest(text) {
    const typed = /^\/(\w*)$/.exec(text);
    if (!typed) {
      this.close();
      return;
    }
    this.#open(this.#known.filter(({ command }) => command.startsWith(typed[1].toLowerCase())));
  }

  close() {
    this.#list.hidden = true;
    this.#active = -1;
    this.#button.setAttribute("aria-expanded", "false");
    for (const holder of [this.#words, this.#list]) holder.removeAttribute("aria-activedescendant");
  }

  /** Return true when the key was for the list. Enter sends only what was chosen with the arrows. */
  handleKey(event) {
    if (this.#list.hidden) return false;
    const options = this.#list.children;
    const chosen = options[this.#active];
    const moves = { ArrowDown: this.#active + 1, ArrowUp: this.#active < 0 ? options.length - 1 : this.#active - 1 };
    if (event.key in moves) this.#activate((moves[event.key] + options.length) % options.length);
    else if (event.key === "Escape") this.#leave();
    else if (event.key === "Enter" && chosen) this.#choose(chosen.dataset.command);
    else if (event.key === "Tab" && event.target === this.#words && !event.shiftKey) this.#complete(chosen ?? options[0]);
    else return false;
    event.preventDefault();
    return true;
  }

  async #toggle() {
    if (!this.#list.hidden) {
      this.close();
      return;
    }
    await this.refresh();
    this.#open(this.#known);
    this.#button.setAttribute("aria-expanded", "true");
    this.#list.focus();
    if (this.#known.length) this.#activate(0);
  }

  #open(commands) {
    this.close();
    const options = commands.map(({ command, description }) =>
      el(
        "li",
        { id: `command-${command}`, role: "option", "aria-selected": "false", data: { command }, on: { click: () => this.#choose(command) } },
        el("b", {}, `/${command}`),
        el("span", { dir: "auto" }, description),
      ),
    );
    this.#list.replaceChildren(...options);
    this.#list.hidden = options.length === 0;
  }

  #activate(index) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = this.#list.children[index];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    for (const holder of [this.#words, this.#list]) holder.setAttribute("aria-activedescendant", option.id);
  }

  #leave() {
    this.close();
    this.#words.focus();
  }

  #complete(option) {
    this.#words.value = `/${option.dataset.command} `;
    this.#leave();
  }

  #choose(command) {
    this.#words.value = "";
    this.#leave();
    this.#send(`/${command}`);
  }
}
