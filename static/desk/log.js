// The messages of the open conversation: in order, each once, with the days between them.
import { byId, config } from "./config.js";
import { dayText, localTimes } from "./times.js";
import { showMarks } from "./marks.js";
import { signal } from "./signals.js";
import { entryNode } from "../shared/entry.js";

const NEAR_PX = 80;

/** Whether the reader is at the end, and stays there while the window, the box or an entry changes its size. */
let pinned = false;
const sizes = new ResizeObserver(() => byId("log") && (pinned || atEnd()) && toEnd());

/** Whether the newest message is in sight. */
export function atEnd() {
  const log = byId("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
}

export function toEnd() {
  const log = byId("log");
  log.scrollTop = log.scrollHeight;
  byId("newer").hidden = true;
  pinned = true;
}

function scrolled() {
  if (!byId("log")) return;
  pinned = atEnd();
  if (pinned) byId("newer").hidden = true;
}

/** Add the next entry, as order.js hands it over. */
export function addEntry(entry) {
  const stick = atEnd() || entry.author.id === config.user;
  byId("pending").querySelector(`[data-client="${CSS.escape(entry.client_id ?? "")}"]`)?.remove();
  byId("entries").append(dressed(entryNode(byId("entry-template"), entry)));
  separateDays();
  showMarks();
  if (stick) toEnd();
  else byId("newer").hidden = false;
  signal("shown", entry);
}

function dressed(node) {
  node.classList.toggle("own", node.dataset.author === String(config.user));
  return node;
}

/** A line with the day before the first message of each day. */
export function separateDays() {
  let before = "";
  for (const node of byId("entries").querySelectorAll(".entry[data-seq], .day")) {
    if (node.matches(".day")) {
      node.remove();
      continue;
    }
    const text = dayText(node.querySelector("time").dateTime);
    if (text !== before) node.before(dayLine(text));
    before = text;
  }
}

function dayLine(text) {
  const line = document.createElement("li");
  line.className = "day";
  line.textContent = text;
  return line;
}

/** What came with the page: in the reader's clock, with days and marks, at its end. */
export function dressLog() {
  for (const node of byId("entries").querySelectorAll(".entry")) dressed(node);
  localTimes(byId("conversation"));
  separateDays();
  showMarks();
  sizes.disconnect();
  sizes.observe(byId("log"));
  sizes.observe(byId("entries"));
}

/** Older messages go in above; what is read stays where it is. */
function keepPlace(event) {
  const log = byId("log");
  if (!log || !event.target.closest?.("#entries")) return;
  const fromEnd = log.scrollHeight - log.scrollTop;
  log.setAttribute("aria-live", "off");
  requestAnimationFrame(() => {
    dressLog();
    log.scrollTop = log.scrollHeight - fromEnd;
    log.removeAttribute("aria-live");
  });
}

export function startLog() {
  const panel = byId("panel");
  panel.addEventListener("htmx:beforeSwap", keepPlace);
  panel.addEventListener("click", (event) => event.target.id === "newer" && toEnd());
  panel.addEventListener("scroll", scrolled, true);
}
