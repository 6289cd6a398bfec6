// How far what was said at the desk went: sent, delivered, read.
import { byId, words } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { slot } from "../shared/entry.js";

/** Write how far it went under everything that was said at the desk. */
export function showMarks() {
  const { delivered, read } = byId("conversation").dataset;
  for (const node of byId("entries").querySelectorAll(".entry.by-operator:is(.entry-message, .entry-file)")) {
    const seq = Number(node.dataset.seq);
    const state = seq <= Number(read) ? "read" : seq <= Number(delivered) ? "delivered" : "sent";
    if (node.dataset.state === state) continue;
    node.dataset.state = state;
    slot(node, "state").textContent = words(`status.${state}`);
  }
}

function visitorRead({ conversation, reader, seq, delivered }) {
  if (conversation !== openRef() || reader !== "visitor") return;
  const { dataset } = byId("conversation");
  dataset.read = Math.max(Number(dataset.read), seq);
  dataset.delivered = Math.max(Number(dataset.delivered), delivered ?? 0, seq);
  showMarks();
}

export function startMarks() {
  link.on("entry.read", visitorRead);
}
