// Opening conversations in the panel, and keeping the frame around the messages true.
import { byId, config, conversationUrl, words } from "./config.js";
import { link } from "./live.js";
import { addEntry, dressLog, toEnd } from "./log.js";
import { openRef, setShown, shown } from "./open.js";
import { hear, signal } from "./signals.js";
import { localTimes } from "./times.js";
import { Order } from "../shared/order.js";

const FRAME_MS = 100;

let frameTimer = 0;
let frameAsked = false;

/** Open a conversation by its reference. */
function openConversation(ref) {
  return htmx.ajax("GET", conversationUrl(ref), { target: "#panel", source: "#panel" });
}

/** The panel was filled anew, by the page itself or by htmx. */
function filled() {
  const node = byId("conversation");
  document.body.dataset.view = node ? "conversation" : "list";
  if (!node) {
    setShown(null);
    return signal("opened", null);
  }
  const { ref, label, last, notes } = node.dataset;
  const resume = (after) => link.send("conversation.resume", { conversation: ref, after, notes: here.notes });
  const here = { ref, label, node, notes: Number(notes), resume, order: new Order(Number(last), addEntry, resume) };
  setShown(here);
  dressLog();
  toEnd();
  signal("opened", shown());
  toEnd();
  if (link.line.state === "up") goLive();
  return undefined;
}

/** Ask for what came since, and hear what comes from now on. After a break the frame may be old as well. */
async function goLive() {
  const open = shown();
  if (!open) return;
  if (open.node.dataset.live) refreshFrame();
  try {
    const answer = await open.resume(open.order.last);
    open.order.head(answer.last_seq);
    open.node.dataset.live = "yes";
  } catch {
    // Asked again when the line is back.
  }
}

function remember(ref) {
  const path = ref ? conversationUrl(ref) : config.desk_url;
  if (location.pathname !== path) history.pushState(null, "", path);
}

function swapped(event) {
  if (event.target.id !== "panel") return;
  filled();
  remember(openRef());
}

function failed(event) {
  if (event.detail.target?.id !== "panel") return;
  const gone = [403, 404].includes(event.detail.xhr?.status);
  signal("toast", words(gone ? "load.gone" : "load.failed"));
}

/** Back and forward in the browser: the address says what stands open. */
function travelled() {
  const { pathname } = location;
  if (pathname === config.desk_url) showList();
  else htmx.ajax("GET", pathname, { target: "#panel", source: "#panel" });
}

/** On a narrow window the list takes the conversation's place. */
function showList() {
  document.body.dataset.view = "list";
  setShown(null);
  signal("opened", null);
  byId("list").querySelector(".row")?.focus({ preventScroll: true });
}

/** Who holds the conversation, or its state, changed: the head and the side are asked for anew. */
export function refreshFrame() {
  clearTimeout(frameTimer);
  frameTimer = setTimeout(askFrame, FRAME_MS);
}

/** One at a time: htmx would keep a second one waiting for a head that the first has already replaced, and lose it. */
async function askFrame() {
  if (frameAsked) return refreshFrame();
  const ref = openRef();
  if (!ref) return undefined;
  frameAsked = true;
  try {
    await htmx.ajax("GET", frameUrl(ref), { target: "#top", source: ".work", swap: "outerHTML" });
    if (ref === openRef()) framed();
  } catch {
    // Asked again at the next change, or when the line is back.
  } finally {
    frameAsked = false;
  }
  return undefined;
}

function frameUrl(ref) {
  return `${conversationUrl(ref)}?part=frame`;
}

/** A frame that comes late, of a conversation that no longer stands open, changes nothing. */
function refuseLate(event) {
  const { path } = event.detail.requestConfig;
  if (path.endsWith("?part=frame") && path !== frameUrl(openRef())) event.preventDefault();
}

function framed() {
  if (!byId("conversation")) return;
  localTimes(byId("panel"));
  signal("framed", shown());
}

function clicked(event) {
  if (event.target.closest("#back")) {
    event.preventDefault();
    history.pushState(null, "", config.desk_url);
    showList();
  } else if (event.target.closest("#about, #side-close")) {
    const open = byId("conversation").classList.toggle("with-side");
    byId("about").setAttribute("aria-expanded", String(open));
    byId(open ? "side-close" : "about").focus();
  }
}

/** With a key held the browser opens a tab or a window of its own, as with any link. */
function leaveToBrowser(event) {
  if ((event.ctrlKey || event.metaKey || event.shiftKey) && event.target.closest(".row")) event.stopPropagation();
}

export function startPanel() {
  addEventListener("click", leaveToBrowser, true);
  document.body.addEventListener("htmx:beforeOnLoad", refuseLate);
  document.body.addEventListener("htmx:afterSwap", swapped);
  document.body.addEventListener("htmx:responseError", failed);
  document.body.addEventListener("htmx:sendError", failed);
  addEventListener("popstate", travelled);
  byId("panel").addEventListener("click", clicked);
  link.on("ready", goLive);
  link.on("entry.posted", (entry) => entry.conversation === openRef() && shown().order.take(entry));
  link.on("heads", ({ heads }) => openRef() in heads && shown().order.head(heads[openRef()]));
  for (const cause of ["conversation.state", "conversation.assigned"]) {
    link.on(cause, ({ conversation }) => conversation === openRef() && refreshFrame());
  }
  hear("open", openConversation);
  filled();
}
