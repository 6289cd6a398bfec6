// The list beside the conversation: which one is looked at, and keeping it fresh without moving what is under a hand.
import { byId, listUrl } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { decorate } from "./rows.js";
import { hear } from "./signals.js";

const EVERY_MS = 300;
const CAUSES = ["queue.changed", "conversation.state", "entry.posted", "ready"];
const URGENT = ["conversation.assigned", "conversation.offered"];

const list = byId("list");
let tab = document.querySelector("[role=tab][aria-selected=true]").dataset.tab;
let timer = 0;
let asking = false;
let again = false;
let askedAt = 0;
let hurriedAt = 0;

/** Ask for the visible list anew, soon: at once after a quiet time, and never more often than every 300 ms. */
function refreshSoon() {
  if (document.visibilityState === "hidden") again = true;
  else if (!timer) timer = setTimeout(refresh, Math.max(0, askedAt + EVERY_MS - Date.now()));
}

/** A new chat does not wait for the pause after the news that came just before it; such haste has a pause of its own. */
function refreshNow() {
  if (Date.now() - hurriedAt > EVERY_MS) {
    hurriedAt = Date.now();
    askedAt = 0;
    clearTimeout(timer);
    timer = 0;
  }
  refreshSoon();
}

async function refresh() {
  timer = 0;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  again = false;
  askedAt = Date.now();
  const rows = list.querySelectorAll(".rows > li[data-ref]").length;
  const url = `${listUrl(tab)}?rows=${rows}&open=${encodeURIComponent(openRef())}`;
  try {
    arrived(await fetch(url, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : "")));
  } catch {
    // The line is down as well, and says so; the next hello asks again.
  }
  asking = false;
  if (again) refreshSoon();
}

function arrived(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(".rows-root");
  if (fresh?.dataset.tab === tab) replaceRows(fresh);
}

/** Rows keep their nodes, so that a click or the focus on one is not lost under it. */
function replaceRows(fresh) {
  const root = list.querySelector(".rows-root");
  const old = new Map([...root.querySelectorAll("li[data-ref]")].map((node) => [node.dataset.ref, node]));
  const focused = document.activeElement;
  const rows = root.querySelector(".rows");
  let place = rows.firstElementChild;
  for (const next of [...fresh.querySelector(".rows").children]) {
    const node = kept(old.get(next.dataset.ref), next);
    old.delete(next.dataset.ref);
    if (node === place) place = place.nextElementSibling;
    else rows.insertBefore(node, place);
  }
  while (place) {
    const gone = place;
    place = place.nextElementSibling;
    gone.remove();
  }
  root.querySelector(".empty")?.remove();
  if (fresh.querySelector(".empty")) root.append(fresh.querySelector(".empty"));
  Object.assign(root.dataset, fresh.dataset);
  htmx.process(rows);
  if (focused !== document.activeElement && rows.contains(focused)) focused.focus({ preventScroll: true });
  drawn();
}

/** The old node with the new contents, or the new node where there is no old one. */
function kept(before, next) {
  if (!before) return document.adoptNode(next);
  const link = before.querySelector(".row");
  const fresh = next.querySelector(".row");
  link.replaceChildren(...fresh.childNodes);
  link.dataset.state = fresh.dataset.state;
  return before;
}

function drawn() {
  const root = list.querySelector(".rows-root");
  for (const name of ["waiting", "mine", "messages"]) count(name, Number(root.dataset[name]));
  decorate(list);
}

function count(name, n) {
  const badge = document.querySelector(`#tab-${name} .count`);
  badge.textContent = n > 99 ? "99+" : n || "";
}

function chosen(button) {
  tab = button.dataset.tab;
  for (const other of document.querySelectorAll("[role=tab]")) {
    other.setAttribute("aria-selected", String(other === button));
    other.tabIndex = other === button ? 0 : -1;
  }
  list.setAttribute("aria-labelledby", button.id);
}

function arrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (document.dir === "rtl" ? -1 : 1);
  if (!step) return;
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

/** Look at the list of this place, the first is 0. */
export function showTab(place) {
  document.querySelectorAll("[role=tab]")[place]?.click();
}

export function startLists() {
  const tablist = document.querySelector("[role=tablist]");
  tablist.addEventListener("click", (event) => event.target.closest("[role=tab]") && chosen(event.target.closest("[role=tab]")));
  tablist.addEventListener("keydown", arrows);
  list.addEventListener("htmx:afterSwap", drawn);
  document.addEventListener("visibilitychange", () => again && refreshSoon());
  for (const cause of CAUSES) link.on(cause, refreshSoon);
  for (const cause of URGENT) link.on(cause, refreshNow);
  hear("missed", refreshSoon);
  hear("opened", drawn);
  hear("unread", () => decorate(list));
  drawn();
}
