// What link.js needs of the browser and of errors.

/** A command that changed nothing. `code` is stable for programs, `detail` is a sentence for people. */
export class Refused extends Error {
  constructor(code, detail, retry) {
    super(detail || code);
    this.code = code;
    this.detail = detail;
    this.retry = retry;
  }
}

/** Call `up` when the browser or its network wakes, `down` when the network is known to be gone. */
export function wake(up, down) {
  addEventListener("online", up);
  addEventListener("offline", down);
  addEventListener("pageshow", up);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && up());
}
