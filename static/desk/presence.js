// The person's own status: what they choose, and what another window of theirs chose.
import { byId, config, words } from "./config.js";
import { forgetDrafts } from "./drafts.js";
import { link } from "./live.js";
import { signal } from "./signals.js";

let status = byId("status-dot").dataset.status;

function showStatus(value) {
  const radio = byId("statuses").querySelector(`[value="${value}"]`);
  if (!radio) return;
  status = value;
  radio.checked = true;
  byId("status-dot").dataset.status = value;
  byId("status-word").textContent = radio.closest("label").dataset.word;
}

async function chooseStatus(event) {
  const value = event.target.value;
  try {
    await link.send("presence.set", { status: value });
    showStatus(value);
  } catch {
    showStatus(status);
    signal("toast", words("presence.failed"));
  }
}

export function startPresence() {
  byId("statuses").addEventListener("change", chooseStatus);
  byId("sign-out").addEventListener("submit", forgetDrafts);
  link.on("ready", ({ user }) => user.status && showStatus(user.status));
  link.on("presence.changed", (frame) => frame.operator.id === config.user && showStatus(frame.status));
}
