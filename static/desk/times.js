// Moments in the reader's own clock and language.
import { words } from "./config.js";
import { timeText } from "../shared/text.js";

const MINUTE = 60;
const HOUR = 3600;
const ANSWER_WITHIN = 40; // seconds; then a chat of one's own is marked as unanswered

/** A stretch of time as people say it at a glance: 48 s, 3 min, 2 h. */
function spanText(seconds) {
  if (seconds < MINUTE) return words("time.seconds", { n: Math.max(0, Math.floor(seconds)) });
  if (seconds < HOUR) return words("time.minutes", { n: Math.floor(seconds / MINUTE) });
  return words("time.hours", { n: Math.floor(seconds / HOUR) });
}

function secondsSince(moment) {
  return (Date.now() - Date.parse(moment)) / 1000;
}

function agoText(moment) {
  const seconds = secondsSince(moment);
  if (seconds < MINUTE) return words("time.now");
  return seconds < HOUR ? spanText(seconds) : timeText(moment);
}

function fullText(moment) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(moment));
}

/** The day of a moment, as a line between the messages of two days says it. */
export function dayText(moment) {
  const day = new Date(moment).toDateString();
  if (day === new Date().toDateString()) return words("day.today");
  if (day === new Date(Date.now() - 24 * HOUR * 1000).toDateString()) return words("day.yesterday");
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full" }).format(new Date(moment));
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Write the moments below `root` anew. Waits and ages change as time goes by; call it again. */
export function tick(root) {
  for (const node of root.querySelectorAll("time[data-waits]")) {
    put(node, words("row.waits", { time: spanText(secondsSince(node.dateTime)) }));
  }
  for (const node of root.querySelectorAll("time[data-ago]")) {
    const late = secondsSince(node.dataset.unanswered) >= ANSWER_WITHIN;
    node.classList.toggle("wait", late);
    put(node, late ? words("row.unanswered", { time: spanText(secondsSince(node.dataset.unanswered)) }) : agoText(node.dateTime));
  }
}

/** Write the moments below `root` that stay as they are. */
export function localTimes(root) {
  tick(root);
  for (const node of root.querySelectorAll("time[data-full]")) put(node, fullText(node.dateTime));
  for (const node of root.querySelectorAll(":is(.entry, .note) time[datetime]")) put(node, timeText(node.dateTime));
  for (const node of root.querySelectorAll("[data-seconds]")) put(node, spanText(Number(node.dataset.seconds)));
  for (const node of root.querySelectorAll("time[data-day]")) put(node, shortDay(node.dateTime));
}

function shortDay(moment) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" }).format(new Date(moment));
}
