// One file on its way to the server: with progress, and with a way to stop it.
import { Refused } from "./line.js";

/**
 * @param {string} url where to post
 * @param {File} file
 * @param {string} clientId the same again at each attempt
 * @param {Record<string, string>} headers
 * @param {(part: number) => void} progress called with 0..1
 * @returns {{done: Promise<{seq: number}>, cancel: () => void}} `done` rejects with Refused; its code is
 * "upload.cancelled" after cancel, "line.down" when the network broke
 */
export function upload(url, file, clientId, headers, progress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve(answer(request)) : reject(refusal(request)));
    request.onerror = () => reject(new Refused("line.down", "", true));
    request.onabort = () => reject(new Refused("upload.cancelled", "", false));
  });
  const form = new FormData();
  form.append("client_id", clientId);
  form.append("file", file);
  request.open("POST", url);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.send(form);
  return { done, cancel: () => request.abort() };
}

function answer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function refusal(request) {
  const { code = `http.${request.status}`, detail = "" } = answer(request);
  return new Refused(code, detail, request.status >= 500);
}

/** The files of a paste or a drop. */
export function filesOf(transfer) {
  return transfer ? Array.from(transfer.files) : [];
}
