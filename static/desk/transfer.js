// Handing the open chat over, or inviting somebody into it: one picker, kept true while it is open.
import { byId, conversationUrl, refusalText } from "./config.js";
import { link } from "./live.js";
import { openRef } from "./open.js";
import { refreshFrame } from "./panel.js";
import { signal } from "./signals.js";

const AGAIN_MS = 400;

let picking = "";
let again = 0;
let place = {};

/** Ask to whom; who can be chosen is asked for anew each time, and while one looks. */
async function open(what) {
  picking = openRef();
  const dialog = byId("transfer-dialog");
  dialog.dataset.for = what;
  dialog.setAttribute("aria-labelledby", `${what}-head`);
  byId("transfer-error").textContent = "";
  byId("target-search").value = "";
  byId("target-note").value = "";
  byId("targets").replaceChildren();
  narrow();
  await load();
  dialog.showModal();
  byId("target-search").focus();
}

export const PICKING = { transfer: () => open("transfer"), invite: () => open("invite") };

function load() {
  const { for: what } = byId("transfer-dialog").dataset;
  return htmx.ajax("GET", `${conversationUrl(picking)}targets/?for=${what}`, { target: "#targets", source: "#targets" });
}

/** What is chosen, and where the keyboard stands, by the time the list is drawn anew, which comes after it was asked for. */
function keepPlace() {
  const focused = byId("targets").contains(document.activeElement) ? document.activeElement.value : "";
  place = { chosen: byId("transfer-form").elements.target?.value, focused };
}

function drawn() {
  find(place.chosen)?.click();
  find(place.focused)?.focus();
  narrow();
}

function find(value) {
  return value ? byId("targets").querySelector(`input:enabled[value="${CSS.escape(value)}"]`) : null;
}

/** Somebody came, went, or was given a chat: whoever looks at the list sees it. */
function loadSoon() {
  if (!byId("transfer-dialog").open || again) return;
  again = setTimeout(() => {
    again = 0;
    if (byId("transfer-dialog").open) load();
  }, AGAIN_MS);
}

/** Only what has every word of the search in its name; a group's name brings all of its people. */
function narrow() {
  const wanted = byId("target-search").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text) => wanted.every((word) => text.toLocaleLowerCase().includes(word));
  for (const group of byId("targets").querySelectorAll(".target")) {
    const name = group.querySelector("legend").textContent;
    for (const row of group.querySelectorAll(".choice")) row.hidden = !fits(`${name} ${row.textContent}`);
    group.hidden = !group.querySelector(".choice:not([hidden])");
  }
  byId("targets-none").hidden = !byId("targets").querySelector(".target") || Boolean(byId("targets").querySelector(".target:not([hidden])"));
  ready();
}

function picked() {
  return byId("targets").querySelector(".choice:not([hidden]) input[name=target]:checked:enabled");
}

function ready() {
  byId("transfer-go").disabled = !picked();
}

function choice() {
  const [kind, value] = picked().value.split(/:(.*)/);
  return kind === "group" ? { group: value } : { operator: Number(value) };
}

async function give(fields) {
  signal("given", picking);
  await link.send("conversation.transfer", fields);
}

async function handOver(event) {
  event.preventDefault();
  if (!picked()) return;
  const { elements } = byId("transfer-form");
  const invite = byId("transfer-dialog").dataset.for === "invite";
  const fields = { conversation: picking, ...choice(), note: byId("target-note").value };
  try {
    if (invite) await link.send("conversation.invite", fields);
    else await give({ ...fields, warm: elements.how.value === "warm" });
    byId("transfer-dialog").close();
  } catch (refused) {
    signal("kept", picking);
    byId("transfer-error").textContent = refusalText(refused);
  }
  refreshFrame();
}

/** Down from the search box goes to the first that can be chosen; Enter there chooses nothing by accident. */
function searchKey(event) {
  if (event.key === "ArrowDown") byId("targets").querySelector(".choice:not([hidden]) input:enabled")?.focus();
  else if (event.key !== "Enter") return;
  event.preventDefault();
}

export function startTransfer() {
  byId("targets").addEventListener("htmx:beforeSwap", keepPlace);
  byId("targets").addEventListener("htmx:afterSwap", drawn);
  byId("targets").addEventListener("change", ready);
  byId("target-search").addEventListener("input", narrow);
  byId("target-search").addEventListener("keydown", searchKey);
  byId("transfer-form").addEventListener("submit", handOver);
  for (const cause of ["presence.changed", "queue.changed", "conversation.state"]) link.on(cause, loadSoon);
}
