// The visitor's page: joins its parts.
import { Link } from "../../shared/link.js";
import { timeText } from "../../shared/text.js";
import { showLine, watchBanner } from "./banner.js";
import { showChoice, watchChoice } from "./choice.js";
import { showClosed, watchOpening } from "./closed.js";
import { complain, focusBox, limits, onSend, setText, text } from "./composer.js";
import { byId, config, setState } from "./dom.js";
import { saveCopies, saveOnClick } from "./download.js";
import { dropQuestion, watchEnding } from "./ending.js";
import { runUploads, watchFiles } from "./files.js";
import { showButton, showTalk } from "./head.js";
import { watchHost } from "./host.js";
import { setBusy, setMarks, takeAwayFailedFiles, toEnd, watchSize } from "./log.js";
import { memory } from "./memory.js";
import { watchParts } from "./parts.js";
import { canComeBack, forgetEntries, hello, onTakeBack, order, outbox, owns, showKept, takeBackFailed, talk, useLink, write } from "./talk.js";
import { showNotice, showTyping, typingSent, watchTyping } from "./typing.js";
import { looking, setOpen, watchAttention } from "./unread.js";
import { showWaiting } from "./waits.js";

const link = new Link("/ws/visitor/", hello, [4403, 4460]);
let readUpTo = 0;
let ending = false;

function onReady(answer) {
  if (talk.epoch && talk.epoch !== answer.epoch) forgetEntries();
  talk.epoch = answer.epoch;
  Object.assign(limits, answer.limits);
  showButton(answer);
  if (answer.conversation) resume(answer);
  else if (talk.ref || memory.token) startAnew();
  if (ending) end();
  if (talk.state !== "closed") outbox.flush();
  runUploads();
  showNotice();
  setTimeout(() => setBusy(false), 500);
}

function resume(answer) {
  if (owns(answer.conversation)) order.head(answer.last_seq);
}

function onRefused(refused) {
  if (!memory.token || refused.code !== "auth.denied") return;
  memory.forget();
  startAnew();
  link.restart();
}

/** The server knows nothing of the conversation that stood here: what was not sent goes with a new one. */
function startAnew() {
  forgetEntries();
  talk.ref = null;
  enter(null);
}

/** Show where the conversation stands; `event` is a conversation.state, or null while there is none. */
function enter(event) {
  const ends = talk.state && talk.state !== "closed" && event?.state === "closed";
  talk.state = event?.state ?? null;
  setState(talk.state ?? "new");
  memory.setOpen(["waiting", "active", "message"].includes(talk.state));
  showWaiting(["waiting", "message"].includes(event?.state) ? event : null);
  showChoice(event);
  showTalk(event);
  showNotice();
  if (!ends) return;
  dropQuestion();
  byId("again").focus();
}

function onState(event) {
  if (owns(event.conversation)) enter(event);
}

function markRead() {
  if (!talk.ref || order.last <= readUpTo || !looking()) return;
  readUpTo = order.last;
  link.tell("entry.read", { seq: readUpTo });
}

function send(message) {
  if (talk.state === "closed" && !talk.starting) return false;
  if (!write(message)) return false;
  typingSent();
  if (!talk.ref) setState("waiting");
  return true;
}

const hasBegun = () => Boolean(talk.ref) && !talk.starting && canComeBack();

/** A file before the first message: the text typed so far, or the file's name, begins the conversation. */
function ensureBegun(names) {
  if (hasBegun()) return Promise.resolve(true);
  const item = outbox.items.find((one) => one.state !== "failed") ?? beginWith(names);
  if (!item) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (item.state !== "failed" && outbox.items.includes(item)) return;
      clearInterval(timer);
      resolve(item.state !== "failed");
    }, 50);
  });
}

function beginWith(names) {
  if (!text().trim()) setText(names.join(", "));
  const item = write(text());
  if (!item) return null;
  setText("");
  typingSent();
  setState("waiting");
  return item;
}

/** The visitor confirmed the end: it is said again after a break, until the desk has heard it. */
async function end() {
  ending = true;
  try {
    await link.send("conversation.close");
    ending = false;
  } catch (refused) {
    ending = refused.code === "line.down";
    if (!ending) complain(refused.detail);
  }
}

function again() {
  talk.starting = true;
  takeBackFailed();
  takeAwayFailedFiles();
  forgetEntries();
  enter(null);
  focusBox();
  link.restart();
}

function tryLine() {
  if (link.line.state === "stopped") location.reload();
  else link.wake();
}

function localTimes() {
  for (const time of document.querySelectorAll("#entries time")) time.textContent = timeText(time.dateTime);
}

link
  .on("line", showLine)
  .on("ready", onReady)
  .on("refused", onRefused)
  .on("entry.posted", (entry) => owns(entry.conversation) && order.take(entry))
  .on("conversation.state", onState)
  .on("entry.read", (mark) => mark.reader === "operator" && setMarks(mark.delivered, mark.seq))
  .on("heads", ({ heads }) => talk.ref in heads && order.head(heads[talk.ref]))
  .on("typing", showTyping)
  .on("button.state", showButton);
/** A preview shows the page, and talks to nobody. */
function stayStill() {
  setBusy(false);
  addEventListener("submit", (event) => event.preventDefault());
}

function live() {
  useLink(link);
  watchBanner(tryLine);
  watchChoice((fields) => link.send("conversation.choose", fields), focusBox);
  watchSize();
  watchEnding(end, again);
  watchFiles(ensureBegun, hasBegun);
  watchTyping((fields) => link.tell("typing", fields), () => Boolean(talk.ref) && !talk.starting && talk.state !== "closed");
  watchAttention(markRead);
  watchHost((open) => {
    setOpen(open);
    if (open) focusBox();
  });
  onSend(send);
  onTakeBack((body) => setText([text(), body].filter(Boolean).join("\n")));
  memory.onToken(() => link.restart());
  saveOnClick();
saveCopies();
  watchParts();
  localTimes();
  showKept();
  setBusy(Boolean(memory.token));
  if (memory.token && !talk.ref) setState("returning");
  if (talk.ref || outbox.items.length) toEnd();
  link.open();
}

showClosed(config);
watchOpening();
if (config.still) stayStill();
else live();
