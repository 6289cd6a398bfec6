// Waiting, told honestly: the message is safe, the place, and a range instead of a promise.
import { byId, config, say, words } from "./dom.js";

const SPOKEN_EVERY_MS = 30_000;
const card = byId("waiting");
const spoken = byId("spoken");
let spokenAt = 0;
let last = null;

/** "about 2 to 4 minutes" for what people lately waited; never less than "about a minute". */
export function aboutMinutes(seconds) {
  if (seconds <= 60) return words("about_a_minute");
  const low = Math.max(1, Math.floor((seconds / 60) * 0.75));
  const high = Math.max(low + 1, Math.ceil((seconds / 60) * 1.5));
  return words("about_minutes", { low, high });
}

/** The card under a waiting message; `event` is a conversation.state. Null takes it away. */
export function showWaiting(event) {
  last = event;
  card.hidden = !event;
  if (!event) return;
  const state = stateOf(event.group);
  const parts = [lostWords(event.lost), words("received"), place(event.position, state), hope(event.wait_seconds, state)];
  const sentence = parts.filter(Boolean).join(" ");
  if (sentence === card.dataset.said) return;
  card.dataset.said = sentence;
  say(card, sentence);
  speak(card.textContent);
}

/** The button's state changed: the card may have to say something else. */
export function freshenWaiting() {
  if (last) showWaiting(last);
}

function lostWords(name) {
  return name ? words("operator_lost", { name }) : "";
}

function stateOf(group) {
  const slug = config.groups.find(({ name }) => name === group)?.slug;
  return config.group_states[slug] ?? config.state;
}

function place(position, state) {
  if (!position || state === "offline") return "";
  return position === 1 ? words("next") : words("position", { n: position });
}

function hope(wait, state) {
  if (state === "offline") return words("nobody_here");
  return wait === undefined || wait === null ? words("wait_unknown") : words("wait", { time: aboutMinutes(wait) });
}

/** Tell a screen reader, at most every half minute. */
function speak(sentence) {
  if (Date.now() - spokenAt < SPOKEN_EVERY_MS) return;
  spokenAt = Date.now();
  spoken.textContent = sentence;
}
