// The line's state, said as soon as it is lost.
import { byId, words } from "./dom.js";

const banner = byId("line");
let timer = 0;

/** @param {{state: string, code: number}} line see shared/link.js */
export function showLine({ state, code }) {
  clearTimeout(timer);
  if (state === "up" || state === "connecting") return hide();
  byId("line-words").textContent = words(state === "stopped" ? stopWords(code) : "line_lost");
  byId("spoken").textContent = byId("line-words").textContent;
  byId("line-retry").textContent = words(state === "stopped" ? "reload" : "try_now");
  byId("line-retry").hidden = false;
  banner.hidden = false;
}

function stopWords(code) {
  return code === 4403 || code === 4460 ? "line_forbidden" : "line_stopped";
}

function hide() {
  if (banner.hidden) return;
  byId("line-words").textContent = words("line_back");
  byId("spoken").textContent = words("line_back");
  byId("line-retry").hidden = true;
  timer = setTimeout(() => (banner.hidden = true), 1_500);
}

/** @param {() => void} retry called to try the line at once */
export function watchBanner(retry) {
  byId("line-retry").onclick = retry;
}
