// The head of the page: who is there, in words, a name and a face.
import { byId, config, words } from "./dom.js";
import { showClosed } from "./closed.js";
import { aboutMinutes, somebodyThere } from "./waits.js";

const presence = byId("presence");
let operator = null;
let inTalk = false;

const PROMISES = { online: "promise_here", busy: "promise_here", masked: "promise_closed" };

/** What the button's state means to somebody who has not written yet; `told` is a hello's answer or a button.state. */
export function showButton(told) {
  const { state, groups = {}, wait_seconds, waiting } = told;
  Object.assign(config, { state, group_states: groups, wait_seconds, waiting });
  byId("promise").textContent = words(PROMISES[state] ?? "promise_kept");
  showClosed(told);
  if (!inTalk) showPresence(state, stateWords(state));
  for (const note of document.querySelectorAll("[data-group]")) {
    const own = groups[note.dataset.group];
    if (!own) continue;
    note.dataset.state = own;
    note.textContent = words(`group_${own}`);
  }
}

function stateWords(state) {
  const { wait_seconds: wait, waiting } = config;
  if (state === "online" && wait) return words("online_wait", { time: aboutMinutes(wait) });
  if (state === "busy" && Number.isInteger(waiting)) return words("busy_place", { n: waiting + 1 });
  return words(state);
}

function showPresence(state, sentence) {
  presence.dataset.state = state;
  byId("presence-words").textContent = sentence;
}

/** Where the visitor's own conversation stands; null while there is none. `event` is a conversation.state. */
export function showTalk(event) {
  inTalk = Boolean(event);
  showOperator(event?.state === "active" ? event.operator : null);
  if (!event) showButton({ ...config, groups: config.group_states });
  else if (operator) showPresence("online", words(event.on_hold ? "on_hold" : "with_you"));
  else if (event.state === "message") showPresence("offline", words("kept_short"));
  else if (event.state === "closed") showPresence("offline", words("ended"));
  else if (event.state === "waiting") showPresence(...waitingPresence(event));
}

function waitingPresence(event) {
  if (event.closed) return ["masked", words("masked")];
  return somebodyThere(event) ? ["busy", words("in_queue")] : ["offline", words("offline")];
}

function showOperator(author) {
  operator = author ?? null;
  byId("title").textContent = author ? words("operator_of", { name: author.name, title: config.title }) : config.title;
  showFace(author);
}

function showFace(author) {
  const face = byId("face");
  const picture = author ? author.photo : config.logo;
  if (!picture) {
    face.textContent = (author?.name ?? config.title).trim().slice(0, 1).toUpperCase();
    return;
  }
  const image = document.createElement("img");
  Object.assign(image, { src: picture, alt: "", width: 36, height: 36, className: author ? "" : "logo" });
  face.replaceChildren(image);
}

export const operatorName = () => operator?.name ?? "";
