// Files of the conversation are served to those who may see it: the token goes in a header, never in an address.
import { complain } from "./composer.js";
import { byId, words } from "./dom.js";
import { memory } from "./memory.js";

async function fetched(url) {
  const response = await fetch(url, { headers: memory.headers() });
  if (!response.ok) throw new Error(String(response.status));
  return URL.createObjectURL(await response.blob());
}

/** Give an image of the log its picture. One that can't be had leaves its name to be seen. */
export async function loadImage(image, file) {
  try {
    image.src = await fetched(file.url);
  } catch {
    image.remove();
  }
}

/** A click on a file saves it under its own name. */
export function saveOnClick() {
  byId("entries").addEventListener("click", (event) => {
    const link = event.target.closest("a.file-link");
    if (!link || !memory.token || link.href.startsWith("blob:")) return;
    event.preventDefault();
    saveAs(link.href, link.querySelector(".file-name").textContent);
  });
}

async function saveAs(url, name) {
  const anchor = document.createElement("a");
  try {
    anchor.href = await fetched(url);
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
  } catch {
    complain(words("file_unreachable"));
  }
}

/** A click on a form of the transcript saves the conversation in that form. */
export function saveCopies() {
  addEventListener("click", (event) => {
    const link = event.target.closest("a[data-save]");
    if (!link || !memory.token) return;
    event.preventDefault();
    saveAs(link.href, `chat.${link.dataset.save}`);
  });
}
