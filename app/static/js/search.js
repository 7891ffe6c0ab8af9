// On the search page: its title follows what is typed, and "/" can be switched off, for who presses or
// says it by accident.
(() => {
  "use strict";

  document.addEventListener("htmx:after:swap", () => {
    const named = document.querySelector("#found [data-title]");
    if (named) document.title = named.dataset.title;
  });

  const button = document.querySelector("[data-slash]");
  if (!button) return;
  const show = () => {
    button.textContent = localStorage.getItem("kring:slash") === "off" ? button.dataset.on : button.dataset.off;
  };
  button.addEventListener("click", () => {
    const off = localStorage.getItem("kring:slash") === "off";
    if (off) localStorage.removeItem("kring:slash"); else localStorage.setItem("kring:slash", "off");
    show();
  });
  show();
})();
