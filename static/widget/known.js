// In a frame of a web page that is about to invite: whether this browser wrote through the button before, and whether
// that chat is still open. It answers whoever may frame it, which the policy of its page decides, and stores nothing.
const name = document.body.dataset.button;
const KEY = `chatdesk.${name}`;

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

addEventListener("message", (event) => {
  if (event.source !== window.parent || event.data?.chatdesk !== name || !event.data.ask) return;
  event.source.postMessage({ chatdesk: name, known: Boolean(read(KEY)), open: read(`${KEY}.open`) === "1" }, event.origin);
});
