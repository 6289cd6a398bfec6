// What the server told this page: who sits here, the addresses, the limits and the words.
import { fill } from "../shared/text.js";

export const config = JSON.parse(document.getElementById("desk-config").textContent);

/** A sentence of this page in the reader's language, with its blanks filled. */
export function words(key, values = {}) {
  return fill(config.texts[key] ?? key, values);
}

export function conversationUrl(ref) {
  return config.conversation_url.replace("REF", encodeURIComponent(ref));
}

export function listUrl(tab) {
  return config.list_url.replace("TAB", tab);
}

/** A name in the browser's storage that no other person's session in this tab reads. */
export function storageKey(...parts) {
  return ["desk", config.user, ...parts].join(".");
}

/** What a refusal says to people; a line that broke has its own words. */
export function refusalText({ detail }) {
  return detail || words("line.down");
}

export function byId(id) {
  return document.getElementById(id);
}
