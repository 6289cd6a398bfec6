// What the box writes: a message to the visitor, or a note or whisper that stays at the desk. They never look alike.
import { byId } from "./config.js";
import { openRef } from "./open.js";
import { signal } from "./signals.js";

/** @returns {"message"|"note"|"whisper"} */
export function kindNow() {
  return byId("composer")?.dataset.kind ?? "message";
}

function rights() {
  const { answer, whisper } = byId("top").dataset;
  return { message: answer === "yes", note: true, whisper: whisper === "yes" };
}

/** Write another kind from now on, as far as this person may. */
export function setKind(wanted) {
  const may = rights();
  const kind = may[wanted] ? wanted : "message";
  byId("composer").dataset.kind = kind;
  for (const radio of byId("kinds").querySelectorAll("input")) {
    radio.checked = radio.value === kind;
    radio.closest("label").hidden = !may[radio.value];
  }
  byId("reply").placeholder = byId("reply").dataset[kind];
  byId("kind-close").hidden = may.message;
  byId("composer").hidden = kind === "message" && !may.message;
  byId("read-only").hidden = !byId("composer").hidden;
}

function chosen(kind) {
  setKind(kind);
  byId("reply").focus();
  signal("kind", kind);
}

/** From a message to a note and back, by key. */
export function toggleNote() {
  if (openRef()) chosen(kindNow() === "message" ? "note" : "message");
}

function clicked({ target }) {
  if (target.id === "write-note") chosen("note");
  else if (target.id === "kind-close") chosen("message");
}

export function startKinds() {
  byId("panel").addEventListener("change", ({ target }) => target.closest("#kinds") && chosen(target.value));
  byId("panel").addEventListener("click", clicked);
}
