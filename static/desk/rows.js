// What a list's rows show beside what the server wrote: who types, drafts, what is open, and the time going by.
import { byId, words } from "./config.js";
import { draftOf } from "./drafts.js";
import { isMine, unreadOf } from "./known.js";
import { openRef } from "./open.js";
import { hear } from "./signals.js";
import { tick } from "./times.js";
import { typingIn } from "./typing.js";
import { visible } from "../shared/text.js";

const TICK_MS = 1000;
const BRIEF = 80;

/** Bring every row below `list` up to date. */
export function decorate(list) {
  for (const row of list.querySelectorAll(".row")) decorateRow(row);
  tick(list);
}

function decorateRow(row) {
  const { ref } = row.dataset;
  const open = ref === openRef();
  row.toggleAttribute("aria-current", open);
  if (open) row.setAttribute("aria-current", "true");
  if (isMine(ref)) showUnread(row.querySelector(".n"), unreadOf(ref));
  const snippet = row.querySelector(".snippet");
  snippet.dataset.said ??= snippet.textContent;
  const text = liveText(ref, open) || visible(snippet.dataset.said);
  if (snippet.textContent !== text) snippet.textContent = text;
}

/** What this page has seen itself is newer than what the list knew. */
function showUnread(place, n) {
  const mark = place.querySelector(".u");
  if (!n) return mark?.remove();
  const node = mark ?? place.appendChild(byId("unread-template").content.firstElementChild.cloneNode(true));
  if (node.firstChild.data !== String(n)) node.firstChild.data = n;
  return undefined;
}

function liveText(ref, open) {
  const typing = typingIn(ref);
  if (typing) return typing.text ? words("row.typing", { text: visible(typing.text) }) : words("row.typing_only");
  const draft = open ? "" : draftOf(ref).text.trim();
  return draft && words("row.draft", { text: draft.slice(0, BRIEF) });
}

export function startRows() {
  setInterval(() => document.visibilityState === "visible" && tick(document), TICK_MS);
  hear("typing", () => decorate(byId("list")));
}
