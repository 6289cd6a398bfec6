// The keyboard: single letters outside of text, the same with Alt while writing. "?" lists them.
import { act } from "./actions.js";
import { byId, storageKey } from "./config.js";
import { toggleHold } from "./hold.js";
import { toggleNote } from "./kinds.js";
import { showTab } from "./lists.js";
import { toOffer } from "./offers.js";
import { openRef } from "./open.js";

const OFF = storageKey("keys-off");

const KEYS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyU: nextUnread,
  KeyR: () => byId("reply")?.focus(),
  KeyT: () => act("take"),
  KeyX: () => act("transfer"),
  KeyI: () => act("invite"),
  KeyN: toggleNote,
  KeyW: () => act(byId("top")?.dataset.role === "monitor" ? "leave" : "watch"),
  KeyO: toOffer,
  KeyC: () => act("close"),
  Digit1: () => showTab(0),
  Digit2: () => showTab(1),
  Digit3: () => showTab(2),
  Digit4: () => showTab(3),
  Digit5: () => showTab(4),
  KeyH: toggleHold,
};

function listRows() {
  return [...byId("list").querySelectorAll(".row")];
}

function step(by) {
  const rows = listRows();
  const at = rows.findIndex((row) => row.dataset.ref === openRef());
  const next = at < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[at + by];
  next?.click();
  next?.scrollIntoView({ block: "nearest" });
}

function nextUnread() {
  const rows = listRows();
  const at = rows.findIndex((row) => row.dataset.ref === openRef());
  [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find((row) => row.querySelector(".u"))?.click();
}

function inText(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])") || target.isContentEditable;
}

/** The key's own letter, whatever Alt makes of it; on layouts where J is elsewhere, the letter that is printed. */
function codeOf(event) {
  if (!event.altKey && /^[a-z]$/i.test(event.key)) return `Key${event.key.toUpperCase()}`;
  return event.code;
}

function pressedKey(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && !inText(event.target) && singleKeys()) byId("keys-dialog").showModal();
  else if (!event.shiftKey && allowed(event)) KEYS[codeOf(event)]();
  else return;
  event.preventDefault();
}

function allowed(event) {
  if (!(codeOf(event) in KEYS)) return false;
  return event.altKey || (!inText(event.target) && singleKeys());
}

function singleKeys() {
  return localStorage.getItem(OFF) === null;
}

export function startKeys() {
  addEventListener("keydown", pressedKey);
  const box = byId("keys-on");
  box.checked = singleKeys();
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
}
