// The person's session: kept alive by their own keys and presses, and its known end told in time.
import { byId, words } from "./config.js";
import { link } from "./live.js";
import { timeText } from "../shared/text.js";

const TOUCH_MS = 60_000;

let touchedAt = 0;

/** Somebody is really here; what a script does by itself doesn't count. */
function touched(event) {
  if (!event.isTrusted || link.line.state !== "up" || Date.now() - touchedAt < TOUCH_MS) return;
  touchedAt = Date.now();
  link.send("presence.touch").catch(() => (touchedAt = 0));
}

function showEnding({ at }) {
  byId("ending").textContent = at ? words("session.ending", { time: timeText(at) }) : "";
}

function forgetEnding({ state }) {
  if (state !== "up") showEnding({ at: null });
}

export function startSession() {
  for (const type of ["keydown", "pointerdown"]) addEventListener(type, touched, { capture: true, passive: true });
  link.on("access.ending", showEnding);
  link.on("line", forgetEnding);
}
