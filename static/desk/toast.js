// A short sentence about what just happened or did not, for eyes and screen readers alike.
import { byId } from "./config.js";
import { hear } from "./signals.js";

const STAYS_MS = 8_000;

let toastTimer = 0;

function toast(text) {
  byId("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (byId("toast").textContent = ""), STAYS_MS);
}

export function startToast() {
  hear("toast", toast);
  byId("toast").addEventListener("click", () => toast(""));
}
