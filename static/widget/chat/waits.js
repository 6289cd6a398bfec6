// Waiting, told honestly: the message is safe, the place, and a range instead of a promise.
import { byId, say, words } from "./dom.js";

const SPOKEN_EVERY_MS = 30_000;
const card = byId("waiting");
const spoken = byId("spoken");
let spokenAt = 0;

/** "about 2 to 4 minutes" for what people lately waited; never less than "about a minute". */
export function aboutMinutes(seconds) {
  if (seconds <= 60) return words("about_a_minute");
  const low = Math.max(1, Math.floor((seconds / 60) * 0.75));
  const high = Math.max(low + 1, Math.ceil((seconds / 60) * 1.5));
  return words("about_minutes", { low, high });
}

/** The card under a waiting message; `event` is a conversation.state. Null takes it away. */
export function showWaiting(event) {
  card.hidden = !event;
  if (!event) return;
  const parts = [lostWords(event.lost), words("received"), place(event), hope(event)];
  const sentence = parts.filter(Boolean).join(" ");
  if (sentence === card.dataset.said) return;
  card.dataset.said = sentence;
  say(card, sentence);
  speak(card.textContent);
}

function lostWords(name) {
  return name ? words("operator_lost", { name }) : "";
}

/** A wait is told while somebody is there to end it; without one, nobody is. */
export const somebodyThere = ({ wait_seconds: wait }) => wait !== undefined && wait !== null;

function place(event) {
  if (!event.position || !somebodyThere(event)) return "";
  return event.position === 1 ? words("next") : words("position", { n: event.position });
}

function hope(event) {
  return somebodyThere(event) ? words("wait", { time: aboutMinutes(event.wait_seconds) }) : words("nobody_here");
}

/** Tell a screen reader, at most every half minute. */
function speak(sentence) {
  if (Date.now() - spokenAt < SPOKEN_EVERY_MS) return;
  spokenAt = Date.now();
  spoken.textContent = sentence;
}
