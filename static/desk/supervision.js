// Watching, joining, taking over, and leaving what one is only beside in.
import { ask, doWhenSaid } from "./asking.js";
import { refusalText } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { refreshFrame } from "./panel.js";
import { signal } from "./signals.js";

async function tell(kind) {
  try {
    await link.send(kind, { conversation: openRef() });
  } catch (refused) {
    signal("toast", refusalText(refused));
  }
  refreshFrame();
}

export const SUPERVISING = {
  watch: () => tell("conversation.monitor"),
  join: () => tell("conversation.join"),
  leave: () => tell("conversation.leave"),
  takeover: () => ask("takeover"),
};

export function startSupervision() {
  doWhenSaid("takeover", "conversation.takeover");
  link.on("conversation.people", ({ conversation }) => conversation === openRef() && refreshFrame());
}
