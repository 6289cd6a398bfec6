// Files: chosen, dropped or pasted; each with its progress, a way to cancel, and a plain reason when it is refused.
import { newId } from "../../shared/outbox.js";
import { sizeText } from "../../shared/text.js";
import { filesOf, upload } from "../../shared/upload.js";
import { byId, config, words } from "./dom.js";
import { limits } from "./composer.js";
import { addPending, setPending, takeAway } from "./log.js";
import { memory } from "./memory.js";

const MEGABYTE = 1_000_000;
const queue = [];
let busy = false;
let begun = () => Promise.resolve(true);
let mayUpload = () => true;

/**
 * @param {(names: string[]) => Promise<boolean>} ensure begins the conversation if there is none yet
 * @param {() => boolean} hasBegun whether there is one: no file goes out before
 */
export function watchFiles(ensure, hasBegun) {
  begun = ensure;
  mayUpload = hasBegun;
  const chooser = byId("files");
  byId("attach").onclick = () => chooser.click();
  chooser.onchange = () => {
    take(Array.from(chooser.files));
    chooser.value = "";
  };
  byId("body").addEventListener("paste", (event) => {
    // What office programs copy is a text with a picture of it: the text is meant.
    if (!event.clipboardData?.types.includes("text/plain")) takeFrom(event, event.clipboardData);
  });
  addEventListener("dragover", (event) => dragging(event, true));
  addEventListener("dragleave", (event) => event.relatedTarget || dragging(event, false));
  addEventListener("drop", (event) => {
    dragging(event, false);
    takeFrom(event, event.dataTransfer);
  });
}

function dragging(event, on) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.toggle("dropping", on);
}

function takeFrom(event, transfer) {
  const files = filesOf(transfer);
  if (!files.length) return;
  event.preventDefault();
  take(files);
}

async function take(files) {
  if (document.body.dataset.state === "closed") return;
  for (const file of files) queue.push(show({ file, id: newId() }));
  if (!(await begun(files.map((file) => file.name)))) return giveUp();
  runUploads();
}

function show(item) {
  const { name, size } = item.file;
  const node = addPending(item.id, { kind: "file", author: { kind: "visitor" }, file: { name, size, url: "#" } });
  node.querySelector("a").removeAttribute("href");
  item.node = node;
  item.bar = document.createElement("progress");
  item.bar.max = 1;
  item.bar.value = 0;
  item.bar.setAttribute("aria-label", words("uploading", { name }));
  node.querySelector(".entry-bubble").append(item.bar);
  setPending(item.id, words("file_waiting"), [[words("cancel"), () => cancel(item)]]);
  return item;
}

function giveUp() {
  for (const item of queue.splice(0)) takeAway(item.id);
}

function cancel(item) {
  const place = queue.indexOf(item);
  if (place >= 0) queue.splice(place, 1);
  item.cancel?.();
  takeAway(item.id);
  byId("body").focus();
}

/** Send the next files; also called when the line is back. */
export async function runUploads() {
  if (busy) return;
  busy = true;
  while (queue.length && mayUpload()) await sendFile(queue.shift());
  busy = false;
}

async function sendFile(item) {
  if (item.file.size > limits.file_mb * MEGABYTE) {
    return fail(item, words("file_too_large", { size: sizeText(limits.file_mb * MEGABYTE) }), false);
  }
  if (!item.file.size) return fail(item, words("file_empty"), false);
  const { done, cancel: stop } = upload(config.upload_url, item.file, item.id, memory.headers(), (part) => progress(item, part));
  item.cancel = stop;
  setPending(item.id, words("sending"), [[words("cancel"), () => cancel(item)]]);
  try {
    await done;
    takeAway(item.id);
  } catch (refused) {
    if (refused.code === "upload.cancelled") return;
    fail(item, refused.detail || words(refused.code === "line.down" ? "line_down" : "file_refused"), refused.retry);
  }
}

function progress(item, part) {
  item.bar.value = part;
  if (part === 1) setPending(item.id, words("file_checking"));
}

function fail(item, reason, canRetry) {
  item.bar.hidden = true;
  item.node.classList.add("failed");
  const remove = [words("remove"), () => takeAway(item.id)];
  const again = [words("retry"), () => retry(item)];
  setPending(item.id, words("not_sent", { reason }), canRetry ? [again, remove] : [remove]);
  byId("spoken").textContent = words("not_sent", { reason });
}

function retry(item) {
  item.bar.hidden = false;
  item.node.classList.remove("failed");
  item.bar.value = 0;
  queue.push(item);
  runUploads();
}
