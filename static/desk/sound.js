// The sound. Browsers let a page play only after a first click or key, so the first one unlocks it.
import { config } from "./config.js";

const sound = new Audio(config.sound_url);
let soundBox = null;

sound.preload = "none";

function unlock() {
  for (const type of ["pointerdown", "keydown"]) removeEventListener(type, unlock, true);
  sound.preload = "auto";
  sound.load();
}

/** Play it, if the person wants it. @returns {Promise<boolean>} whether the browser let us */
export async function play() {
  if (!soundBox.checked) return false;
  try {
    sound.currentTime = 0;
    await sound.play();
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<string>} the key of the sentence that says how it went */
export async function testSound() {
  if (!soundBox.checked) return "alert.sound_off";
  return (await play()) ? "alert.sound_ok" : "alert.sound_blocked";
}

/** @param {HTMLInputElement} box the switch @param {string} key where the choice is kept */
export function startSound(box, key) {
  soundBox = box;
  box.checked = localStorage.getItem(key) === null;
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(key) : localStorage.setItem(key, "1")));
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, unlock, true);
}
