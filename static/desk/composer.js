// The box for replies, notes and whispers: drafts, Enter, the limit, and telling that one writes.
import { byId, config, words } from "./config.js";
import { draftOf, keepDraft } from "./drafts.js";
import { askFirst, guardIsUp, lowerGuard } from "./guard.js";
import { kindNow, setKind } from "./kinds.js";
import { link } from "./live.js";
import { openRef, shown } from "./open.js";
import { send } from "./sending.js";
import { hear } from "./signals.js";

const TELL_MS = 3_000;

let toldAt = 0;

function written() {
  const ref = openRef();
  const text = byId("reply").value;
  const before = draftOf(ref);
  keepDraft(ref, { text, began: before.text ? before.began : shown().order.last, kind: kindNow() });
  const over = text.length - config.message_chars;
  byId("over").textContent = over > 0 ? words("chars.left", { n: over }) : "";
  if (!text) lowerGuard();
  else if (kindNow() === "message") tellTyping(ref);
}

/** The visitor sees that somebody writes, and colleagues see who; the text stays here. */
function tellTyping(ref) {
  if (Date.now() - toldAt < TELL_MS) return;
  toldAt = Date.now();
  link.tell("typing", { conversation: ref, seq: shown().order.last });
}

/** @param {boolean} anyway the writer has seen what arrived meanwhile */
function submit(anyway) {
  const text = byId("reply").value;
  if (!text.trim() || text.length > config.message_chars) return;
  if (!anyway && kindNow() === "message" && askFirst(draftOf(openRef()).began)) return;
  lowerGuard();
  send(openRef(), text, kindNow());
  clear();
}

function clear() {
  byId("reply").value = "";
  keepDraft(openRef(), { text: "", began: 0, kind: kindNow() });
  toldAt = 0;
  byId("reply").focus();
}

/** What arrived was seen: the writing counts as begun now. */
function goOn() {
  keepDraft(openRef(), { text: byId("reply").value, began: shown().order.last, kind: kindNow() });
  lowerGuard();
  byId("reply").focus();
}

function pressed(event) {
  if (event.key === "Escape" && guardIsUp()) goOn();
  else if (event.target.id !== "reply") return;
  else if (event.key === "Escape") byId("log").focus();
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(false);
  else return;
  event.preventDefault();
}

function restore() {
  if (!openRef()) return;
  const { text, kind } = draftOf(openRef());
  byId("reply").value = text;
  toldAt = 0;
  setKind(kind);
  allow();
}

/** Who may not answer reads why, in the box's place, and may still write notes. */
function allow() {
  if (!openRef()) return;
  const { answer, state } = byId("top").dataset;
  const text = byId("read-only-texts").content.querySelector(`[data-for="${state}"]`);
  byId("read-only-why").textContent = answer === "yes" ? "" : text.textContent;
  setKind(kindNow());
}

function edit({ body, kind }) {
  setKind(kind);
  const box = byId("reply");
  box.value = box.value ? `${body}\n${box.value}` : body;
  written();
  box.focus();
}

export function startComposer() {
  const panel = byId("panel");
  panel.addEventListener("input", (event) => event.target.id === "reply" && written());
  panel.addEventListener("keydown", pressed);
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(false);
  });
  panel.addEventListener("click", (event) => {
    if (event.target.id === "guard-send") submit(true);
    else if (event.target.id === "guard-edit") goOn();
  });
  hear("opened", restore);
  hear("framed", allow);
  hear("edit", edit);
  hear("use", (body) => edit({ body, kind: "message" }));
  hear("kind", written);
}
