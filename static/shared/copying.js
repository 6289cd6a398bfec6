// Buttons that copy a text of the page: `data-copy` names the element, `data-copied` what the button says then.

/** @param {Event} event a click anywhere */
export async function copyOnClick(event) {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  const text = from.value ?? from.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(from);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 3000);
}
