// Replies on their way: one outbox for each conversation, drawn under the messages of the open one.
import { byId, config, storageKey, words } from "./config.js";
import { link } from "./live.js";
import { toEnd } from "./log.js";
import { openRef } from "./open.js";
import { hear, signal } from "./signals.js";
import { entryNode, slot } from "../shared/entry.js";
import { Outbox } from "../shared/outbox.js";

const KEY = storageKey("outbox", "");

/** @type {Map<string, Outbox>} */
const outboxes = new Map();

function outboxOf(ref) {
  if (!outboxes.has(ref)) outboxes.set(ref, newOutbox(ref));
  return outboxes.get(ref);
}

function newOutbox(ref) {
  const post = ({ client_id, body }) => link.send("entry.post", { conversation: ref, client_id, body });
  return new Outbox(KEY + ref, post, (item, stored) => ref === openRef() && drawItem(item, stored));
}

/** Send a reply; it is shown at once. */
export function sendReply(ref, body) {
  outboxOf(ref).add(body);
  toEnd();
}

function drawItem(item, stored) {
  const node = byId("pending").querySelector(`[data-client="${item.client_id}"]`);
  if (stored && byId("entries").querySelector(`[data-seq="${stored.seq}"]`)) return node?.remove();
  const place = node ?? byId("pending").appendChild(pendingNode(item));
  place.dataset.state = stored ? "sent" : item.state;
  slot(place, "state").textContent = words(`status.${place.dataset.state}`);
  place.querySelector(".entry-failed")?.remove();
  if (item.state === "failed") place.append(failedNode(item));
  return undefined;
}

function pendingNode(item) {
  const author = { kind: "operator", name: "", id: config.user };
  const node = entryNode(byId("entry-template"), { kind: "message", author, body: item.body });
  node.dataset.client = item.client_id;
  node.classList.add("own", "on-its-way");
  return node;
}

function failedNode(item) {
  const node = byId("failed-template").content.firstElementChild.cloneNode(true);
  node.querySelector(".failed-reason").textContent = item.reason;
  node.querySelector(".failed-retry").addEventListener("click", () => outboxOf(openRef()).retry(item.client_id));
  node.querySelector(".failed-edit").addEventListener("click", () => takeBack(item));
  return node;
}

function takeBack(item) {
  outboxOf(openRef()).remove(item.client_id);
  byId("pending").querySelector(`[data-client="${item.client_id}"]`)?.remove();
  signal("edit", item.body);
}

function drawAll() {
  if (!openRef()) return;
  byId("pending").replaceChildren();
  for (const item of outboxOf(openRef()).items) drawItem(item, null);
}

export function startSending() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEY)) outboxOf(key.slice(KEY.length));
  link.on("ready", () => outboxes.forEach((outbox) => outbox.flush()));
  link.on("entry.posted", ({ conversation, client_id, seq }) => client_id && outboxes.get(conversation)?.acknowledge(client_id, { seq }));
  hear("opened", drawAll);
}
