// Passkeys in the browser: asks the desk for a challenge, the browser for an answer, and hands it in.
const FROM = { "-": "+", _: "/" };
const TO = { "+": "-", "/": "_", "=": "" };

const bytes = (text) => Uint8Array.from(atob(text.replace(/[-_]/g, (sign) => FROM[sign])), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/[+/=]/g, (sign) => TO[sign]) : undefined;
const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function post(path, token, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin" });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || "");
  return said;
}

function create(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const excludeCredentials = known(options.excludeCredentials);
  return navigator.credentials.create({ publicKey: { ...options, challenge: bytes(options.challenge), user, excludeCredentials } });
}

function get(options) {
  const allowCredentials = known(options.allowCredentials);
  return navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials } });
}

function plain(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const found = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: { ...Object.fromEntries(found), transports: response.getTransports?.() },
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function talk(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const options = await post(form.dataset.begin, token, {});
  const credential = await (form.dataset.passkey === "create" ? create(options) : get(options));
  const done = await post(form.dataset.complete, token, { credential: plain(credential), name: form.elements.name?.value });
  location.assign(done.next);
}

async function submitted(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const problem = form.querySelector(".problem");
  const button = form.querySelector("button");
  problem.textContent = "";
  button.disabled = true;
  try {
    await talk(form);
  } catch (error) {
    // What the browser itself refuses it has told in words of its own; the desk's refusals come as sentences.
    problem.textContent = (error instanceof DOMException ? "" : error.message) || form.dataset.failed;
    button.disabled = false;
    button.focus();
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", submitted);
  }
}
