// The websocket client of both sides: one hello, numbered commands with one answer each, events, and a line that
// comes back by itself. It knows nothing of conversations; see order.js and outbox.js for those.
import { Refused, wake } from "./line.js";

const SILENCE_MS = 40_000;
const ANSWER_MS = 10_000;
const HELLO_MS = 15_000;
const STABLE_MS = 60_000;
const REFUSED = [4401, 4403, 4440, 4441, 4460];
const SLOW_DOWN = new Map([[4400, 5_000], [4413, 5_000], [4429, 5_000]]);

/**
 * @typedef {{state: "connecting"|"up"|"down"|"stopped", code: number}} LineState
 * `connecting`: the first attempt; `down`: lost, and tried again by itself; `stopped`: the server will not have us, see code.
 */

export class Link {
  /**
   * @param {string} path the socket's path, such as /ws/visitor/
   * @param {() => Record<string, unknown>} hello the fields of `hello`, asked for anew at each connection
   * @param {number[]} [fatal] the close codes after which trying again is no use
   */
  constructor(path, hello, fatal = REFUSED) {
    this.url = location.origin.replace(/^http/, "ws") + path;
    this.hello = hello;
    this.fatal = fatal;
    this.listeners = new Map();
    this.waiting = new Map();
    this.socket = null;
    this.number = 0;
    this.tries = 0;
    this.pause = 0;
    this.heardAt = 0;
    this.upAt = 0;
    /** @type {LineState} */
    this.line = { state: "connecting", code: 0 };
    this.timer = 0;
  }

  /**
   * Hear events by their type; besides those of the wire: `line` (LineState), `ready` (the answer to hello),
   * `refused` (a Refused, the answer to hello). Returns the link.
   */
  on(type, listener) {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    return this;
  }

  /** Connect, and stay connected. */
  open() {
    wake(() => this.wake(), () => this.drop());
    setInterval(() => this.watch(), 5_000);
    this.connect();
  }

  /** Try at once, if the line is down; look at the line, if it has been silent for long. */
  wake() {
    if (this.line.state === "stopped") return;
    if (this.socket) this.watch();
    else this.connect();
  }

  /**
   * Send a command. @returns {Promise<Record<string, any>>} the ok frame; rejects with Refused, whose `retry` says
   * whether the same command may be sent again (always so when the line broke first).
   */
  send(type, fields = {}) {
    if (this.line.state !== "up") return Promise.reject(new Refused("line.down", "", true));
    return this.command(type, fields, ANSWER_MS);
  }

  /** Send what nobody waits for, such as typing; nothing happens while the line is down. */
  tell(type, fields = {}) {
    if (this.line.state === "up") this.command(type, fields, ANSWER_MS).catch(() => undefined);
  }

  /** Give up the line, until `restart`. */
  stop(code = 1000) {
    this.fall(code, true);
  }

  /** Connect anew with another hello, after `stop` or a refusal. */
  restart() {
    this.stop();
    this.setLine("connecting", 0);
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    if (this.socket) return;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => this.greet(socket);
    socket.onmessage = (message) => socket === this.socket && this.hear(JSON.parse(message.data));
    socket.onclose = (closed) => socket === this.socket && this.fall(closed.code, this.fatal.includes(closed.code));
    this.timer = setTimeout(() => socket.readyState === WebSocket.CONNECTING && this.drop(), ANSWER_MS);
  }

  async greet(socket) {
    clearTimeout(this.timer);
    try {
      const answer = await this.command("hello", { v: 1, ...this.hello() }, HELLO_MS);
      this.upAt = Date.now();
      this.setLine("up", 0);
      this.emit("ready", answer);
    } catch (refused) {
      if (socket !== this.socket) return;
      this.fall(0, !refused.retry);
      this.emit("refused", refused);
    }
  }

  command(type, fields, patience) {
    // A socket that the desk has begun to close still looks up, and would complain.
    if (this.socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Refused("line.down", "", true));
    const id = String(++this.number);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.drop(), patience);
      this.waiting.set(id, { resolve, reject, timer });
      this.socket.send(JSON.stringify({ type, id, ...fields }));
    });
  }

  hear(frame) {
    this.heardAt = Date.now();
    if (frame.type === "ok" || frame.type === "error") this.settle(frame);
    else if (frame.type === "bye") this.pause = frame.after_ms;
    this.emit(frame.type, frame);
  }

  settle(frame) {
    const waiting = this.waiting.get(frame.id);
    if (!waiting) return;
    this.waiting.delete(frame.id);
    clearTimeout(waiting.timer);
    if (frame.type === "ok") waiting.resolve(frame);
    else waiting.reject(new Refused(frame.code, frame.detail, frame.retry));
  }

  watch() {
    if (this.socket && Date.now() - this.heardAt > SILENCE_MS) this.drop();
  }

  /** The line is as good as dead: let go of it and begin anew. */
  drop() {
    if (this.socket) this.fall(1006, false);
  }

  fall(code, forGood) {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.timer);
    socket?.close();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Refused("line.down", "", true));
    }
    this.waiting.clear();
    this.setLine(forGood ? "stopped" : "down", code);
    if (!forGood) this.timer = setTimeout(() => this.connect(), this.backOff(code));
  }

  /** Full jitter below 0.5 s * 2^n, at most 30 s; what a `bye` or a limit asked for comes on top. */
  backOff(code) {
    if (this.upAt && Date.now() - this.upAt > STABLE_MS) this.tries = 0;
    this.upAt = 0;
    const ceiling = Math.min(30_000, 500 * 2 ** this.tries++);
    const pause = Math.max(this.pause, SLOW_DOWN.get(code) ?? 0);
    this.pause = 0;
    return pause + Math.random() * ceiling;
  }

  setLine(state, code) {
    const changed = state !== this.line.state;
    this.line = { state, code };
    if (changed) this.emit("line", this.line);
  }

  emit(type, event) {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }
}
