// What the line does, in words, while it is not simply up.
import { byId, words } from "./config.js";
import { link } from "./live.js";

const SAY_MS = 1_200;
const SIGNED_OUT = 4401;
const CAUSES_OF_DOWN = { 4503: "line.restart", 4408: "line.slow", 1012: "line.restart" };

let sayTimer = 0;
let byeCode = 0;

function lineChanged({ state, code }) {
  document.body.dataset.line = state;
  clearTimeout(sayTimer);
  if (state === "up") return clearBanner();
  const cause = code > 4000 ? code : byeCode || code;
  if (state === "stopped") return showStopped(cause);
  sayTimer = setTimeout(() => showBanner(words(CAUSES_OF_DOWN[cause] ?? "line.down")), SAY_MS);
  return undefined;
}

function clearBanner() {
  byeCode = 0;
  byId("line").replaceChildren();
}

function showBanner(text, action) {
  const said = document.createElement("span");
  said.textContent = text;
  byId("line").replaceChildren(...[said, action].filter(Boolean));
}

function showStopped(code) {
  const known = [4401, 4403, 4440, 4441, 4460].includes(code);
  showBanner(words(known ? `line.${code}` : "line.stopped"), code === SIGNED_OUT ? signIn() : loadAgain());
}

function signIn() {
  const anchor = document.createElement("a");
  anchor.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
  anchor.textContent = words("line.sign_in");
  return anchor;
}

function loadAgain() {
  const anchor = document.createElement("a");
  anchor.href = location.pathname;
  anchor.textContent = words("line.reload");
  return anchor;
}

export function startBanner() {
  link.on("line", lineChanged);
  link.on("bye", ({ code }) => (byeCode = code));
  sayTimer = setTimeout(() => link.line.state !== "up" && showBanner(words("line.down")), SAY_MS);
}
