// What is offered to this person and by them: a line above the desk, with the time that is left to answer.
import { byId, config, refusalText, words } from "./config.js";
import { link } from "./live.js";
import { signal } from "./signals.js";
import { visible } from "../shared/text.js";

const TICK_MS = 1_000;
const HEADS = { warm: "offer.warm", invite: "offer.invite" };
const OUTCOMES = ["accepted", "declined", "expired"];

/** @type {Map<number, {until: number, node: HTMLElement}>} by the offer's number */
const offers = new Map();

function offered(offer) {
  offers.get(offer.offer)?.node.remove();
  const node = byId("offer-template").content.firstElementChild.cloneNode(true);
  const mine = offer.sender.id === config.user;
  offers.set(offer.offer, { until: Date.now() + offer.seconds * 1000, node });
  node.classList.toggle("given", mine);
  node.querySelector(".offer-head").textContent = headOf(offer, mine);
  node.querySelector(".offer-note").textContent = visible(offer.note ?? "");
  node.querySelector(".offer-note").hidden = !offer.note;
  for (const button of node.querySelectorAll("button")) {
    if ((button.dataset.offer === "withdraw") !== mine) button.remove();
    else button.addEventListener("click", () => answer(offer, button));
  }
  byId("offers").append(node);
  tick();
  if (mine) return;
  byId("offer-said").textContent = headOf(offer, mine);
  signal("offer", { head: headOf(offer, mine), ref: offer.conversation });
}

function headOf(offer, mine) {
  const blanks = { label: visible(offer.label), name: visible(offer.sender.name), group: offer.group, who: askedOf(offer) };
  return words(mine ? `${HEADS[offer.kind]}_given` : HEADS[offer.kind], blanks);
}

function askedOf({ operator, to_group: group }) {
  return visible(operator?.name ?? group ?? "");
}

async function answer(offer, button) {
  const conversation = offer.conversation;
  const deed = button.dataset.offer;
  button.disabled = true;
  try {
    if (deed === "withdraw") await link.send("invitation.withdraw", { conversation });
    else await link.send("invitation.answer", { conversation, offer: offer.offer, accept: deed === "accept" });
    gone(offer.offer);
    if (deed === "accept") signal("open", conversation);
  } catch (refused) {
    button.disabled = false;
    signal("toast", refusalText(refused));
  }
}

function gone(number) {
  const held = offers.get(number)?.node.contains(document.activeElement);
  offers.get(number)?.node.remove();
  offers.delete(number);
  if (held) byId("panel").focus();
}

function ended(end) {
  gone(end.offer);
  if (end.sender.id === config.user && end.kind === "warm" && end.outcome !== "accepted") signal("kept", end.conversation);
  if (end.sender.id === config.user && OUTCOMES.includes(end.outcome)) {
    signal("toast", words(`offer.${end.kind}_${end.outcome}`, { who: askedOf(end), label: visible(end.label) }));
  }
}

function tick() {
  for (const { node, until } of offers.values()) {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    node.querySelector(".offer-left").textContent = words("offer.left", { n: left });
  }
}

/** Put the keyboard on the newest offer that waits for this person. */
export function toOffer() {
  [...byId("offers").querySelectorAll("[data-offer=accept], [data-offer=withdraw]")].at(-1)?.focus();
}

export function startOffers() {
  link.on("ready", (answer) => {
    for (const number of [...offers.keys()]) gone(number);
    answer.invitations.forEach(offered);
  });
  link.on("invitation.offered", offered);
  link.on("invitation.ended", ended);
  setInterval(tick, TICK_MS);
}
