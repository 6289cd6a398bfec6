// The end of a conversation: asked once, then read-only, with a way to begin anew.
import { byId } from "./dom.js";

const dialog = byId("end-dialog");

/** @param {() => void} end called when the visitor confirmed @param {() => void} again called to begin anew */
export function watchEnding(end, again) {
  byId("end").onclick = (event) => {
    event.preventDefault();
    dialog.returnValue = "";
    dialog.showModal();
  };
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "end") end();
    else byId("end").focus();
  });
  byId("again").onclick = (event) => {
    event.preventDefault();
    again();
  };
}

/** The conversation ended while the question stood open. */
export function dropQuestion() {
  if (dialog.open) dialog.close("gone");
}
