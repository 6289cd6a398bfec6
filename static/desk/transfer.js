// Handing the open chat over to a group or to a person.
import { byId, conversationUrl, words } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { refreshFrame } from "./panel.js";

let transferring = "";

/** Ask to whom; who can be chosen is asked for anew each time. */
export async function openTransfer() {
  transferring = openRef();
  byId("transfer-error").textContent = "";
  byId("transfer-go").disabled = true;
  await htmx.ajax("GET", `${conversationUrl(transferring)}targets/`, { target: "#targets", source: "#targets" });
  byId("transfer-dialog").showModal();
  byId("targets").querySelector("input:enabled")?.focus();
}

function choice() {
  const [kind, value] = byId("transfer-form").elements.target.value.split(/:(.*)/);
  return kind === "group" ? { group: value } : { operator: Number(value) };
}

async function handOver(event) {
  event.preventDefault();
  try {
    await link.send("conversation.transfer", { conversation: transferring, ...choice() });
    byId("transfer-dialog").close();
  } catch (refused) {
    byId("transfer-error").textContent = refused.detail || words("line.down");
  }
  refreshFrame();
}

export function startTransfer() {
  byId("targets").addEventListener("change", () => (byId("transfer-go").disabled = false));
  byId("transfer-form").addEventListener("submit", handOver);
}
