// What this page knows of the person's conversations beside the one that stands open: heads and unread marks.
import { config, words } from "./config.js";
import { link } from "./live.js";
import { hear, signal } from "./signals.js";

/** @type {Map<string, {head: number, unread: number, role: string}>} role: host, guest or monitor */
const chats = new Map();
/** What this person hands over, or has offered. */
const given = new Set();
let groups = new Set();
let waiting = 0;

hear("given", (ref) => given.add(ref));
hear("kept", (ref) => given.delete(ref));
link.on("ready", (answer) => {
  chats.clear();
  for (const { id, last_seq, unread, role } of answer.conversations) chats.set(id, { head: last_seq, unread: role === "monitor" ? 0 : unread, role });
  groups = new Set(answer.groups.map((group) => group.slug));
  signal("unread");
});
link.on("queue.changed", (frame) => {
  const before = waiting;
  waiting = Object.entries(frame.waiting).reduce((sum, [slug, n]) => sum + (groups.has(slug) ? n : 0), 0);
  signal("unread");
  if (waiting > before) signal("queue-grew", waiting);
});
link.on("conversation.assigned", (frame) => {
  const { conversation, role, last_seq: head } = frame;
  if (frame.passed) signal("toast", words("offer.passed", { name: frame.label }));
  else if (!role) tellIfLost(frame);
  // The last entry is one's own joining. Who comes in beside somebody has that one's word for what was said.
  if (role) chats.set(conversation, { head, unread: role === "host" ? head - 1 : 0, role, offered: frame.accept_seconds !== undefined && frame.accept_seconds !== null });
  else chats.delete(conversation);
  signal("unread");
});
link.on("conversation.state", (frame) => {
  const here = chats.get(frame.conversation);
  if (frame.state === "active" && (frame.operator?.id === config.user || (here && here.role !== "host"))) return;
  if (frame.state === "waiting" && here?.offered) return; // its visitor waits until this person begins
  tellIfLost(frame);
  if (chats.delete(frame.conversation)) signal("unread");
});
link.on("entry.posted", (frame) => {
  const chat = chats.get(frame.conversation);
  if (!chat || frame.seq <= chat.head) return;
  chat.head = frame.seq;
  if (chat.role !== "monitor" && frame.author.id !== config.user && (frame.kind === "message" || frame.kind === "file")) chat.unread += 1;
  signal("unread");
});
link.on("heads", ({ heads }) => {
  for (const [ref, head] of Object.entries(heads)) {
    const chat = chats.get(ref);
    if (!chat || head <= chat.head) continue;
    if (chat.role !== "monitor") chat.unread += head - chat.head;
    chat.head = head;
    signal("missed");
  }
});

/** Somebody else has a chat of this person's, who did not give it away. */
function tellIfLost(frame) {
  const { conversation, operator } = frame;
  if (!isHeld(conversation) || !operator || operator.id === config.user) return;
  if (!given.delete(conversation)) signal("lost", frame);
}

/** Everything of this conversation was looked at. */
export function markRead(ref) {
  const chat = chats.get(ref);
  if (!chat?.unread) return;
  chat.unread = 0;
  signal("unread");
}

export function unreadOf(ref) {
  return chats.get(ref)?.unread ?? 0;
}

/** Whether this person writes in the conversation, as its owner or a guest. */
export function isMine(ref) {
  return chats.has(ref) && chats.get(ref).role !== "monitor";
}

/** Whether this person holds the conversation. */
export function isHeld(ref) {
  return chats.get(ref)?.role === "host";
}

/** Messages not yet looked at, and people who wait: what the window's title counts. */
export function callingCount() {
  let sum = waiting;
  for (const chat of chats.values()) sum += chat.unread;
  return sum;
}
