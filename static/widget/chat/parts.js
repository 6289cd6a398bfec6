// Parts of the page that the server fills when they are needed: what of the desk is behind them, this page need not know.
import { copyOnClick } from "../../shared/copying.js";
import { byId } from "./dom.js";
import { memory } from "./memory.js";
import { talk } from "./talk.js";

const TOKEN_COMES_MS = 300;
const AGAIN_MS = 5_000;
const NOBODY = ["offline", "masked"];

/**
 * Fill a part from its address; with `form`, with what the form brings. What is refused leaves it as it is; what did not
 * get through is asked for again while the part is open.
 */
async function fill(part, form = undefined) {
  const body = new FormData(form);
  try {
    const answer = await fetch(part.dataset.part, { method: "POST", headers: memory.headers(), body });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part.querySelector(".part-body").replaceChildren(...page.body.childNodes);
    part.hidden = false;
  } catch {
    if (!form) setTimeout(() => isOpen(part) && fill(part), AGAIN_MS * (1 + Math.random()));
  }
}

function isOpen(part) {
  return (part.closest("dialog") ?? part).open;
}

function isDue(part) {
  const state = document.body.dataset.state;
  if (part.dataset.states?.split(" ").includes(state)) return true;
  return state === "waiting" && NOBODY.includes(byId("presence").dataset.state);
}

function look(part) {
  if (!isDue(part)) part.dataset.was = "";
  else if (!memory.token || !talk.ref) setTimeout(() => look(part), TOKEN_COMES_MS);
  else if (part.dataset.was !== "due") {
    part.dataset.was = "due";
    open(part);
  }
}

function open(part) {
  if (part.open) fill(part);
  else part.open = true;
}

/** Watch the parts of the page: those that unfold by themselves, and those in the question before the end. */
export function watchParts() {
  for (const part of document.querySelectorAll("details[data-part]")) {
    part.addEventListener("toggle", () => part.open && fill(part));
    const watch = new MutationObserver(() => look(part));
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-state"] });
    watch.observe(byId("presence"), { attributes: true, attributeFilter: ["data-state"] });
    look(part);
  }
  for (const part of document.querySelectorAll("dialog [data-part]")) {
    const dialog = part.closest("dialog");
    const watch = new MutationObserver(() => dialog.open && fill(part));
    watch.observe(dialog, { attributes: true, attributeFilter: ["open"] });
  }
  addEventListener("click", copyOnClick);
  addEventListener("submit", (event) => {
    const part = event.target.closest("[data-part]");
    if (!part) return;
    event.preventDefault();
    fill(part, event.target);
  });
}
