// Keeps the entries of one conversation in order: each number once, none left out.

const HOLD_MS = 200;
const HELD_MOST = 500;

export class Order {
  /**
   * @param {number} last the newest number already shown
   * @param {(entry: object) => void} apply shows the next entry
   * @param {(after: number) => Promise<unknown>} resume asks the server for what comes after a number
   */
  constructor(last, apply, resume) {
    this.last = last;
    this.apply = apply;
    this.resume = resume;
    this.held = new Map();
    this.wanted = last;
    this.asking = false;
    this.timer = 0;
  }

  /** An entry.posted, in whatever order it came. */
  take(entry) {
    if (entry.seq <= this.last) return;
    if (this.held.size < HELD_MOST) this.held.set(entry.seq, entry);
    this.release();
    if (this.held.size) this.askSoon();
  }

  /** The server's newest number: asks for what is missing. */
  head(seq) {
    this.wanted = Math.max(this.wanted, seq);
    if (seq > this.last) this.askSoon();
  }

  /** Begin anew after number `last`. */
  reset(last) {
    this.last = last;
    this.wanted = last;
    this.held.clear();
  }

  release() {
    for (let next = this.held.get(this.last + 1); next; next = this.held.get(this.last + 1)) {
      this.held.delete(next.seq);
      this.last = next.seq;
      this.apply(next);
    }
    for (const seq of this.held.keys()) if (seq <= this.last) this.held.delete(seq);
  }

  askSoon() {
    if (this.timer || this.asking) return;
    this.timer = setTimeout(() => this.ask(), HOLD_MS);
  }

  /** Fetch at once what comes after the newest entry shown. */
  async ask() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.asking || !this.missing()) return;
    this.asking = true;
    const before = this.last;
    try {
      await this.resume(this.last);
    } catch {
      // The line broke: the next hello begins with what is missing.
    }
    this.asking = false;
    if (this.missing() && this.last > before) this.askSoon();
  }

  missing() {
    return this.held.size > 0 || this.wanted > this.last;
  }
}
