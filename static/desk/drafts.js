// What was written and not sent, for each conversation, kept in this tab over reloads and signing in again.
import { storageKey } from "./config.js";

/**
 * `began`: the newest entry when the writing began; `kind`: what it is written as, so that a note stays a note
 * @typedef {{text: string, began: number, kind: string}} Draft
 */

const EMPTY = { text: "", began: 0, kind: "message" };

/** @returns {Draft} */
export function draftOf(ref) {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey("draft", ref))) ?? EMPTY;
  } catch {
    return EMPTY;
  }
}

/** @param {Draft} draft */
export function keepDraft(ref, draft) {
  try {
    if (draft.text) sessionStorage.setItem(storageKey("draft", ref), JSON.stringify(draft));
    else sessionStorage.removeItem(storageKey("draft", ref));
  } catch {
    // Storage may be full or forbidden: the box itself still holds the text.
  }
}

/** Leave nothing behind for who signs in next. */
export function forgetDrafts() {
  const mine = storageKey("");
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(mine)) sessionStorage.removeItem(key);
}
