// Which conversation stands open in the panel.

/**
 * @typedef {{ref: string, label: string, node: HTMLElement, order: import("../shared/order.js").Order,
 *   notes: number, resume: (after: number) => Promise<{last_seq: number}>}} Shown
 */

/** @type {Shown | null} */
let current = null;

export function shown() {
  return current;
}

/** @param {Shown | null} conversation */
export function setShown(conversation) {
  current = conversation;
}

/** The open conversation's reference, or nothing. */
export function openRef() {
  return current?.ref ?? "";
}
