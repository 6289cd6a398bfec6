// Take and close. Handing over and supervising have files of their own.
import { ask, doWhenSaid } from "./asking.js";
import { byId, refusalText } from "./config.js";
import { link } from "./live.js";
import { openRef, shown } from "./open.js";
import { refreshFrame } from "./panel.js";
import { hear, signal } from "./signals.js";
import { SUPERVISING } from "./supervision.js";
import { PICKING } from "./transfer.js";

let replyNext = false;

async function take() {
  try {
    await link.send("conversation.take", { conversation: openRef(), after: shown().order.last });
    replyNext = true;
  } catch (refused) {
    signal("toast", refusalText(refused));
  }
  refreshFrame();
}

const ACTS = { take, close: () => ask("close"), ...PICKING, ...SUPERVISING };

/** Do what a button of the conversation's head does, if it is there. */
export function act(name) {
  if (document.querySelector(`#top [data-act="${name}"]`)) ACTS[name]();
}

/** After taking a chat the next thing is to answer it. */
function replyIfTaken() {
  if (!replyNext || byId("composer").hidden) return;
  replyNext = false;
  byId("reply").focus();
}

export function startActions() {
  byId("panel").addEventListener("click", (event) => {
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (name) act(name);
  });
  doWhenSaid("close", "conversation.close");
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.addEventListener("click", () => byId(button.dataset.opens).showModal());
  }
  for (const button of document.querySelectorAll("[data-closes]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  hear("framed", replyIfTaken);
}
