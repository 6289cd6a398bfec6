// The preview of a button: the real launcher, told what the form says instead of what is stored, and the real chat page
// in its panel, as it was rendered for this preview. Runs before the launcher.
(() => {
  const { launcher, page } = JSON.parse(document.getElementById('facts').textContent);
  window.fetch = async () => new Response(JSON.stringify(launcher), { headers: { 'Content-Type': 'application/json' } });

  /** The launcher makes its frame on the first click; what the frame would load is put into it. */
  const fill = (root) => {
    const frame = root.querySelector('iframe');
    if (frame && !frame.srcdoc) frame.srcdoc = page;
  };

  addEventListener('load', () => {
    const root = document.querySelector('body > div')?.shadowRoot;
    if (!root) return;
    root.addEventListener('click', () => fill(root));
    const { focus } = HTMLElement.prototype;
    HTMLElement.prototype.focus = () => {}; // whoever types in the form beside it goes on typing there
    root.querySelector('.open').click();
    HTMLElement.prototype.focus = focus;
  });
})();
