// Files for the visitor: chosen, dropped or pasted; each with its progress, and a way to stop it.
import { byId, config, conversationUrl, words } from "./config.js";
import { kindNow } from "./kinds.js";
import { openRef } from "./open.js";
import { hear, signal } from "./signals.js";
import { newId } from "../shared/outbox.js";
import { visible } from "../shared/text.js";
import { filesOf, upload } from "../shared/upload.js";

const MB = 1_000_000;

/** @typedef {{ref: string, file: File, id: string, part: number, reason: string, retry: boolean, cancel: () => void}} Sending */

/** @type {Set<Sending>} */
const sendings = new Set();

function send(files) {
  const ref = openRef();
  if (!ref || byId("composer").hidden) return;
  if (kindNow() !== "message") {
    signal("toast", words("file.no_note"));
    return;
  }
  for (const file of files) begin({ ref, file, id: newId(), part: 0, reason: "", retry: false, cancel: () => undefined });
}

function begin(sending) {
  sendings.add(sending);
  const wrong = unfit(sending.file);
  if (wrong) refuse(sending, wrong, false);
  else transport(sending);
}

function unfit({ name, size }) {
  if (size === 0) return words("file.empty", { name });
  return size > config.file_mb * MB ? words("file.too_large", { name, mb: config.file_mb }) : "";
}

async function transport(sending) {
  sending.reason = "";
  const headers = { "X-CSRFToken": config.csrf };
  const moved = (part) => {
    sending.part = part;
    drawProgress(sending);
  };
  const { done, cancel } = upload(`${conversationUrl(sending.ref)}files/`, sending.file, sending.id, headers, moved);
  sending.cancel = cancel;
  drawUploads();
  await done.then(() => finish(sending), (refused) => broke(sending, refused));
}

function finish(sending) {
  sendings.delete(sending);
  drawUploads();
}

function broke(sending, { code, detail, retry }) {
  if (code === "upload.cancelled") return finish(sending);
  const { name } = sending.file;
  return refuse(sending, detail ? words("file.refused", { name, detail }) : words("file.failed", { name }), retry);
}

function refuse(sending, reason, retry) {
  Object.assign(sending, { reason, retry });
  signal("toast", visible(reason));
  drawUploads();
}

function drawUploads() {
  const here = [...sendings].filter((sending) => sending.ref === openRef());
  byId("uploads")?.replaceChildren(...here.map(uploadNode));
}

function drawProgress(sending) {
  const bar = byId("uploads")?.querySelector(`[data-upload="${sending.id}"] progress`);
  if (bar) bar.value = Math.round(sending.part * 100);
}

function uploadNode(sending) {
  const node = byId("upload-template").content.firstElementChild.cloneNode(true);
  const { name } = sending.file;
  node.dataset.upload = sending.id;
  node.querySelector(".upload-name").textContent = visible(sending.reason || name);
  node.querySelector("progress").value = Math.round(sending.part * 100);
  node.querySelector("progress").setAttribute("aria-label", name);
  node.querySelector("progress").hidden = Boolean(sending.reason);
  node.classList.toggle("failed", Boolean(sending.reason));
  const again = node.querySelector(".upload-retry");
  again.hidden = !sending.retry;
  again.setAttribute("aria-label", words("file.retry", { name }));
  again.addEventListener("click", () => transport(sending));
  const stop = node.querySelector(".upload-cancel");
  stop.textContent = sending.reason ? words("file.dismiss") : stop.textContent;
  stop.setAttribute("aria-label", sending.reason ? words("file.dismiss") : words("file.cancel", { name }));
  stop.addEventListener("click", () => (sending.reason ? finish(sending) : sending.cancel()));
  return node;
}

function over(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  byId("foot")?.classList.add("dropping");
}

function dropped(event) {
  byId("foot")?.classList.remove("dropping");
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  send(filesOf(event.dataTransfer));
}

function pasted(event) {
  const files = filesOf(event.clipboardData);
  if (event.target.id !== "reply" || !files.length) return;
  event.preventDefault();
  send(files);
}

export function startFiles() {
  const panel = byId("panel");
  panel.addEventListener("click", (event) => event.target.id === "choose-files" && byId("files").click());
  panel.addEventListener("change", (event) => {
    if (event.target.id !== "files") return;
    send([...event.target.files]);
    event.target.value = "";
  });
  panel.addEventListener("paste", pasted);
  addEventListener("dragover", over);
  addEventListener("dragleave", (event) => event.relatedTarget === null && byId("foot")?.classList.remove("dropping"));
  addEventListener("drop", dropped);
  hear("opened", drawUploads);
}
