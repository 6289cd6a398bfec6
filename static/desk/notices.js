// Desktop notices. The browser is asked for leave only when the person presses the button for it.
import { byId, words } from "./config.js";
import { signal } from "./signals.js";

const ICON = document.querySelector("link[rel=icon]").href;

let wanted = true;

function leave() {
  return "Notification" in window ? Notification.permission : "none";
}

/** Show a notice; pressing it opens the conversation. Names and groups only: a locked screen shows no message. */
export function showNotice(head, body, ref) {
  if (!wanted || leave() !== "granted") return false;
  const notice = new Notification(head, { body, icon: ICON, tag: ref || "desk" });
  notice.onclick = () => {
    window.focus();
    notice.close();
    if (ref) signal("open", ref);
  };
  return true;
}

/** @returns {string} the key of the sentence that says how it went */
export function testNotice() {
  if (!wanted) return "alert.notice_off";
  if (leave() === "granted") showNotice(words("alert.test"), "", "");
  return { granted: "alert.notice_ok", denied: "alert.notice_denied", default: "alert.notice_ask" }[leave()] ?? "alert.notice_none";
}

function showLeave() {
  byId("notice-ask").hidden = leave() !== "default";
}

/** @param {string} key where the choice is kept */
export function startNotices(key) {
  const box = byId("notice-on");
  wanted = localStorage.getItem(key) === null;
  box.checked = wanted;
  box.addEventListener("change", () => {
    wanted = box.checked;
    if (wanted) localStorage.removeItem(key);
    else localStorage.setItem(key, "1");
  });
  byId("notice-ask").addEventListener("click", async () => {
    await Notification.requestPermission();
    showLeave();
    byId("alert-test").click();
  });
  showLeave();
}
