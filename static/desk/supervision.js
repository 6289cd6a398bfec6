// Watching, joining, taking over, and leaving what one is only beside in.
import { byId, words } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { refreshFrame } from "./panel.js";
import { signal } from "./signals.js";

async function tell(kind) {
  try {
    await link.send(kind, { conversation: openRef() });
  } catch (refused) {
    signal("toast", refused.detail || words("line.down"));
  }
  refreshFrame();
}

function askToTakeOver() {
  byId("takeover-error").textContent = "";
  byId("takeover-dialog").showModal();
}

async function takeOver(event) {
  event.preventDefault();
  try {
    await link.send("conversation.takeover", { conversation: openRef() });
    byId("takeover-dialog").close();
  } catch (refused) {
    byId("takeover-error").textContent = refused.detail || words("line.down");
  }
  refreshFrame();
}

export const SUPERVISING = {
  watch: () => tell("conversation.monitor"),
  join: () => tell("conversation.join"),
  leave: () => tell("conversation.leave"),
  takeover: askToTakeOver,
};

export function startSupervision() {
  byId("takeover-go").addEventListener("click", takeOver);
  link.on("conversation.people", ({ conversation }) => conversation === openRef() && refreshFrame());
}
