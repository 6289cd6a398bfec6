// The conversation with the server: begins it, posts to it, keeps its entries in order.
import { Order } from "../../shared/order.js";
import { Outbox } from "../../shared/outbox.js";
import { config, words } from "./dom.js";
import { startFields } from "./composer.js";
import { addEntry, addPending, clearLog, setPending, takeAway } from "./log.js";
import { memory } from "./memory.js";
import { arrived } from "./unread.js";

/** What the page is about. `starting`: the visitor asked for a new conversation after one ended. */
export const talk = { ref: config.conversation, state: config.conversation_state, starting: false, epoch: "" };

let link;

export const order = new Order(config.last_seq, applyEntry, (after) => link.send("conversation.resume", { after }));
export const outbox = new Outbox(`chatdesk.${config.button}.outbox`, post, showItem);

/** @param {import("../../shared/link.js").Link} theLink */
export function useLink(theLink) {
  link = theLink;
}

/** Whether the desk would know this page again: by a token, or by the cookie of a page without script. */
export const canComeBack = () => Boolean(memory.token || config.conversation);

/** The fields of `hello`. */
export function hello() {
  return { button: config.button, ...(memory.token && { token: memory.token }), ...(canComeBack() && { after: order.last }) };
}

/** The first message is said again until its answer came, which alone brings the token; its entry may come before. */
function applyEntry(entry) {
  addEntry(entry);
  if (entry.author.kind !== "visitor") return entry.kind !== "notice" && arrived();
  return canComeBack() && outbox.acknowledge(entry.client_id, entry);
}

async function post(item) {
  if (talk.ref && !talk.starting) return link.send("entry.post", { client_id: item.client_id, body: item.body });
  const { client_id, body, start } = item;
  const answer = await link.send("conversation.start", { client_id, body, ...start });
  if (answer.token) memory.keepToken(answer.token);
  begin(answer.conversation);
  order.head(answer.seq);
  return answer;
}

/** From here on the page is about this conversation; another one's entries leave it. */
export function begin(ref) {
  talk.starting = false;
  if (ref === talk.ref) return;
  if (talk.ref) forgetEntries();
  talk.ref = ref;
}

/** Whether an event's conversation is the page's own; a new one becomes it, the ended one that was left does not. */
export function owns(ref) {
  if (talk.starting && ref === talk.ref) return false;
  begin(ref);
  return true;
}

export function forgetEntries() {
  clearLog();
  order.reset(0);
}

/** Write something: it goes out with the pre-chat form if it is the first. Returns null if the form lacks something. */
export function write(text) {
  const first = !talk.ref || talk.starting;
  const start = first ? startFields() : {};
  return start && outbox.add(text, { start });
}

function showItem(item, answer) {
  if (answer) {
    setPending(item.client_id, words("sent"));
    return;
  }
  addPending(item.client_id, { kind: "message", author: { kind: "visitor" }, body: item.body });
  const retry = [words("retry"), () => outbox.retry(item.client_id)];
  if (item.state === "failed") setPending(item.client_id, words("not_sent", { reason: item.reason }), [retry, takeBack(item)]);
  else setPending(item.client_id, words(item.state === "late" ? "late" : "sending"));
}

function takeBack(item) {
  return [words("edit"), () => editAgain(item)];
}

let backInBox = () => undefined;

/** @param {(text: string) => void} put receives the text of a message that is taken back */
export function onTakeBack(put) {
  backInBox = put;
}

function editAgain(item) {
  outbox.remove(item.client_id);
  takeAway(item.client_id);
  backInBox(item.body);
}

/** After the end: what was refused goes back into the box, so that no text is lost. */
export function takeBackFailed() {
  for (const item of outbox.items.filter((one) => one.state === "failed")) editAgain(item);
}

/** Show what an earlier visit of this tab could not send. */
export function showKept() {
  for (const item of outbox.items) showItem(item, null);
}
