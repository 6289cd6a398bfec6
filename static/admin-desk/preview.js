// The preview of a button on its settings page: shown anew whenever the form changes, and the snippet to copy.
const PAUSE_MS = 500;

let made = 0;

/**
 * A frame's first page leaves nothing in the browser's history, so each preview gets a frame of its own. One that comes
 * takes away those before it alone: a newer one may be on its way already.
 */
function renew(stage, show) {
  const next = stage.querySelector('iframe').cloneNode();
  next.name = show.formTarget = `button-preview-${++made}`;
  next.classList.add('coming');
  stage.append(next);
  next.addEventListener('load', () => {
    while (stage.querySelector('iframe') !== next) stage.querySelector('iframe').remove();
    next.classList.remove('coming');
  });
}

/** @param {HTMLElement} preview */
function watchForm(preview) {
  const stage = preview.querySelector('.preview-stage');
  const show = preview.querySelector('[data-show]');
  const { form } = show;
  let timer;
  const refresh = () => {
    renew(stage, show);
    form.requestSubmit(show);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  };
  show.addEventListener('click', () => renew(stage, show));
  for (const kind of ['input', 'change']) form.addEventListener(kind, soon);
  show.classList.add('by-itself');
  refresh();
}

/** @param {HTMLElement} preview */
function chooseWidth(preview) {
  const stage = preview.querySelector('.preview-stage');
  const choices = preview.querySelectorAll('[data-width]');
  for (const choice of choices) {
    choice.addEventListener('click', () => {
      for (const other of choices) other.setAttribute('aria-pressed', String(other === choice));
      stage.classList.toggle('phone', choice.dataset.width === 'phone');
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
    watchForm(preview);
  }
  for (const button of document.querySelectorAll('[data-copy]')) {
    const told = button.parentElement.querySelector('[data-copied]');
    button.addEventListener('click', () => copy(document.getElementById(button.dataset.copy), told));
  }
});
