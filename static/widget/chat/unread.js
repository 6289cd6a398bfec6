// What the visitor has not looked at: counted in the title, and told to the host page's button.
import { config, words } from "./dom.js";
import { tellHost } from "./host.js";

let unread = 0;
let seen = true;
let onSeen = () => undefined;

/** @param {() => void} markRead called whenever the visitor looks at the page */
export function watchAttention(markRead) {
  onSeen = markRead;
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
}

/** In a host page: whether the panel stands open. */
export function setOpen(open) {
  seen = open;
  look();
}

export const looking = () => seen && document.visibilityState === "visible";

function look() {
  if (!looking()) return;
  setUnread(0);
  onSeen();
}

/** An entry by somebody else arrived. */
export function arrived() {
  if (looking()) onSeen();
  else setUnread(unread + 1);
}

function setUnread(count) {
  unread = count;
  document.title = count ? words("title_unread", { n: count, title: config.title }) : config.title;
  tellHost({ unread: count });
}
