// What the desk's own parts tell each other; what the server says comes over live.js.

const signals = new EventTarget();

/**
 * Hear `opened` (a conversation stands in the panel), `framed` (its head is new), `shown` (an entry was added), `unread`
 * (marks changed), `missed` (something went past this page), `noted` (a note was added), `offer` (somebody asks this
 * person into a chat), `kind` (the box writes another kind), `use` and `edit` (a text goes into the box), `queue-grew`,
 * `typing`, `given`, `kept` and `lost` (a chat), `open` and `toast`.
 */
export function hear(type, listener) {
  signals.addEventListener(type, (event) => listener(event.detail));
}

export function signal(type, detail) {
  signals.dispatchEvent(new CustomEvent(type, { detail }));
}
