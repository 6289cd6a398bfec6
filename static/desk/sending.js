// Texts on their way: an outbox for each conversation and kind, drawn under the messages of the open one.
import { keepAnswer, waitsFirst } from "./answers.js";
import { byId, config, storageKey, words } from "./config.js";
import { link } from "./live.js";
import { toEnd } from "./log.js";
import { noteNode } from "./notes.js";
import { openRef } from "./open.js";
import { hear, signal } from "./signals.js";
import { entryNode, slot } from "../shared/entry.js";
import { Outbox } from "../shared/outbox.js";

const KEY = storageKey("outbox", "");
const COMMANDS = { message: "entry.post", note: "note.post", whisper: "conversation.whisper" };

/** @type {Map<string, Outbox>} */
const outboxes = new Map();

/** The outbox of one kind of text in one conversation; its name says both. */
function outboxOf(name) {
  if (!outboxes.has(name)) outboxes.set(name, newOutbox(name));
  return outboxes.get(name);
}

function nameOf(ref, kind) {
  return kind === "message" ? ref : `${kind}.${ref}`;
}

function newOutbox(name) {
  const [ref, kind = "message"] = name.split(".").reverse();
  const post = ({ client_id, body }) => {
    if (kind === "message" && waitsFirst(ref)) return keepAnswer({ client_id, body });
    return link.send(COMMANDS[kind], { conversation: ref, client_id, body });
  };
  return new Outbox(KEY + name, post, (item, stored) => ref === openRef() && drawItem({ ...item, kind, name }, stored));
}

/** Send a reply, or keep a note or whisper at the desk; it is shown at once. */
export function send(ref, body, kind) {
  outboxOf(nameOf(ref, kind)).add(body);
  toEnd();
}

function drawItem(item, stored) {
  const node = byId("pending").querySelector(`[data-client="${item.client_id}"]`);
  const placed = item.kind === "message" ? "seq" : "note";
  if (stored?.kept) return node?.remove();
  if (stored && byId("entries").querySelector(`[data-${placed}="${stored.seq}"]`)) return node?.remove();
  const place = node ?? byId("pending").appendChild(pendingNode(item));
  place.dataset.state = stored ? "sent" : item.state;
  slot(place, "state").textContent = words(`status.${place.dataset.state}`);
  place.querySelector(".entry-failed")?.remove();
  if (item.state === "failed") place.append(failedNode(item));
  return undefined;
}

function pendingNode(item) {
  const author = { kind: "operator", name: "", id: config.user };
  const what = { kind: item.kind, author, body: item.body };
  const node = item.kind === "message" ? entryNode(byId("entry-template"), what) : noteNode(what);
  node.dataset.client = item.client_id;
  node.classList.add("own", "on-its-way");
  return node;
}

function failedNode(item) {
  const node = byId("failed-template").content.firstElementChild.cloneNode(true);
  node.querySelector(".failed-reason").textContent = item.reason;
  node.querySelector(".failed-retry").addEventListener("click", () => outboxOf(item.name).retry(item.client_id));
  node.querySelector(".failed-edit").addEventListener("click", () => takeBack(item));
  return node;
}

function takeBack(item) {
  outboxOf(item.name).remove(item.client_id);
  byId("pending").querySelector(`[data-client="${item.client_id}"]`)?.remove();
  signal("edit", { body: item.body, kind: item.kind });
}

function drawAll() {
  if (!openRef()) return;
  byId("pending").replaceChildren();
  for (const kind of Object.keys(COMMANDS)) {
    const name = nameOf(openRef(), kind);
    for (const item of outboxOf(name).items) drawItem({ ...item, kind, name }, null);
  }
}

export function startSending() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEY)) outboxOf(key.slice(KEY.length));
  link.on("ready", () => outboxes.forEach((outbox) => outbox.flush()));
  link.on("entry.posted", ({ conversation, client_id, seq }) => client_id && outboxes.get(conversation)?.acknowledge(client_id, { seq }));
  link.on("note.posted", ({ conversation, kind, client_id, seq }) => outboxes.get(nameOf(conversation, kind))?.acknowledge(client_id, { seq }));
  hear("opened", drawAll);
}
