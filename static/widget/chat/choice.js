// Keep waiting, leave a message, be told by mail: asked of who waits long, and answered here.
import { byId, words } from "./dom.js";
import { somebodyThere } from "./waits.js";

const section = byId("choice");
const form = byId("choose");
const mail = byId("mail-form");
const problem = byId("choice-problem");
let asked = section.hidden ? "" : "as the page came";

/** @param {object | null} event a conversation.state: its `choices` are what is asked now */
export function showChoice(event) {
  const choices = event?.choices ?? [];
  const now = choices.length ? `${event.state} ${choices.join(" ")}` : "";
  if (now === asked) return;
  asked = now;
  section.hidden = !now;
  problem.hidden = true;
  showAddress(false);
  if (!now) return;
  for (const button of form.querySelectorAll("button")) button.hidden = !choices.includes(button.value);
  byId("choose-mail").hidden = !choices.includes("mail");
  const kept = event.state === "message";
  byId("choose-wait").textContent = words(kept ? "wait_again" : "keep_waiting");
  const question = words(kept ? "choice_message" : somebodyThere(event) ? "choice_wait" : "choice_nobody");
  byId("choice-words").textContent = question;
  if (!kept) byId("spoken").textContent = question;
  section.scrollIntoView({ block: "nearest" });
}

function showAddress(on) {
  mail.hidden = !on;
  form.hidden = on;
}

/** @param {(fields: object) => Promise<void>} send says what was chosen; its refusal has a `detail` @param {() => void} after */
export function watchChoice(send, after) {
  const answer = async (fields) => {
    try {
      await send(fields);
      mail.reset();
      after();
    } catch (refused) {
      problem.textContent = refused.detail || words("line_down");
      problem.hidden = false;
    }
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    answer({ choice: event.submitter.value });
  };
  mail.onsubmit = (event) => {
    event.preventDefault();
    answer({ choice: "mail", email: byId("mail-address").value });
  };
  byId("choose-mail").onclick = (event) => turn(event, true, "mail-address");
  byId("mail-back").onclick = (event) => turn(event, false, "choose-mail");
}

function turn(event, on, focused) {
  event.preventDefault();
  showAddress(on);
  problem.hidden = true;
  byId(focused).focus();
}
