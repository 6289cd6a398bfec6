// How far this person has read: told once the newest message is in sight of somebody who looks.
import { byId } from "./config.js";
import { markRead } from "./known.js";
import { link } from "./live.js";
import { atEnd } from "./log.js";
import { shown } from "./open.js";
import { hear } from "./signals.js";

const READ_MS = 250;

const toldUpTo = new Map();
let readTimer = 0;

/** Whether somebody looks at this window. */
export function isWatched() {
  return document.visibilityState === "visible" && document.hasFocus();
}

function readSoon() {
  clearTimeout(readTimer);
  readTimer = setTimeout(readNow, READ_MS);
}

async function readNow() {
  const open = shown();
  if (!open || !isWatched() || !atEnd()) return;
  const { ref, order } = open;
  const seq = order.last;
  markRead(ref);
  if ((toldUpTo.get(ref) ?? 0) >= seq) return;
  try {
    await link.send("entry.read", { conversation: ref, seq });
    toldUpTo.set(ref, seq);
  } catch {
    // Said again at the next message, or when the line is back.
  }
}

export function startReading() {
  link.on("ready", readSoon);
  hear("opened", readSoon);
  hear("shown", readSoon);
  for (const moment of ["focus", "visibilitychange"]) addEventListener(moment, readSoon);
  byId("panel").addEventListener("scroll", readSoon, { capture: true, passive: true });
}
