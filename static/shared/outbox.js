// What was written and not yet acknowledged. It goes out in order, one at a time, with the same client id each time,
// and survives a reload of the page in sessionStorage until the server has it.

const LATE_MS = 8_000;

/** @typedef {{client_id: string, body: string, state: "sending"|"late"|"failed", reason: string}} Item */

/** 128 bits of chance; works on plain http too, where crypto.randomUUID does not. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  /**
   * @param {string} key the name in sessionStorage
   * @param {(item: Item) => Promise<object>} post sends one item; rejects with Refused
   * @param {(item: Item, answer: object|null) => void} show called at each change; with the answer when it is stored
   */
  constructor(key, post, show) {
    this.key = key;
    this.post = post;
    this.show = show;
    /** @type {Item[]} */
    this.items = this.kept();
    this.busy = false;
    this.tries = 0;
  }

  kept() {
    try {
      const items = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
      return items.map((item) => ({ ...item, state: item.state === "failed" ? "failed" : "sending" }));
    } catch {
      return [];
    }
  }

  keep() {
    try {
      if (this.items.length) sessionStorage.setItem(this.key, JSON.stringify(this.items));
      else sessionStorage.removeItem(this.key);
    } catch {
      // Storage may be full or forbidden: the page itself still holds the text.
    }
  }

  /** Put a text in; it is shown and sent as soon as the line allows. Extra fields travel with the item. */
  add(body, extra = {}) {
    const item = { client_id: newId(), body, state: "sending", reason: "", ...extra };
    this.items.push(item);
    this.keep();
    this.show(item, null);
    this.watch(item);
    this.flush();
    return item;
  }

  /** Send what is waiting. Call it when the line is up. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    for (let item = this.next(); item; item = this.next()) {
      if (!(await this.attempt(item))) break;
    }
    this.busy = false;
  }

  /** Try a failed item again, with the same client id. */
  retry(clientId) {
    const item = this.items.find((one) => one.client_id === clientId);
    if (!item) return;
    this.change(item, "sending");
    this.watch(item);
    this.flush();
  }

  /** The server has it, whichever way we heard: the answer, or its own entry coming back. */
  acknowledge(clientId, answer) {
    const item = this.items.find((one) => one.client_id === clientId);
    if (!item) return;
    this.items = this.items.filter((one) => one !== item);
    this.keep();
    this.show(item, answer);
  }

  /** Take an item back, for its text to be edited or thrown away. */
  remove(clientId) {
    this.items = this.items.filter((one) => one.client_id !== clientId);
    this.keep();
  }

  next() {
    return this.items.find((item) => item.state !== "failed");
  }

  /** @returns {Promise<boolean>} whether to go on with the next one */
  async attempt(item) {
    try {
      const answer = await this.post(item);
      this.tries = 0;
      this.acknowledge(item.client_id, answer);
      return true;
    } catch (refused) {
      if (!refused.retry) this.change(item, "failed", refused.detail || refused.message);
      else if (refused.code !== "line.down") setTimeout(() => this.flush(), 1000 * 2 ** Math.min(this.tries++, 4));
      return !refused.retry;
    }
  }

  watch(item) {
    setTimeout(() => this.items.includes(item) && item.state === "sending" && this.change(item, "late"), LATE_MS);
  }

  change(item, state, reason = "") {
    item.state = state;
    item.reason = reason;
    this.keep();
    this.show(item, null);
  }
}
