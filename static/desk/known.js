// What this page knows of the person's conversations beside the one that stands open: heads and unread marks.
import { config } from "./config.js";
import { link } from "./live.js";
import { signal } from "./signals.js";

/** @type {Map<string, {head: number, unread: number}>} */
const chats = new Map();
let groups = new Set();
let waiting = 0;

link.on("ready", (answer) => {
  chats.clear();
  for (const { id, last_seq, unread } of answer.conversations) chats.set(id, { head: last_seq, unread });
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
  // The last entry is one's own joining.
  if (frame.operator?.id === config.user) chats.set(frame.conversation, { head: frame.last_seq, unread: frame.last_seq - 1 });
  else chats.delete(frame.conversation);
  signal("unread");
});
link.on("conversation.state", (frame) => {
  if (frame.state === "active" && frame.operator?.id === config.user) return;
  if (chats.delete(frame.conversation)) signal("unread");
});
link.on("entry.posted", (frame) => {
  const chat = chats.get(frame.conversation);
  if (!chat || frame.seq <= chat.head) return;
  chat.head = frame.seq;
  if (frame.author.id !== config.user && (frame.kind === "message" || frame.kind === "file")) chat.unread += 1;
  signal("unread");
});
link.on("heads", ({ heads }) => {
  for (const [ref, head] of Object.entries(heads)) {
    const chat = chats.get(ref);
    if (!chat || head <= chat.head) continue;
    chat.unread += head - chat.head;
    chat.head = head;
    signal("missed");
  }
});

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

/** Whether this person holds the conversation. */
export function isMine(ref) {
  return chats.has(ref);
}

/** Messages not yet looked at, and people who wait: what the window's title counts. */
export function callingCount() {
  let sum = waiting;
  for (const chat of chats.values()) sum += chat.unread;
  return sum;
}
