// Notes and whispers in the log: each once, where it stands. Only people at the desk are sent any.
import { byId, config } from "./config.js";
import { link } from "./live.js";
import { below, separateDays } from "./log.js";
import { openRef, shown } from "./open.js";
import { signal } from "./signals.js";
import { slot } from "../shared/entry.js";
import { timeText, visible } from "../shared/text.js";

/** A note as a node; one still to be sent has no number and no time. */
export function noteNode({ seq, kind, after, author, body, at }) {
  const node = byId("note-template").content.querySelector(".note").cloneNode(true);
  node.classList.toggle("whisper", kind === "whisper");
  node.classList.toggle("own", author.id === config.user);
  node.querySelector(kind === "whisper" ? ".of-note" : ".of-whisper").remove();
  if (kind !== "whisper") node.querySelector(".note-use").remove();
  Object.assign(node.dataset, { note: seq ?? "", after: after ?? "", author: author.id });
  slot(node, "author").textContent = visible(author.name ?? "");
  slot(node, "body").textContent = visible(body);
  if (at) placeInTime(slot(node, "at"), at);
  return node;
}

function placeInTime(time, at) {
  time.dateTime = at;
  time.textContent = timeText(at);
}

function posted(note) {
  if (note.conversation !== openRef()) return;
  shown().notes = Math.max(shown().notes, note.seq);
  byId("pending").querySelector(`[data-client="${CSS.escape(note.client_id)}"]`)?.remove();
  if (byId("entries").querySelector(`[data-note="${note.seq}"]`)) return;
  below(note.author.id === config.user, () => {
    byId("entries").insertBefore(noteNode(note), firstAfter(note.after));
    separateDays();
  });
  signal("noted", note);
}

/** The first entry behind which the note does not stand; nothing when it stands at the end. */
function firstAfter(seq) {
  const entries = [...byId("entries").querySelectorAll(".entry[data-seq]")];
  return entries.find((node) => Number(node.dataset.seq) > seq) ?? null;
}

/** A whisper's text goes into the box, to be read again before it is sent. */
function used(event) {
  const note = event.target.closest(".note-use")?.closest(".note");
  if (note) signal("use", slot(note, "body").textContent);
}

export function startNotes() {
  link.on("note.posted", posted);
  byId("panel").addEventListener("click", used);
}
