// The messages of the open conversation: in order, each once, with the days between them.
import { byId, config } from "./config.js";
import { dayText, localTimes } from "./times.js";
import { showMarks } from "./marks.js";
import { signal } from "./signals.js";
import { entryNode } from "../shared/entry.js";

const NEAR_PX = 80;

/** Whether the newest message is in sight. The log is laid out from its end (desk-panel.css), where scrollTop is 0. */
export function atEnd() {
  return -byId("log").scrollTop < NEAR_PX;
}

export function toEnd() {
  byId("log").scrollTop = 0;
  byId("newer").hidden = true;
}

function scrolled() {
  if (byId("log") && atEnd()) byId("newer").hidden = true;
}

/** Change what stands below: whoever is at the end stays there, and what somebody reads further up does not move. */
export function keepReading(change) {
  const log = byId("log");
  const { scrollHeight, scrollTop } = log;
  const follows = atEnd();
  change();
  if (!follows) log.scrollTop = scrollTop - (log.scrollHeight - scrollHeight);
}

/** Add the next entry, as order.js hands it over. */
export function addEntry(entry) {
  below(entry.author.id === config.user, () => {
    byId("pending").querySelector(`[data-client="${CSS.escape(entry.client_id ?? "")}"]`)?.remove();
    byId("entries").append(dressed(entryNode(byId("entry-template"), entry)));
    separateDays();
    showMarks();
  });
  signal("shown", entry);
}

/** Add something at the end: who is there, or wrote it, sees it; whoever reads further up is told. */
export function below(own, add) {
  const follows = own || atEnd();
  keepReading(add);
  if (follows) toEnd();
  else byId("newer").hidden = false;
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
}

/** Older messages go in above, and what is read stays where it is; nobody is told of them as of new ones. */
function older(event) {
  const log = byId("log");
  if (!log || !event.target.closest?.("#entries")) return;
  log.setAttribute("aria-live", "off");
  requestAnimationFrame(() => {
    dressLog();
    log.removeAttribute("aria-live");
  });
}

export function startLog() {
  const panel = byId("panel");
  panel.addEventListener("htmx:beforeSwap", older);
  panel.addEventListener("click", (event) => event.target.id === "newer" && toEnd());
  panel.addEventListener("scroll", scrolled, true);
}
