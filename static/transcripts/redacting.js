// Redacting what is selected in the reading view. Without this the form beside each entry does the same.

const dialog = document.getElementById("redact-dialog");
const form = dialog.querySelector("form");
const button = document.getElementById("redact-button").content.firstElementChild;
let chosen = null;

/** Places are counted in characters as PostgreSQL and Python count them, not in halves of pairs. */
const length = (text) => [...text].length;

/** The selection, if it lies within the text of one entry: that text, the words, and where they begin and end. */
function selected() {
  const selection = document.getSelection();
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const text = (holder instanceof Element ? holder : holder.parentElement).closest("[data-redact]");
  if (!text) return null;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = length(before.toString());
  const words = range.toString();
  return words.trim() ? { text, words, start, end: start + length(words) } : null;
}

function follow() {
  if (dialog.open || document.activeElement === button) return;
  chosen = selected();
  if (!chosen) button.remove();
  else if (chosen.text.nextElementSibling !== button) chosen.text.after(button);
}

function ask() {
  if (!chosen) return;
  form.action = chosen.text.dataset.redact;
  form.elements.words.value = chosen.words;
  form.elements.start.value = chosen.start;
  form.elements.end.value = chosen.end;
  dialog.querySelector(".selected bdi").textContent = chosen.words;
  dialog.showModal();
}

document.addEventListener("selectionchange", follow);
button.addEventListener("click", ask);
form.querySelector("[value=close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  document.getSelection().removeAllRanges();
  button.remove();
});

// What a box says on hover can be sent away with Escape, and comes back with the next box.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.add("no-tips");
});
for (const name of ["focusin", "pointerover"]) {
  document.addEventListener(name, (event) => {
    if (event.target.closest?.(".covered")) document.body.classList.remove("no-tips");
  });
}
