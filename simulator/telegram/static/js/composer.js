/** The line at the bottom: writing, replying, editing, and sending files. */
import { byId } from "./dom.js";
import { fileSize } from "./clock.js";
import { firstLine, nameOf } from "./names.js";

const LARGEST_FILE = 50 * 1024 * 1024;
const NOTHING = { kind: "write" };

export class Composer {
  #form = byId("composer");
  #words = byId("words");
  #file = byId("file");
  #drafts = new Map();
  #place = null;
  #context = NOTHING;
  #commands;
  #actions;

  /** `actions`: send({text, replyTo, threadId, file}), edit(message, text), lastOwn(), complain(text). */
  constructor(commands, actions) {
    this.#commands = commands;
    this.#actions = actions;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#words.addEventListener("keydown", (event) => this.#handleKey(event));
    this.#words.addEventListener("input", () => this.#changed());
    this.#words.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    byId("attach").addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => this.#attach(this.#file.files[0]));
    byId("context-close").addEventListener("click", () => this.#drop());
    const room = document.querySelector(".phone");
    room.addEventListener("dragover", (event) => event.preventDefault());
    room.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
  }

  /** Each chat keeps its own unsent words. */
  moveTo(place) {
    this.#drafts.set(this.#place, this.#words.value);
    this.#place = place;
    this.#setContext(NOTHING);
    this.#write(this.#drafts.get(place) ?? "");
  }

  focus() {
    this.#words.focus();
  }

  reply(message) {
    this.#setContext({ kind: "reply", message }, `Reply to ${nameOf(message.from)}`, firstLine(message));
    this.focus();
  }

  edit(message) {
    this.#setContext({ kind: "edit", message }, "Edit message", firstLine(message));
    this.#write(message.text ?? "");
    this.focus();
  }

  #handleKey(event) {
    if (event.isComposing || this.#commands.handleKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#context !== NOTHING) {
      this.#drop();
    } else if (event.key === "ArrowUp" && !this.#words.value && this.#context === NOTHING) {
      const message = this.#actions.lastOwn();
      if (!message) return;
      event.preventDefault();
      this.edit(message);
    }
  }

  #changed() {
    this.#form.classList.toggle("has-words", this.#words.value !== "");
    this.#words.style.height = "auto";
    this.#words.style.height = `${this.#words.scrollHeight}px`;
    this.#commands.suggest(this.#words.value);
  }

  #write(text) {
    this.#words.value = text;
    this.#changed();
    this.#commands.close();
  }

  async #submit() {
    const text = this.#words.value.trim();
    const context = this.#context;
    if (!text && context.kind !== "file") return;
    this.#write("");
    this.#setContext(NOTHING);
    try {
      if (context.kind === "edit") await this.#actions.edit(context.message, text);
      else {
        const { message_id: replyTo, thread_id: threadId } = context.message ?? {};
        await this.#actions.send({ text, replyTo, threadId, file: context.file });
      }
    } catch (refusal) {
      this.#actions.complain(refusal.message);
      if (!this.#words.value) this.#write(text);
    }
  }

  #take(event, transfer) {
    const [file] = transfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.#attach(file);
  }

  async #attach(file) {
    if (!file) return;
    this.#file.value = "";
    if (file.size > LARGEST_FILE) {
      this.#actions.complain(`${file.name} is larger than 50 MB.`);
      return;
    }
    const base64 = await inBase64(file);
    const mime = file.type || "application/octet-stream";
    this.#setContext({ kind: "file", file: { name: file.name, mime, base64 } }, file.name, fileSize(file.size));
    this.focus();
  }

  #drop() {
    if (this.#context.kind === "edit") this.#write("");
    this.#setContext(NOTHING);
    this.focus();
  }

  #setContext(context, title = "", text = "") {
    this.#context = context;
    byId("context").hidden = context === NOTHING;
    byId("context-title").textContent = title;
    byId("context-text").textContent = text;
    byId("words").placeholder = context.kind === "file" ? "Caption" : "Message";
  }
}

function inBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
