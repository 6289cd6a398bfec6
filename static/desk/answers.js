// Answers to a visitor who is not there: the server keeps them for some seconds, in which they can be taken back.
import { byId, config, words } from "./config.js";
import { openRef } from "./open.js";
import { hear, signal } from "./signals.js";
import { Refused } from "../shared/line.js";

const TICK_MS = 1_000;

let ticking = 0;

/** Whether what is written in the open conversation waits before it leaves. */
export function waitsFirst(ref) {
  return ref === openRef() && byId("reach")?.dataset.away === "yes";
}

/** Give it to the server; rejects with Refused. What it answers has `kept` instead of a number among the entries. */
export async function keepAnswer({ client_id, body }) {
  const answer = await post(byId("reach").dataset.answer, { client_id, body });
  load();
  return answer;
}

async function post(url, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const headers = { "X-CSRFToken": config.csrf, "HX-Request": "true" };
  const answer = await fetch(url, { method: "POST", body: form, headers }).catch(() => null);
  if (!answer) throw new Refused("line.down", "", true);
  const facts = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(facts.code ?? `http.${answer.status}`, facts.detail ?? "", answer.status >= 500);
  return facts;
}

async function load() {
  const ref = openRef();
  const url = byId("reach")?.dataset.answers;
  if (!url) return;
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || ref !== openRef()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  byId("answers").replaceChildren(...[...fresh.body.childNodes].map((node) => document.adoptNode(node)));
  tick();
}

/** Seconds are counted down; once they are over, the server is asked until it has sent the answer. */
function tick() {
  clearTimeout(ticking);
  const rows = [...(byId("answers")?.querySelectorAll("[data-due]") ?? [])];
  if (!rows.length) return;
  let over = false;
  for (const row of rows) {
    const left = Math.ceil((Date.parse(row.dataset.due) - Date.now()) / 1000);
    over ||= left <= 0;
    if (left > 0) row.querySelector(".answer-when").textContent = words("answer.left", { n: left });
  }
  ticking = setTimeout(over ? load : tick, over ? 2 * TICK_MS : TICK_MS);
}

async function takeBack(button) {
  button.disabled = true;
  try {
    const { body } = await post(button.dataset.takeBack, {});
    signal("edit", { body, kind: "message" });
  } catch (refused) {
    signal("toast", refused.detail || words("line.down"));
  }
  load();
}

export function startAnswers() {
  byId("panel").addEventListener("click", (event) => {
    const button = event.target.closest("[data-take-back]");
    if (button) takeBack(button);
  });
  hear("opened", tick);
  hear("shown", () => byId("answers")?.childElementCount && load());
}
