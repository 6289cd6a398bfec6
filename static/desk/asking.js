// A dialog that asks before something is done to the open conversation, and says there why it was refused.
import { byId, refusalText } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { refreshFrame } from "./panel.js";

export function ask(name) {
  byId(`${name}-error`).textContent = "";
  byId(`${name}-dialog`).showModal();
}

/** What `name`'s dialog was opened for is done by this command, once it is said again there. */
export function doWhenSaid(name, kind) {
  byId(`${name}-go`).addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await link.send(kind, { conversation: openRef() });
      byId(`${name}-dialog`).close();
    } catch (refused) {
      byId(`${name}-error`).textContent = refusalText(refused);
    }
    refreshFrame();
  });
}
