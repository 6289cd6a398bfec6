// The head of the page: who is there, in words, a name and a face.
import { byId, config, words } from "./dom.js";
import { aboutMinutes, freshenWaiting } from "./waits.js";

const presence = byId("presence");
let operator = null;

/** What the button's state means to somebody who has not written yet. */
export function showButton({ state, groups = {}, wait_seconds: wait }) {
  Object.assign(config, { state, group_states: groups, wait_seconds: wait });
  freshenWaiting();
  byId("promise").textContent = words(state === "online" || state === "busy" ? "promise_here" : "promise_kept");
  presence.dataset.state = state === "masked" ? "offline" : state;
  if (!operator) byId("presence-words").textContent = stateWords(state, wait);
  for (const note of document.querySelectorAll("[data-group]")) {
    const own = groups[note.dataset.group];
    if (!own) continue;
    note.dataset.state = own;
    note.textContent = words(`group_${own}`);
  }
}

function stateWords(state, wait) {
  if (state === "online" && wait) return words("online_wait", { time: aboutMinutes(wait) });
  return words(state === "masked" ? "offline" : state);
}

/** The person who answers, or null for nobody yet. */
export function showOperator(author) {
  operator = author;
  byId("title").textContent = author ? words("operator_of", { name: author.name, title: config.title }) : config.title;
  showFace(author);
  if (author) byId("presence-words").textContent = words("with_you");
  else showButton({ ...config, groups: config.group_states });
}

function showFace(author) {
  const face = byId("face");
  if (!author?.photo) {
    face.textContent = (author?.name ?? config.title).trim().slice(0, 1).toUpperCase();
    return;
  }
  const image = document.createElement("img");
  Object.assign(image, { src: author.photo, alt: "", width: 36, height: 36 });
  face.replaceChildren(image);
}

export const operatorName = () => operator?.name ?? "";
