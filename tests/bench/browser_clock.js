// Runs in every page and frame of the browser bench before the page's own scripts: notes when things are done and seen.
// Times are milliseconds since 1970, so that pages and frames can be compared.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const roots = [document];
  const bench = (window.bench = { begun: performance.timeOrigin, sent: 0, clicked: 0, seen: 0, button: 0, form: 0 });

  addEventListener("keydown", (event) => { if (event.key === "Enter") bench.sent = now(); }, true);
  addEventListener("click", () => { bench.clicked = now(); }, true);

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    roots.push(root);
    return root;
  };

  /** When `text` appears below `selector`, set bench.seen. */
  bench.watch = (selector, text) => {
    bench.seen = 0;
    const observer = new MutationObserver(look);
    function look() {
      for (const node of document.querySelectorAll(selector)) {
        if (!bench.seen && node.textContent.includes(text)) {
          bench.seen = now();
          observer.disconnect();
        }
      }
    }
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    look();
  };

  const visible = (node) => node && node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible";
  const first = (selector) => roots.map((root) => root.querySelector(selector)).find(visible);

  // Asked once a frame, as a person's eye is; ends when both were seen.
  const tick = () => {
    if (!bench.button && roots.slice(1).some((root) => visible(root.querySelector("button, a")))) bench.button = now();
    if (!bench.form && first("textarea:not(:disabled)")) bench.form = now();
    if (!bench.button || !bench.form) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})();
