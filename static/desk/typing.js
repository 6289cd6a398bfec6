// Who is writing right now. The text of a preview lives in this map and on the page, nowhere else.
import { byId, config, words } from "./config.js";
import { link } from "./live.js";
import { keepReading } from "./log.js";
import { openRef, shown } from "./open.js";
import { hear, signal } from "./signals.js";
import { visible } from "../shared/text.js";

const FORGET_MS = 8_000;
const ANNOUNCE_MS = 30_000;

let announcedAt = 0;

/** @type {Map<string, {text: string, timer: number}>} visitors, by conversation */
const visitors = new Map();
/** @type {Map<string, Map<number, {name: string, timer: number}>>} colleagues, by conversation and person */
const colleagues = new Map();

/** What the visitor of this conversation types: the text where it may be seen, else an empty one; or nothing. */
export function typingIn(ref) {
  return visitors.get(ref);
}

function visitorTypes(ref, text) {
  clearTimeout(visitors.get(ref)?.timer);
  visitors.set(ref, { text, timer: setTimeout(() => visitorStops(ref), FORGET_MS) });
  changed(ref);
}

function visitorStops(ref) {
  clearTimeout(visitors.get(ref)?.timer);
  if (visitors.delete(ref)) changed(ref);
}

function colleagueTypes(ref, { id, name }) {
  const here = colleagues.get(ref) ?? new Map();
  clearTimeout(here.get(id)?.timer);
  here.set(id, { name, timer: setTimeout(() => colleagueStops(ref, id), FORGET_MS) });
  colleagues.set(ref, here);
  changed(ref);
}

function colleagueStops(ref, id) {
  const here = colleagues.get(ref);
  clearTimeout(here?.get(id)?.timer);
  if (here?.delete(id)) changed(ref);
}

function changed(ref) {
  signal("typing", ref);
  if (ref === openRef()) draw();
}

function draw() {
  const preview = byId("preview");
  if (!preview) return;
  const typing = typingIn(openRef());
  keepReading(() => {
    preview.hidden = !typing;
    byId("preview-text").textContent = typing?.text ? visible(typing.text) : words("row.typing_only");
    byId("preview-note").hidden = !typing?.text;
  });
  drawColleagues(byId("colleague"), [...(colleagues.get(openRef())?.values() ?? [])].map((one) => one.name));
  announce(typing);
}

/** Screen readers hear once in a while that the visitor writes, never each letter. */
function announce(typing) {
  if (!typing || Date.now() - announcedAt < ANNOUNCE_MS) return;
  announcedAt = Date.now();
  byId("typing-said").textContent = words("typing.one", { name: shown().label });
}

function drawColleagues(place, names) {
  const list = new Intl.ListFormat(document.documentElement.lang).format(names.map(visible));
  const text = names.length ? words(names.length > 1 ? "typing.many" : "typing.one", { name: list, names: list }) : "";
  if (place.textContent !== text) place.textContent = text;
}

export function startTyping() {
  link.on("typing.preview", ({ conversation, text }) => (text ? visitorTypes(conversation, text) : visitorStops(conversation)));
  link.on("typing", ({ conversation, author, on }) => {
    if (author.kind !== "operator") return on ? visitorTypes(conversation, "") : visitorStops(conversation);
    if (author.id === config.user) return undefined;
    return on ? colleagueTypes(conversation, author) : colleagueStops(conversation, author.id);
  });
  link.on("entry.posted", ({ conversation, author }) => {
    if (author.kind === "operator") colleagueStops(conversation, author.id);
    else visitorStops(conversation);
  });
  hear("opened", draw);
}
