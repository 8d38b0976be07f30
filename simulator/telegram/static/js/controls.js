/** The drawer of the simulator itself: what the bot called, and how to make its life hard. */
import { get, patch, post, remove } from "./api.js";
import { byId, el } from "./dom.js";
import { copyText } from "./notices.js";
import { state } from "./state.js";

const REFRESH_MS = 1500;
const MOST_SHOWN = 200;
const WIDE = matchMedia("(min-width: 1120px)");

export class Controls {
  #dialog = byId("controls");
  #calls = [];
  #timer = null;
  #isBlocked;
  #changed;

  /** `isBlocked()` tells whether the persona blocked the bot; `changed()` reads the chats again after an act. */
  constructor({ isBlocked, changed }) {
    this.#isBlocked = isBlocked;
    this.#changed = changed;
    byId("open-controls").addEventListener("click", () => (this.#dialog.open ? this.#dialog.close() : this.#open()));
    this.#dialog.addEventListener("close", () => clearInterval(this.#timer));
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#dialog.close();
    });
    byId("limit-fault").addEventListener("submit", (event) => this.#addLimit(event));
    byId("clear-faults").addEventListener("click", () => this.#do(() => remove("/client/faults"), "No faults."));
    byId("block").addEventListener("click", () => this.#toggleBlock());
    byId("reset").addEventListener("click", () => this.#reset());
    byId("with-polls").addEventListener("change", () => this.#show());
    byId("copy-calls").addEventListener("click", () => copyText(JSON.stringify(this.#shown(), null, 2)));
  }

  #open() {
    if (WIDE.matches) this.#dialog.show();
    else this.#dialog.showModal();
    this.#nameBlock();
    this.#refresh();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS);
  }

  async #refresh() {
    try {
      const { calls } = await get("/client/calls", { after: this.#calls.at(-1)?.n });
      const { violations } = await get("/client/violations");
      byId("violations").textContent = violations.length ? `${violations.length} violations` : "";
      byId("violations").title = violations.map((one) => `${one.n} ${one.method}: ${one.description}`).join("\n");
      if (calls.length) {
        this.#calls.push(...calls);
        this.#show();
      }
    } catch (refusal) {
      this.#say(refusal.message);
    }
  }

  #shown() {
    const withPolls = byId("with-polls").checked;
    return this.#calls.filter((call) => withPolls || call.method.toLowerCase() !== "getupdates").slice(-MOST_SHOWN);
  }

  /** Newest first; what is already drawn stays, so an unfolded call is not folded again. */
  #show() {
    const list = byId("calls");
    const drawn = new Map([...list.children].map((node) => [node.dataset.n, node]));
    list.replaceChildren(...this.#shown().reverse().map((call) => drawn.get(String(call.n)) ?? callEntry(call)));
  }

  #addLimit(event) {
    event.preventDefault();
    const { next, retry_after: wait } = event.target.elements;
    const fault = { kind: "429", next: Number(next.value), retry_after: Number(wait.value) };
    this.#do(() => post("/client/faults", fault), `The next ${fault.next} will be answered 429, retry after ${fault.retry_after}.`);
  }

  #toggleBlock() {
    const block = !this.#isBlocked();
    this.#do(async () => {
      await patch(`/client/chats/${state.me.id}`, { action: block ? "block" : "unblock", user_id: state.me.id });
      await this.#changed();
      this.#nameBlock();
    }, block ? "The bot is blocked." : "The bot is not blocked any more.");
  }

  #nameBlock() {
    byId("block").textContent = this.#isBlocked() ? "Unblock the bot" : "Block the bot";
    byId("block").disabled = !state.me;
  }

  #reset() {
    if (!confirm("Forget all messages, calls and faults?")) return;
    this.#do(async () => {
      await post("/client/reset");
      this.#calls = [];
      this.#show();
      await this.#changed();
    }, "Everything is forgotten.");
  }

  async #do(act, done) {
    try {
      await act();
      this.#say(done);
    } catch (refusal) {
      this.#say(refusal.message);
    }
  }

  #say(text) {
    byId("controls-state").textContent = text;
  }
}

function callEntry(call) {
  const raw = JSON.stringify(call, null, 2);
  const outcome = call.ok ? "ok" : `${call.error_code ?? "failed"} ${call.description ?? ""}`;
  return el(
    "li",
    { data: { n: call.n } },
    el(
      "details",
      { class: call.ok ? "" : "failed" },
      el("summary", {}, el("b", {}, call.method), ` ${call.chat_id ?? ""} `, el("span", {}, outcome)),
      el("button", { type: "button", on: { click: () => copyText(raw) } }, "Copy call"),
      el("pre", { tabindex: "0" }, raw),
    ),
  );
}
