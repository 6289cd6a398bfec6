// The box: what is written, when it is sent, and what goes with the first message.
import { byId, config, words } from "./dom.js";

const form = byId("composer");
const box = byId("body");
const problem = byId("problem");
const touch = matchMedia("(pointer: coarse)");

export const limits = { ...config.limits };

/** @param {(text: string) => boolean} send called with a text that may be sent; the box is emptied if it says yes */
export function onSend(send) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(send);
  });
  box.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && !touch.matches;
    if (!sends) return;
    event.preventDefault();
    form.requestSubmit();
  });
  box.addEventListener("input", () => {
    complain(tooLong());
    fit();
  });
}

/** The box grows with its text where the style sheet alone can't do it. */
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

function submit(send) {
  if (!box.value.trim()) return box.focus();
  if (tooLong()) return complain(tooLong());
  if (send(box.value)) setText("");
  box.focus();
}

function tooLong() {
  const over = Array.from(box.value).length - limits.message_chars;
  return over > 0 ? words("too_long", { n: over }) : "";
}

/** Say under the box what is wrong; nothing when all is well. */
export function complain(sentence) {
  problem.textContent = sentence;
  problem.hidden = !sentence;
}

export const text = () => box.value;

/** Put a text in the box, as if it had been typed. */
export function setText(value) {
  box.value = value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The pre-chat form as `conversation.start` wants it. Null, with the field shown, if something required is missing. */
export function startFields() {
  if (!form.reportValidity()) return null;
  const data = new FormData(form);
  const fields = { page: config.page || location.origin + location.pathname, referrer: config.referrer || document.referrer };
  for (const name of ["name", "email", "question", "reply_to"]) fields[name] = String(data.get(name) ?? "").trim();
  const given = Object.entries(fields).filter(([, value]) => value);
  return {
    fields: Object.fromEntries(given.map(([name, value]) => [name, value.slice(0, 500)])),
    ...(data.get("group") && { group: data.get("group") }),
  };
}

export const focusBox = () => box.focus();
