// The button on a host page: a plain link until this runs, then a floating button that opens the desk's own page in a
// panel. Served as /widget.js. It stores nothing, loads the button's state and, after a click, the page; no more.
(() => {
  const script = document.currentScript;
  const desk = new URL(script.src).origin;
  const FRESH_MS = 60_000;
  const LONGEST = 120; // seconds that a page in view may be wrong about who is there
  const PANEL_CSS = `
:host{all:initial}
*{box-sizing:border-box;font:500 16px/1.3 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
[hidden],:host([hidden]){display:none!important}
.dock{position:fixed;inset-block-end:max(20px,env(safe-area-inset-bottom));inset-inline-end:20px;z-index:2147483000;display:flex;flex-direction:column;align-items:flex-end;gap:12px}
.dock.start{inset-inline:20px auto;align-items:flex-start}
.open{display:flex;align-items:center;gap:10px;min-height:52px;max-width:calc(100vw - 40px);padding:8px 20px;border:1px solid #fff6;border-radius:26px;background:var(--colour,#14614a);color:var(--ink,#fff);cursor:pointer;box-shadow:0 2px 6px #0003,0 8px 24px #0003;text-align:start}
.open small{display:block;font-size:13px;font-weight:400}
.open b{font-weight:600}
.dot{flex:none;width:12px;height:12px;border:2px solid;border-radius:50%}
.online .dot{background:currentcolor}
.open.masked{background:#ecece8;color:#505358;border-color:#84878c;box-shadow:0 2px 6px #0003}
.busy .dot{background:linear-gradient(to top,currentcolor 50%,#0000 50%)}
.count{min-width:24px;padding:2px 7px;border-radius:12px;background:#fff;color:#a3242c;font-size:13px;font-weight:700;text-align:center}
.panel{position:relative;width:384px;height:min(640px,calc(100vh - 116px));border-radius:16px;overflow:hidden;background:canvas;box-shadow:0 2px 8px #0003,0 16px 48px #0004}
iframe{display:block;width:100%;height:100%;border:0}
.close{position:absolute;inset-block-start:13px;inset-inline-end:12px;width:40px;height:40px;border:0;border-radius:10px;background:#8882;color:CanvasText;font-size:22px;line-height:1;cursor:pointer}
:focus-visible{outline:3px solid #1d5fd1;outline-offset:2px;box-shadow:0 0 0 2px #fff}
@media(max-width:480px),(max-height:420px){.panel{position:fixed;inset:0;width:auto;height:100vh;height:100dvh;border-radius:0}.opened .open{display:none}}
@media(prefers-color-scheme:dark){:host{color-scheme:dark}}`;

  const make = (tag, facts) => Object.assign(document.createElement(tag), facts);

  function mount(link) {
    if (link.chatdesk) return;
    link.chatdesk = true;
    const name = link.dataset.chatdesk;
    const host = make("div", { dir: getComputedStyle(link).direction });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(PANEL_CSS);
    root.adoptedStyleSheets = [sheet];
    const dock = make("div", { className: "dock" });
    const open = make("button", { type: "button", className: "open" });
    const label = make("b", { textContent: link.textContent.trim() });
    const words = make("small");
    const count = make("span", { className: "count", hidden: true });
    const text = make("span");
    text.append(label, words);
    open.append(make("span", { className: "dot" }), text, count);
    open.setAttribute("aria-expanded", "false");
    dock.append(open);
    root.append(dock);
    document.body.append(host);
    link.hidden = true;
    link.style.setProperty("display", "none", "important");

    let panel;
    let frame;
    const close = make("button", { type: "button", className: "close", textContent: "\u00d7", ariaLabel: "Close", onclick: shut });
    const tell = (message) => frame.contentWindow.postMessage({ chatdesk: name, ...message }, desk);

    function build() {
      panel = make("div", { className: "panel" });
      panel.setAttribute("role", "dialog");
      panel.setAttribute("aria-label", label.textContent);
      const address = new URL(link.href);
      const page = location.href.split("#")[0];
      address.search = new URLSearchParams({ embed: 1, page: page.slice(0, 500), ref: document.referrer.slice(0, 500) });
      frame = make("iframe", { src: address.href, title: label.textContent });
      frame.onload = () => tell({ open: !panel.hidden });
      panel.append(frame, close);
      dock.prepend(panel);
    }

    function show() {
      if (panel) tell({ open: true });
      else build();
      panel.hidden = false;
      dock.classList.add("opened");
      open.setAttribute("aria-expanded", "true");
      frame.focus();
    }

    function shut() {
      panel.hidden = true;
      dock.classList.remove("opened");
      open.setAttribute("aria-expanded", "false");
      tell({ open: false });
      open.focus();
    }

    open.onclick = () => (panel && !panel.hidden ? shut() : show());
    root.addEventListener("keydown", (event) => event.key === "Escape" && panel && !panel.hidden && shut());
    addEventListener("message", (event) => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== desk || event.data?.chatdesk !== name) return;
      if (event.data.close && !panel.hidden) shut();
      if ("unread" in event.data) {
        count.textContent = event.data.unread;
        count.hidden = !event.data.unread;
      }
    });

    const unmount = () => {
      host.remove();
      link.style.removeProperty("display");
      link.hidden = false;
    };
    const when = ({ opens_at, lang }) => {
      const far = new Date(opens_at) - Date.now() > 5e8 && { day: "numeric", month: "short" };
      const spoken = navigator.languages.find((one) => one.startsWith(lang)) ?? lang;
      return new Date(opens_at).toLocaleString(spoken, { weekday: "short", ...far, hour: "2-digit", minute: "2-digit" });
    };
    const load = (cache) =>
      fetch(`${desk}/buttons/${encodeURIComponent(name)}.json`, { credentials: "omit", cache }).then((answer) =>
        answer.ok ? answer.json() : Promise.reject(answer.status),
      );
    let askedAt = 0;
    let timer;
    let inviting;
    const ask = () => {
      if (document.hidden || Date.now() - askedAt < FRESH_MS) return;
      askedAt = Date.now();
      load()
        .then((facts) => {
          close.dir = facts.dir;
          close.ariaLabel = close.title = facts.close;
          label.textContent ||= facts.label;
          words.textContent = facts.words.replace("%s", () => when(facts));
          open.className = `open ${facts.look}`;
          host.hidden = facts.state === "hidden" && !panel;
          askIn(facts.ask_in);
          dock.classList.toggle("start", facts.position === "start");
          dock.style.setProperty("--colour", facts.colour);
          dock.style.setProperty("--ink", facts.ink);
          if (facts.invite && !panel)
            inviting ??= import(desk + facts.invite.script)
              .then(({ invite }) => invite({ name, desk, dock, open, facts, ask: load, begun: () => panel }))
              .catch(() => {});
        })
        .catch((status) => (status === 404 ? unmount() : askIn()));
    };
    const askIn = (seconds) => {
      clearTimeout(timer);
      timer = setTimeout(again, (Math.min(seconds ?? LONGEST, LONGEST) + 1 + 4 * Math.random()) * 1000);
    };
    const again = () => {
      askedAt = 0;
      ask();
    };
    ask();
    document.addEventListener("visibilitychange", ask);
  }

  const all = () => document.querySelectorAll("a[data-chatdesk]").forEach(mount);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", all);
  else all();
})();
