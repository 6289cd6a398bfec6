// The page's parts, what the server told it, and its words.
import { fill } from "../../shared/text.js";

export const byId = (id) => document.getElementById(id);

/** See chatdesk/views/visitor_config.py. */
export const config = JSON.parse(byId("config").textContent);

/** A sentence of the server's catalogue, with its blanks filled. */
export function words(name, values = {}) {
  return fill(config.texts[name] ?? name, values);
}

/** The page's one state, said to the style sheet too: new, waiting, active or closed. */
export function setState(state) {
  document.body.dataset.state = state;
}

/** Text between two marks, as nodes: `say("You are <3rd>.")` puts "3rd" in bold, and never reads markup. */
export function say(element, sentence) {
  element.replaceChildren(
    ...sentence.split(/[‹›]/).map((part, n) => (n % 2 ? bold(part) : document.createTextNode(part))),
  );
}

function bold(text) {
  const node = document.createElement("b");
  node.textContent = text;
  return node;
}
