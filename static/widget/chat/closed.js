// While nobody answers: when the desk opens, in the visitor's own time and language, and the admin's own words.
import { openingWords } from "../../shared/opening.js";
import { byId, config, words } from "./dom.js";

const AGAIN_MS = 30_000;

/** @param {{state: string, opens_at?: string, closed_text?: string}} told */
export function showClosed({ state, opens_at = null, closed_text = "" }) {
  Object.assign(config, { opens_at, closed_text });
  const opens = state === "masked" && opens_at ? openingWords(opens_at, words) : "";
  put("opens", opens);
  put("closed-text", closed_text);
  byId("closed").hidden = !opens && !closed_text;
}

function put(id, sentence) {
  byId(id).textContent = sentence;
  byId(id).hidden = !sentence;
}

/** “In about 2 hours” ages while the page stands open. */
export function watchOpening() {
  setInterval(() => showClosed(config), AGAIN_MS);
}
