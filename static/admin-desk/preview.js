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

/** White or black, whichever can be read better on `#rrggbb` (WCAG 2.2, relative luminance). @param {string} colour */
function inkOn(colour) {
  const part = (at) => parseInt(colour.slice(at, at + 2), 16) / 255;
  const linear = [1, 3, 5].map(part).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? '#fff' : '#000';
}

/** Shows the button with the label and colour that stand in the form. @param {HTMLElement} launcher */
function followForm(launcher) {
  const label = document.getElementById('id_label');
  const colour = document.getElementById('id_colour');
  const show = () => {
    launcher.textContent = label?.value ?? launcher.textContent;
    const now = colour?.value ?? launcher.dataset.colour;
    launcher.style.backgroundColor = now;
    launcher.style.color = inkOn(now);
  };
  for (const field of [label, colour]) field?.addEventListener('input', show);
  show();
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
    followForm(preview.querySelector('[data-launcher]'));
    const button = preview.querySelector('[data-copy]');
    const source = document.getElementById(button.dataset.copy);
    const told = preview.querySelector('[data-copied]');
    button.addEventListener('click', () => copy(source, told));
  }
});
