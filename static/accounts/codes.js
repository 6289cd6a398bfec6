// The page of recovery codes: print it, or keep it as a text file made in the page.
const list = document.querySelector("#codes");
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
const link = document.querySelector("[data-download]");
if (link && list) {
  const codes = [...list.querySelectorAll("code")].map((code) => code.textContent);
  const text = [link.dataset.title, "", ...codes, ""].join("\r\n");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
}
