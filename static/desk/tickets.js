// What tickets adds to the desk: the dialog of a promise, moments in the reader's own clock, badges of new entries.
import { byId, config } from "./config.js";
import { openRef } from "./open.js";
import { refreshFrame } from "./panel.js";
import { hear } from "./signals.js";
import { localTimes } from "./times.js";

const SOON_MS = 1_500;

let timer = 0;
let from = 0;

/** `datetime-local` knows no zone: it shows the reader's clock, and what is sent is the moment itself. */
function showMoments(root) {
  for (const input of root.querySelectorAll("input[data-moment]")) {
    const moment = new Date(input.dataset.moment);
    if (!input.dataset.moment || Number.isNaN(moment.getTime())) continue;
    const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
    input.value = local.toISOString().slice(0, 16);
  }
}

function prepare(event) {
  const { elt, headers, parameters } = event.detail;
  headers["X-CSRFToken"] = config.csrf; // badges come without a request that could give their forms one
  const form = elt.closest("form");
  for (const input of form?.querySelectorAll("input[data-moment]") ?? []) {
    if (input.value) parameters[input.name] = new Date(input.value).toISOString();
  }
}

function settled(event) {
  const { target } = event;
  if (target.id === "ticket-dialog-body" && target.childElementCount) openDialog();
  if (!document.contains(target) && target.id !== "ticket" && target.id !== "desk-news") return;
  for (const place of [byId("ticket"), byId("desk-news"), byId("ticket-dialog-body")]) dress(place);
}

function dress(place) {
  if (!place) return;
  showMoments(place);
  localTimes(place);
}

function openDialog() {
  const dialog = byId("ticket-dialog");
  showMoments(dialog);
  if (!dialog.open) dialog.showModal();
}

function closeDialog() {
  byId("ticket-dialog").close();
  byId("ticket-dialog-body").replaceChildren();
}

/** What came while the page stood open has its badges asked for, soon, and for all of them at once. */
function badgesSoon(entry) {
  if (byId("reach")?.dataset.way === "page") return;
  from = from ? Math.min(from, entry.seq) : entry.seq;
  clearTimeout(timer);
  timer = setTimeout(badges, SOON_MS);
}

async function badges() {
  const ref = openRef();
  const url = byId("reach")?.dataset.badges;
  const first = from;
  from = 0;
  if (!url) return;
  try {
    const answer = await fetch(`${url}?from=${first}`, { headers: { "HX-Request": "true" } });
    if (answer.ok && ref === openRef()) place(await answer.text());
  } catch {
    // They come with the page the next time.
  }
}

function place(text) {
  for (const found of new DOMParser().parseFromString(text, "text/html").querySelectorAll("template")) {
    const entry = byId("entries").querySelector(`[data-seq="${found.dataset.badgesOf}"]`);
    entry?.querySelector(".badges")?.remove();
    entry?.append(document.adoptNode(found.content));
    if (entry) htmx.process(entry);
    if (entry) localTimes(entry);
  }
}

export function startTickets() {
  document.body.addEventListener("htmx:configRequest", prepare);
  document.body.addEventListener("htmx:afterSwap", settled);
  document.body.addEventListener("promised", () => {
    closeDialog();
    refreshFrame();
  });
  byId("ticket-dialog").addEventListener("click", (event) => event.target.closest("[data-ticket-closes]") && closeDialog());
  hear("shown", badgesSoon);
  for (const what of ["opened", "framed"]) hear(what, () => dress(byId("ticket")));
  dress(byId("desk-news"));
}
