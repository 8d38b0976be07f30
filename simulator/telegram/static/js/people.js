/** The dialogue that makes another persona or a group. */
import { post } from "./api.js";
import { byId } from "./dom.js";
import { toast } from "./notices.js";
import { state } from "./state.js";

export function preparePeople(changed) {
  const dialog = byId("people");
  byId("add-people").addEventListener("click", () => dialog.showModal());
  byId("new-persona").addEventListener("submit", (event) => {
    const { first_name: name, language_code: language } = event.target.elements;
    make(event, "/client/users", { first_name: name.value, language_code: language.value });
  });
  byId("new-group").addEventListener("submit", (event) => {
    const { title } = event.target.elements;
    make(event, "/client/chats", { type: "supergroup", title: title.value, user_ids: state.users.map((user) => user.id) });
  });

  async function make(event, path, wish) {
    event.preventDefault();
    try {
      await post(path, wish);
      event.target.reset();
      dialog.close();
      await changed();
    } catch (refusal) {
      toast(refusal.message);
    }
  }
}
