// Text of strangers, made safe to look at: what would turn the reading direction around is shown, not obeyed.

const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** The same as chatdesk/visible.py: each control of direction written out, like [U+202E]. */
export function visible(text) {
  return text.replace(DIRECTION, (c) => `[U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

/** `fill("You are number %(n)s.", {n: 3})`: a translated sentence with its blanks filled. */
export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (blank, name) => values[name] ?? blank);
}

/** A size in bytes in the reader's own words, such as "212 kB". */
export function sizeText(bytes) {
  const units = ["byte", "kilobyte", "megabyte"];
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1000 ** step;
  const unitDisplay = step ? "short" : "long";
  const style = { style: "unit", unit: units[step], unitDisplay, maximumFractionDigits: value < 10 && step ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
}

/** The time of day, with the date before it when it is not today. `at` as in the wire's frames. */
export function timeText(at) {
  const moment = new Date(at);
  const today = moment.toDateString() === new Date().toDateString();
  const style = { hour: "numeric", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "short" }) };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(moment);
}
