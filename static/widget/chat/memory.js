// What this browser remembers of the visitor: nothing before the first message, then the token, for coming back.
import { config } from "./dom.js";

const KEY = `chatdesk.${config.button}`;
const QUIET = `${KEY}.quiet`;
const OPEN = `${KEY}.open`;

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Where a browser forbids storage, the page itself remembers for as long as it is open.
  }
}

export const memory = {
  token: read(KEY),
  quiet: read(QUIET) === "1",
  open: false,

  /** Called with the first answer that carries a token: from here on there is a conversation to come back to. */
  keepToken(token) {
    this.token = token;
    store(KEY, token);
    store(QUIET, this.quiet ? "1" : "");
    store(OPEN, this.open ? "1" : "");
  },

  forget() {
    this.token = null;
    store(KEY, "");
    store(OPEN, "");
  },

  /** For invitations: nobody with an open chat is invited to one. Stored beside a token, which may come later. */
  setOpen(open) {
    this.open = open;
    if (this.token) store(OPEN, open ? "1" : "");
  },

  /** Another tab of this browser began a conversation: this one joins it. */
  onToken(join) {
    addEventListener("storage", (event) => {
      if (event.key !== KEY || !event.newValue || event.newValue === this.token) return;
      this.token = event.newValue;
      join();
    });
  },

  /** Never show what is being typed. Stored once there is a conversation. */
  setQuiet(quiet) {
    this.quiet = quiet;
    if (this.token) store(QUIET, quiet ? "1" : "");
  },

  /** Who asks, for requests that are not the socket's. */
  headers() {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  },
};
