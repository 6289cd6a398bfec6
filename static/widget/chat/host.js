// When the page stands in a panel of some web page: what the two tell each other, each sure of whom it talks to.
import { config } from "./dom.js";

let host = "";

/** @param {(open: boolean) => void} onOpen called when the panel is opened or closed */
export function watchHost(onOpen) {
  if (window.parent === window) return;
  addEventListener("message", (event) => {
    if (event.source !== window.parent || !allowed(event.origin) || event.data?.chatdesk === undefined) return;
    host = event.origin;
    if (typeof event.data.open === "boolean") onOpen(event.data.open);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) tellHost({ close: true });
  });
}

/** Post to the host page, once it has shown itself to be one of the button's sites. */
export function tellHost(message) {
  if (host) window.parent.postMessage({ chatdesk: config.button, ...message }, host);
}

function allowed(origin) {
  return origin === location.origin || config.sites.some((site) => fits(origin, site));
}

/** Sites are written as in a Content-Security-Policy: https://*.example.com, http://localhost:* */
function fits(origin, site) {
  const pattern = site.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace("//\\*\\.", "//[a-z0-9.-]+\\.").replace(":\\*", "(:\\d+)?");
  return new RegExp(`^${pattern}$`, "i").test(origin);
}
