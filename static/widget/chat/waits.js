// Waiting, told honestly: the message is safe, the place, and a range instead of a promise.
import { openingWords } from "../../shared/opening.js";
import { byId, say, words } from "./dom.js";

const SPOKEN_EVERY_MS = 30_000;
const MINUTE = 60;
const card = byId("waiting");
const spoken = byId("spoken");
let spokenAt = 0;
let timer = 0;

/** The same as chatdesk/wait_range.py, for what a button says before there is a conversation. */
export function aboutMinutes(seconds) {
  if (seconds <= MINUTE) return words("about_a_minute");
  const low = Math.max(1, Math.floor((seconds / MINUTE) * 0.75));
  return rangeWords([low * MINUTE, Math.max(low + 1, Math.ceil((seconds / MINUTE) * 1.5)) * MINUTE]);
}

function rangeWords([low, high]) {
  if (high <= MINUTE) return words("about_a_minute");
  return words("about_minutes", { low: low / MINUTE, high: high / MINUTE });
}

/** The card under a message that waits or is kept; `event` is a conversation.state. Null takes it away. */
export function showWaiting(event) {
  card.hidden = !event;
  if (!event) return hush();
  const parts = event.state === "message" ? kept(event) : [words("received"), place(event), hope(event)];
  const sentence = parts.filter(Boolean).join(" ");
  if (sentence === card.dataset.said) return;
  card.dataset.said = sentence;
  say(card, sentence);
  speak();
}

function kept(event) {
  return [words("kept"), words(event.by_mail ? "by_mail" : "come_back")];
}

/** A wait is told while somebody is there to end it; without one, nobody is. */
export const somebodyThere = ({ wait_range: span }) => Boolean(span);

function place(event) {
  if (!event.position || !somebodyThere(event)) return "";
  return event.position === 1 ? words("next") : words("position", { n: event.position });
}

function hope(event) {
  if (event.closed) return [words("closed_here"), event.opens_at && openingWords(event.opens_at, words)].filter(Boolean).join(" ");
  return somebodyThere(event) ? words("wait", { time: rangeWords(event.wait_range) }) : words("nobody_here");
}

/** Tell a screen reader what the card says, at most every half minute: what came meanwhile is told at its end. */
function speak() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    spokenAt = Date.now();
    spoken.textContent = card.textContent;
  }, Math.max(0, spokenAt + SPOKEN_EVERY_MS - Date.now()));
}

function hush() {
  clearTimeout(timer);
  delete card.dataset.said;
}
