// <button data-copy="#field" data-copied="…" hidden>: copies what stands in a field, and says so.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const field = document.querySelector(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without HTTPS a browser keeps its clipboard shut for scripts, but not this older way.
      if (!document.execCommand("copy")) return;
    }
    button.focus();
    const detail = { text: button.dataset.copied };
    document.dispatchEvent(new CustomEvent("kring:announce", { detail }));
    button.lastChild.textContent = button.dataset.copied;
  });
})();
