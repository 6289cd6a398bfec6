// The operator looks something up: the visitor sees it, until the next message or until it is said to be over.
import { byId, refusalText } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { hear, signal } from "./signals.js";

function show() {
  const button = byId("hold");
  if (button) button.setAttribute("aria-pressed", String(byId("top").dataset.hold === "yes"));
}

/** Say that the open chat is on hold, or no longer. */
export async function toggleHold() {
  const button = byId("hold");
  if (!button || byId("composer").hidden) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  try {
    await link.send("conversation.hold", { conversation: openRef(), on });
    button.setAttribute("aria-pressed", String(on));
  } catch (refused) {
    signal("toast", refusalText(refused));
  }
}

export function startHold() {
  byId("panel").addEventListener("click", (event) => event.target.closest("#hold") && toggleHold());
  hear("opened", show);
  hear("framed", show);
}
