// When the desk opens, as a visitor says it: in their own zone, rounded up, and vaguer the farther away.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ROUND = 5; // minutes
const SOON = 55; // minutes, above which hours are told
const NEAR = 4; // hours, from which on it is later today
const SAME_WEEK = 6; // days, beyond which a weekday alone would mislead

/** The browser's own kind of the page's language: en-GB for en, with its clock of 24 hours. */
const ownVariant = (language) => navigator.languages.find((one) => one.startsWith(language)) ?? language;

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** How many midnights lie between the two, whatever the clocks were put forward or back. */
const daysBetween = (now, then) => Math.round((startOfDay(then) - startOfDay(now)) / DAY);

/**
 * @param {string} iso when it opens
 * @param {(name: string, values?: object) => string} words
 */
export function openingWords(iso, words, now = new Date(), language = ownVariant(document.documentElement.lang)) {
  const then = new Date(iso);
  const minutes = Math.max(ROUND, Math.ceil((then - now) / MINUTE / ROUND) * ROUND);
  if (minutes <= SOON) return words("opens_minutes", { n: minutes });
  const hours = Math.ceil((then - now) / HOUR);
  if (hours === 1) return words("opens_hour");
  if (hours < NEAR) return words("opens_hours", { n: hours });
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(then);
  const days = daysBetween(now, then);
  if (days === 0) return words("opens_later", { time });
  if (days === 1) return words("opens_tomorrow", { time });
  const date = days > SAME_WEEK ? { day: "numeric", month: "long" } : {};
  const day = new Intl.DateTimeFormat(language, { weekday: "long", ...date }).format(then);
  return words("opens_day", { day, time });
}
