/** Pictures and files in a bubble, and the viewer that opens a picture. */
import { fileSize } from "./clock.js";
import { byId, el, icon } from "./dom.js";

const LONGEST_SIDE = 300;

/** Only this page's own addresses are shown: the simulator serves every file itself. */
function ownAddress(address) {
  const url = new URL(address, location.href);
  return url.origin === location.origin ? url.href : null;
}

export function mediaPart(message) {
  const { media } = message;
  const address = media && ownAddress(media.url);
  if (!address) return null;
  return media.kind === "photo" ? photo(media, address) : file(media, address);
}

function photo(media, address) {
  const scale = media.width && media.height ? Math.min(1, LONGEST_SIDE / Math.max(media.width, media.height)) : null;
  const size = scale ? { width: Math.round(media.width * scale), height: Math.round(media.height * scale) } : {};
  const picture = el("img", { src: address, alt: "", ...size });
  const open = () => openViewer(address, media.file_name ?? "picture.jpg");
  return el("button", { type: "button", class: "photo", "aria-label": "Enlarge picture", on: { click: open } }, picture);
}

function file(media, address) {
  const name = media.file_name ?? "file";
  const words = el("span", { class: "file-words" }, el("b", { dir: "auto" }, name), el("span", {}, fileSize(media.size)));
  return el("a", { class: "file", href: address, download: name }, el("span", { class: "file-icon" }, icon("file")), words);
}

function openViewer(address, name) {
  const viewer = byId("viewer");
  byId("viewer-picture").src = address;
  byId("viewer-save").href = address;
  byId("viewer-save").download = name;
  setZoomed(false);
  viewer.showModal();
}

function setZoomed(isZoomed) {
  byId("viewer").classList.toggle("zoomed", isZoomed);
  byId("viewer-zoom").setAttribute("aria-pressed", String(isZoomed));
}

export function prepareViewer() {
  const viewer = byId("viewer");
  const toggle = () => setZoomed(!viewer.classList.contains("zoomed"));
  byId("viewer-zoom").addEventListener("click", toggle);
  byId("viewer-picture").addEventListener("click", toggle);
  byId("viewer-close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "+") setZoomed(true);
    if (event.key === "-") setZoomed(false);
  });
}
