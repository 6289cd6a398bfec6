// Before a reply goes out: what others said since its writer began, so that nobody answers past them.
import { byId, config, words } from "./config.js";
import { slot } from "../shared/entry.js";

const LISTED = 3;

function arrivals(began) {
  const said = byId("entries").querySelectorAll(".entry[data-seq]:is(.entry-message, .entry-file)");
  return [...said].filter((node) => Number(node.dataset.seq) > began && node.dataset.author !== String(config.user));
}

/**
 * Show what arrived after entry `began`, and ask.
 * @returns {boolean} whether there was anything to ask about
 */
export function askFirst(began) {
  const news = arrivals(began);
  if (!news.length) return false;
  byId("guard-head").textContent = words(news.length > 1 ? "guard.many" : "guard.one", { n: news.length });
  const lines = news.slice(-LISTED).map(line);
  if (news.length > LISTED) lines.unshift(item(words("guard.more", { n: news.length - LISTED })));
  byId("guard-list").replaceChildren(...lines);
  byId("guard").hidden = false;
  byId("guard-edit").focus();
  return true;
}

function line(node) {
  const name = slot(node, "author").textContent.trim();
  const said = (slot(node, "body") ?? slot(node, "file-name")).textContent;
  return item(name ? `${name}: ${said}` : said);
}

function item(text) {
  const node = document.createElement("li");
  node.dir = "auto";
  node.textContent = text;
  return node;
}

export function guardIsUp() {
  return byId("guard") !== null && !byId("guard").hidden;
}

export function lowerGuard() {
  byId("guard").hidden = true;
}
