// An offer to chat, loaded only where a button has rules for it. The page alone decides, and keeps nothing in the browser
// until the visitor has done something; then one mark for this visit, so that nobody is asked twice.
const CSS = `
.invite{position:relative;display:grid;gap:12px;width:320px;max-width:calc(100vw - 40px);padding:16px 52px 16px 16px;border:1px solid #84878c;border-radius:16px;background:Canvas;color:CanvasText;box-shadow:0 2px 8px #0003,0 8px 32px #0003;text-align:start}
.invite:dir(rtl){padding:16px 16px 16px 52px}
.invite p{margin:0;font-weight:400}
.invite button{min-height:40px;border:0;border-radius:10px;cursor:pointer}
.yes{justify-self:start;padding:8px 16px;background:var(--colour,#14614a);color:var(--ink,#fff);font-weight:600}
.no{position:absolute;inset-block-start:8px;inset-inline-end:8px;width:40px;background:none;color:inherit;font-size:22px;line-height:1}
.no:hover{background:#8882}
.opened .invite{display:none}
@media(prefers-reduced-motion:no-preference){.invite{animation:arrive .25s ease-out}@keyframes arrive{from{opacity:0;transform:translateY(8px)}}}`;
const TICK_MS = 1000;
const ANSWER_MS = 5000;

/** `/prices/*` against a path, `https://shop.example/*` against the whole address; * stands for anything. */
export function fits(pattern, { origin, pathname, search }) {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const rule = new RegExp(`^${parts.join(".*")}$`);
  const start = pattern.startsWith("http") ? origin : "";
  return rule.test(start + pathname) || rule.test(start + pathname + search);
}

function session(act) {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
}

const make = (tag, facts) => Object.assign(document.createElement(tag), facts);

/** What the desk's own origin knows in this browser of earlier chats; null if it does not answer. */
function history(desk, name) {
  return new Promise((resolve) => {
    const frame = make("iframe", { src: `${desk}/buttons/${name}/known/`, hidden: true, title: "" });
    const done = (facts) => {
      removeEventListener("message", hear);
      frame.remove();
      resolve(facts);
    };
    const hear = (event) => event.source === frame.contentWindow && event.origin === desk && event.data?.chatdesk === name && done(event.data);
    addEventListener("message", hear);
    frame.onload = () => frame.contentWindow?.postMessage({ chatdesk: name, ask: true }, desk);
    setTimeout(done, ANSWER_MS, null);
    document.body.append(frame);
  });
}

/**
 * @param {{name: string, desk: string, dock: HTMLElement, open: HTMLElement, facts: object, ask: () => Promise<object>,
 *   begun: () => boolean}} button  `ask` fetches the button's state, `begun`: its chat was opened on this page
 */
export function invite({ name, desk, dock, open, facts, ask, begun }) {
  const MARK = `chatdesk.${name}.invited`;
  if (session((kept) => kept.getItem(MARK))) return;
  let path = location.href;
  let seconds = 0;
  let asking = false;
  const tried = new Set();
  const timer = setInterval(tick, TICK_MS);

  function tick() {
    if (begun()) return clearInterval(timer);
    if (document.hidden || asking) return;
    if (path !== location.href) [path, seconds] = [location.href, 0];
    seconds += 1;
    const due = facts.invite.rules.find((rule) => seconds >= rule.seconds && !tried.has(rule.id + path) && fits(rule.page, location));
    if (due) consider(due);
  }

  /** The last look before anything is shown: still somebody there, no chat of theirs open, and known if that is asked. */
  async function consider(rule) {
    asking = true;
    tried.add(rule.id + path);
    const now = await ask("no-store").catch(() => null);
    const still = now?.state === "online" && now.invite?.rules.some(({ id }) => id === rule.id);
    const earlier = still && (await history(desk, name));
    asking = false;
    if (!earlier || earlier.open || (rule.returning && !earlier.known) || begun() || path !== location.href) return;
    clearInterval(timer);
    show(rule);
  }

  function show({ texts }) {
    const { words } = facts.invite;
    const text = make("p", { dir: "auto" });
    const yes = make("button", { type: "button", className: "yes", textContent: words.yes });
    const no = make("button", { type: "button", className: "no", textContent: "\u00d7", title: words.no });
    const bubble = make("section", { className: "invite" });
    const leave = () => {
      if (bubble.contains(bubble.getRootNode().activeElement)) open.focus();
      bubble.remove();
    };
    text.setAttribute("role", "status");
    no.setAttribute("aria-label", words.no);
    bubble.setAttribute("aria-label", words.title);
    bubble.append(text, yes, no);
    style(dock.getRootNode());
    dock.prepend(bubble);
    setTimeout(() => (text.textContent = texts[Math.floor(Math.random() * texts.length)]), 50); // so that it is spoken
    no.onclick = leave;
    yes.onclick = () => open.click();
    open.addEventListener("click", () => bubble.remove(), { once: true });
    bubble.addEventListener("keydown", (event) => event.key === "Escape" && leave());
    remember();
  }

  /** Kept once the visitor has done something after seeing it: a click, a key; or leaves after having done so before. */
  function remember() {
    const keep = () => session((kept) => kept.setItem(MARK, "1"));
    for (const act of ["pointerdown", "keydown"]) addEventListener(act, keep, { capture: true, once: true });
    addEventListener("pagehide", () => navigator.userActivation?.hasBeenActive && keep());
  }
}

function style(root) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
