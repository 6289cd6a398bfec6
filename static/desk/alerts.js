// Calling the person: a sound, a desktop notice, and a count in the window's title.
import { byId, config, storageKey, words } from "./config.js";
import { callingCount, isMine } from "./known.js";
import { link } from "./live.js";
import { showNotice, startNotices, testNotice } from "./notices.js";
import { openRef } from "./open.js";
import { isWatched } from "./reading.js";
import { hear, signal } from "./signals.js";
import { play, startSound, testSound } from "./sound.js";

const PLAIN_TITLE = document.title;
const EVERY_ALERT_MS = 1_000;

let calledAt = 0;

function showCount() {
  const n = callingCount();
  document.title = n ? words("title.count", { n, title: PLAIN_TITLE }) : PLAIN_TITLE;
}

/** Once a second at most: many messages at once are one call. */
function call(head, body, ref) {
  if (Date.now() - calledAt < EVERY_ALERT_MS) return;
  calledAt = Date.now();
  play();
  if (!isWatched()) showNotice(head, body, ref);
}

function posted({ conversation, author, seq }) {
  const watched = conversation === openRef() && isWatched();
  if (author.kind !== "visitor" || watched || !isMine(conversation) || seq < 2) return;
  call(words("alert.message", { name: author.name || rowLabel(conversation) }), "", conversation);
}

/** A colleague left a word in a chat of this person's. */
function noted({ conversation, author, kind }) {
  const watched = conversation === openRef() && isWatched();
  if (author.id === config.user || watched || !isMine(conversation)) return;
  call(words(kind === "whisper" ? "alert.whisper" : "alert.note", { name: author.name }), "", conversation);
}

function rowLabel(ref) {
  return document.querySelector(`.row[data-ref="${CSS.escape(ref)}"] bdi`)?.textContent ?? "";
}

async function test() {
  const results = [await testSound(), testNotice()];
  byId("alert-result").replaceChildren(...results.map(resultLine));
}

function resultLine(key) {
  const node = document.createElement("li");
  node.textContent = words(key);
  return node;
}

export function startAlerts() {
  startSound(byId("sound-on"), storageKey("sound-off"));
  startNotices(storageKey("notices-off"));
  link.on("entry.posted", posted);
  link.on("note.posted", noted);
  link.on("conversation.assigned", (frame) => {
    if (frame.role !== "host") return;
    const title = frame.accept_seconds ? words("alert.offered", { n: frame.accept_seconds }) : words("alert.assigned");
    call(title, `${frame.label}, ${frame.group}`, frame.conversation);
  });
  hear("lost", ({ conversation, operator, label }) =>
    signal("toast", words("taken.over", { name: operator.name, label: label ?? rowLabel(conversation) })));
  hear("offer", ({ head, ref }) => call(head, "", ref));
  hear("queue-grew", () => call(words("alert.waiting"), "", ""));
  hear("unread", showCount);
  byId("alert-test").addEventListener("click", test);
}
