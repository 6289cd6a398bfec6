// Fills a clone of templates/_entry.html. Whatever comes off the network goes in as text, never as markup.
import { sizeText, timeText, visible } from "./text.js";

/**
 * @param {HTMLTemplateElement} template holds one empty _entry.html
 * @param {object} entry an entry.posted event, or one still to be sent (without seq and at)
 * @param {(image: HTMLImageElement, file: object) => void} [loadImage] gives an image its source; default: its address
 * @returns {HTMLLIElement}
 */
export function entryNode(template, entry, loadImage = (image, file) => (image.src = file.url)) {
  const node = template.content.querySelector(".entry").cloneNode(true);
  node.classList.add(`entry-${entry.kind}`, `by-${entry.author.kind}`);
  fillAuthor(node, entry.author);
  if (entry.file) fillFile(node, entry.file, loadImage);
  else fillBody(node, entry.body);
  if (entry.seq) fillPlace(node, entry);
  return node;
}

/** The part of an entry that a name stands for: author, body, file, file-name, file-size, image, at, state. */
export function slot(node, name) {
  return node.querySelector(`[data-slot="${name}"]`);
}

/** What an entry gets when it is stored: its number and its time. */
export function fillPlace(node, entry) {
  node.dataset.seq = entry.seq;
  const time = slot(node, "at");
  time.dateTime = entry.at;
  time.textContent = timeText(entry.at);
}

function fillAuthor(node, author) {
  node.dataset.author = author.id ?? "";
  const place = slot(node, "author");
  place.hidden = !author.name;
  place.firstElementChild.textContent = visible(author.name ?? "");
}

function fillBody(node, body) {
  slot(node, "file").remove();
  slot(node, "body").textContent = visible(body);
}

function fillFile(node, file, loadImage) {
  slot(node, "body").remove();
  const image = slot(node, "image");
  slot(node, "file").href = file.url;
  slot(node, "file-name").textContent = visible(file.name);
  slot(node, "file-size").textContent = sizeText(file.size);
  if (!file.width) return image.remove();
  image.width = file.width;
  image.height = file.height;
  loadImage(image, file);
}
