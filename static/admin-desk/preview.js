// The preview of a button on its settings page: width of the frame, and the snippet to copy.

/** @param {HTMLElement} preview */
function chooseWidth(preview) {
  const frame = preview.querySelector('iframe');
  const choices = preview.querySelectorAll('[data-width]');
  for (const choice of choices) {
    choice.addEventListener('click', () => {
      for (const other of choices) other.setAttribute('aria-pressed', String(other === choice));
      frame?.classList.toggle('phone', choice.dataset.width === 'phone');
    });
  }
}

/** @param {HTMLTextAreaElement} source @param {HTMLElement} told */
async function copy(source, told) {
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
    told.textContent = told.dataset.words;
  } catch {
    told.textContent = told.dataset.refused; // no clipboard on plain http: the text is selected
  }
}

document.addEventListener('DOMContentLoaded', () => {
  for (const preview of document.querySelectorAll('[data-preview]')) {
    chooseWidth(preview);
    const button = preview.querySelector('[data-copy]');
    const source = document.getElementById(button.dataset.copy);
    const told = preview.querySelector('[data-copied]');
    button.addEventListener('click', () => copy(source, told));
  }
});
