// Typing, both ways. What the visitor types is shown to the desk only where the button says so, only after telling,
// and never in private mode; it goes from memory to memory and is stored nowhere.
import { byId, config, words } from "./dom.js";
import { operatorName } from "./head.js";
import { memory } from "./memory.js";

const EVERY_MS = 300;
const INDICATOR_EVERY_MS = 3_000;
const GONE_MS = 6_000;
const box = byId("body");
const notice = byId("preview-notice");

let tell = () => undefined;
let hasConversation = () => false;
let privately = false;
let timer = 0;
let sentAt = 0;
let sentText = "";
let goneTimer = 0;

/** @param {(fields: object) => void} teller sends a `typing` @param {() => boolean} begun whether there is a conversation */
export function watchTyping(teller, begun) {
  tell = teller;
  hasConversation = begun;
  if (config.preview === "off") return;
  box.addEventListener("input", onInput);
  byId("private").onclick = () => setPrivate(!privately);
  byId("quiet").onchange = (event) => {
    memory.setQuiet(event.target.checked);
    withdraw();
  };
  byId("quiet").checked = memory.quiet;
  showNotice();
}

function silent() {
  return privately || memory.quiet || !hasConversation();
}

function onInput() {
  if (!box.value) return withdraw();
  if (silent() || timer) return;
  const pause = config.preview === "preview" ? EVERY_MS : INDICATOR_EVERY_MS;
  timer = setTimeout(share, Math.max(0, sentAt + pause - Date.now()));
}

function share() {
  timer = 0;
  if (silent() || !box.value) return;
  sentAt = Date.now();
  sentText = config.preview === "preview" ? lastOf(box.value) : "";
  tell(config.preview === "preview" ? { text: sentText } : {});
  showNotice();
}

function lastOf(text) {
  return Array.from(text).slice(-config.preview_chars).join("");
}

/** Take back what the desk sees: the box was emptied, or is private now. */
function withdraw() {
  clearTimeout(timer);
  timer = 0;
  if (sentAt) tell({ text: "" });
  sentAt = 0;
  sentText = "";
  showNotice();
}

function setPrivate(on) {
  privately = on;
  withdraw();
  if (!on) onInput();
  box.focus();
}

/** A message was sent: private writing was for that one. */
export function typingSent() {
  privately = false;
  sentAt = 0;
  sentText = "";
  showNotice();
}

/** The line under the box: who sees what, in plain words. */
export function showNotice() {
  if (config.preview === "off") return;
  const hidden = privately || memory.quiet;
  byId("preview-words").textContent = noticeWords(hidden);
  const button = byId("private");
  button.hidden = memory.quiet;
  button.textContent = words(privately ? "show_again" : "write_privately");
  byId("seen").hidden = hidden || !sentText;
  byId("seen-text").textContent = sentText;
  byId("seen").scrollTop = byId("seen").scrollHeight;
  notice.dataset.hidden = String(hidden);
}

function noticeWords(hidden) {
  if (hidden) return words("unseen");
  const kind = config.preview === "preview" ? "seen" : "indicated";
  if (!hasConversation()) return words(`${kind}_later`);
  return operatorName() ? words(`${kind}_by`, { name: operatorName() }) : words(`${kind}_by_desk`);
}

/** Somebody at the desk writes, or stopped. */
export function showTyping({ author, on }) {
  clearTimeout(goneTimer);
  const line = byId("typing");
  line.textContent = on ? words("is_typing", { name: author.name }) : "";
  if (on) goneTimer = setTimeout(() => (line.textContent = ""), GONE_MS);
}
