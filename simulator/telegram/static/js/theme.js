/** Light, dark, or as the system has it. */
import { byId } from "./dom.js";

const KEY = "simulator-theme";
const NEXT = { system: "light", light: "dark", dark: "system" };

export function prepareTheme() {
  let theme = localStorage.getItem(KEY) ?? "system";
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    byId("theme").setAttribute("aria-label", `Colours: ${theme}. Change to ${NEXT[theme]}`);
    byId("theme").title = `Colours: ${theme}`;
  };
  byId("theme").addEventListener("click", () => {
    theme = NEXT[theme] ?? "system";
    localStorage.setItem(KEY, theme);
    apply();
  });
  apply();
}
