// The conversation as it stands: stored entries in order, then what is still on its way.
import { entryNode, fillPlace, slot } from "../../shared/entry.js";
import { visible } from "../../shared/text.js";
import { byId, words } from "./dom.js";
import { loadImage } from "./download.js";

const template = byId("entry-template");
const stored = byId("entries");
const pending = byId("pending");
const scroller = byId("scroll");
const onTheWay = new Map();
const marks = { delivered: 0, read: 0 };
const NEAR_END = 80;
let pinned = false;

/** Show the next stored entry; a pending one of the same client id becomes it. */
export function addEntry(entry) {
  const stay = atEnd() || entry.author.kind === "visitor";
  const waiting = onTheWay.get(entry.client_id);
  if (waiting && !entry.file) settle(waiting, entry);
  else append(entryNode(template, entry, loadImage));
  if (waiting) takeAway(entry.client_id, Boolean(entry.file));
  showMarks();
  if (stay) toEnd();
}

/** One after another by the same person: the name stands over the first alone. */
function append(node) {
  const before = stored.lastElementChild;
  const same = before?.matches(".entry-message, .entry-file") && before.dataset.author === node.dataset.author;
  node.classList.toggle("follows", Boolean(same));
  stored.append(node);
}

function settle(node, entry) {
  fillPlace(node, entry);
  slot(node, "body").textContent = visible(entry.body); // as it was stored: a card's number is hidden in it
  node.classList.remove("on-the-way");
  node.querySelector(".entry-help")?.remove();
  stored.append(node);
}

/** Show something that is still on its way, under its client id. `entry` as on the wire, without seq and at. */
export function addPending(clientId, entry) {
  if (onTheWay.has(clientId)) return onTheWay.get(clientId);
  const node = entryNode(template, entry, () => undefined);
  node.classList.add("on-the-way");
  onTheWay.set(clientId, node);
  pending.append(node);
  toEnd();
  return node;
}

/** Say how it stands with something on its way: a word, and what can be done about it. */
export function setPending(clientId, word, actions = []) {
  const node = onTheWay.get(clientId);
  if (!node) return;
  const stay = atEnd();
  slot(node, "state").textContent = word;
  node.querySelector(".entry-help")?.remove();
  if (actions.length) node.append(helpLine(actions));
  if (stay) toEnd();
}

function helpLine(actions) {
  const help = document.createElement("p");
  help.className = "entry-help";
  help.append(...actions.map(([label, act]) => actionButton(label, act)));
  return help;
}

function actionButton(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = label;
  button.onclick = act;
  return button;
}

/** Forget something on its way; its node goes with it unless it became a stored entry. */
export function takeAway(clientId, remove = true) {
  if (remove) onTheWay.get(clientId)?.remove();
  onTheWay.delete(clientId);
}

/** How far the people at the desk have what was said. */
export function setMarks(delivered, read) {
  marks.delivered = Math.max(marks.delivered, delivered, read);
  marks.read = Math.max(marks.read, read);
  showMarks();
}

function showMarks() {
  for (const node of stored.querySelectorAll(":is(.entry-message, .entry-file).by-visitor:not([data-mark=read])")) {
    const seq = Number(node.dataset.seq);
    const mark = seq <= marks.read ? "read" : seq <= marks.delivered ? "delivered" : "sent";
    if (node.dataset.mark === mark) continue;
    node.dataset.mark = mark;
    slot(node, "state").textContent = words(mark);
  }
}

/** Take away what failed and will not be tried again, as another conversation begins. */
export function takeAwayFailedFiles() {
  for (const [clientId, node] of onTheWay) if (node.matches(".entry-file.failed")) takeAway(clientId);
}

/** Empty the log: another conversation begins. */
export function clearLog() {
  stored.replaceChildren();
  marks.delivered = 0;
  marks.read = 0;
}

export const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;

export function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  pinned = true;
}

/** A phone's keyboard, a turned screen or a growing box leaves the newest words in sight, if they were. */
export function watchSize() {
  scroller.addEventListener("scroll", () => (pinned = atEnd()), { passive: true });
  new ResizeObserver(() => pinned && toEnd()).observe(scroller);
}

/** While history is loaded, screen readers are not told each line of it. */
export function setBusy(busy) {
  byId("log").setAttribute("aria-busy", String(busy));
}
