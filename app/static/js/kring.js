// What pages gain from script beyond htmx. Every page works without it.
(() => {
  "use strict";

  const root = document.documentElement;
  const body = document.body;
  const live = document.getElementById("live");
  const toast = document.getElementById("toast");
  root.classList.add("js");
  // htmx would show what it puts on the page a moment before it works: a click in between goes astray.
  htmx.config.defaultSettleDelay = 0;

  // Said aloud by assistive technology; emptied first so that the same text is read again.
  function announce(text) {
    if (!live || !text) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 100);
  }

  let complained = 0;
  function complain(text) {
    if (!toast || !text) return;
    toast.textContent = text;
    clearTimeout(complained);
    complained = setTimeout(() => { toast.textContent = ""; }, 10000);
  }

  function focusMarked(scope) {
    const marked = scope.matches?.("[data-autofocus]") ? scope : scope.querySelector?.("[data-autofocus]");
    if (!marked) return;
    if (!marked.matches("a[href], button, input, select, summary, textarea, [tabindex]")) marked.tabIndex = -1;
    marked.removeAttribute("data-autofocus");
    marked.focus();
  }

  // Menus close on Escape, on a click elsewhere and when focus leaves them.
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.k-menu[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.k-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // "/" goes to the search field, but not where someone writes or who switched it off (search.js).
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (localStorage.getItem("kring:slash") === "off") return;
    const field = [...document.querySelectorAll("[data-find]")].find((one) => one.checkVisibility());
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // A plain form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.hasAttribute("data-busy")) { event.preventDefault(); return; }
    form.setAttribute("data-busy", "");
    setTimeout(() => form.removeAttribute("data-busy"), 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-busy]")) form.removeAttribute("data-busy");
  });

  // The same for a form that htmx sends.
  const sending = new WeakSet();
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.request.method === "GET" || !ctx.sourceElement.matches("form")) return;
    if (sending.has(ctx.sourceElement)) { event.preventDefault(); return; }
    sending.add(ctx.sourceElement);
    ctx.sentForm = ctx.sourceElement;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sentForm } = event.detail.ctx;
    if (sentForm) sending.delete(sentForm);
  });

  // Leaving with text that was not saved asks first.
  const dirty = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-warn-unsaved]");
    if (form) dirty.add(form);
  });
  for (const form of document.querySelectorAll("form[data-unsaved]")) dirty.add(form);
  // What htmx sends is saved when it is answered, below.
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) dirty.delete(event.target); });
  document.addEventListener("reset", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    for (const form of dirty) {
      // What is kept on the server (drafts.js) can be left.
      if (form.isConnected && !form.hasAttribute("data-kept")) { event.preventDefault(); return; }
    }
  });

  // <a data-quote-target="#body"> in a reply: what was selected of it, else all of it, as a quote.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-quote-target]");
    const field = button && document.querySelector(button.dataset.quoteTarget);
    const reply = button?.closest(".k-comment");
    const source = reply?.querySelector(".k-prose");
    if (!field || !source) return;
    event.preventDefault();
    const selection = window.getSelection();
    const chosen = selection && source.contains(selection.anchorNode) ? selection.toString() : "";
    const text = (chosen || source.innerText).trim();
    const name = reply.querySelector(".k-author").textContent;
    const quote = `**${name}**:\n\n${text}`.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");
    field.value = `${field.value.trimEnd()}${field.value.trim() ? "\n\n" : ""}${quote}\n\n`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });

  // A colour can be typed and picked: the two show the same.
  document.addEventListener("input", ({ target }) => {
    const typed = document.getElementById(target.dataset?.colourOf);
    if (typed) typed.value = target.value;
    const picker = document.querySelector(`[data-colour-of="${CSS.escape(target.id ?? "")}"]`);
    if (picker && /^#[0-9a-f]{6}$/i.test(target.value)) picker.value = target.value;
  });

  // What an editor has beyond a text area is fetched when one comes into view.
  const inView = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      inView.unobserve(target);
      import(target.dataset.editor).then((module) => module.enhance(target));
    }
  }, { rootMargin: "300px" });
  function watchEditors() {
    for (const editor of document.querySelectorAll("[data-editor]")) inView.observe(editor);
  }

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.request.form;
    // A preview or another request from within the form has not stored what it holds.
    if (form && ctx.sourceElement === form && ctx.response.status < 400) dirty.delete(form);
    // Whoever was signed out while writing, or must first read new rules, stays with the text,
    // whatever else the page asks for.
    const kept = [...dirty].some((each) => each.isConnected && each !== form);
    const away = ctx.request.method === "GET" && ctx.hx.redirect;
    const signedOut = ctx.response.status === 401;
    if ((signedOut || away) && (kept || !ctx.sourceElement.isConnected)) {
      ctx.hx.redirect = undefined;
      ctx.hx.retarget = undefined;
      ctx.hx.reswap = "none";
      if (signedOut) complain(body.dataset.signedOut);
      return;
    }
    // A whole document that answers a request for a part (a sign-in page, an error page that may
    // be shown) becomes the page instead of standing inside it.
    if (/^\s*<!doctype/i.test(ctx.text) && ctx.request.headers["HX-Request-Type"] === "partial") {
      ctx.hx.retarget = "body";
      ctx.hx.reswap = "outerSync";
    }
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx.target;
    const swapped = target instanceof Element && target.isConnected ? target : document;
    focusMarked(swapped.querySelector?.("[data-autofocus]") ? swapped : document);
    watchEditors();
    const said = document.querySelector("[data-announce]");
    if (said) { announce(said.dataset.announce); said.removeAttribute("data-announce"); }
  });

  // HX-Trigger: {"kring:announce": {"text": "..."}} or {"kring:complain": {"text": "..."}}
  document.addEventListener("kring:announce", (event) => announce(event.detail.text ?? event.detail.value));
  document.addEventListener("kring:complain", (event) => complain(event.detail.text ?? event.detail.value));

  // Statuses that are not swapped (see htmx-config) leave the page as it is and say so.
  document.addEventListener("htmx:response:error", (event) => {
    const { status, raw } = event.detail.ctx.response;
    if (status === 400 || status === 409 || status === 422 || raw.headers.has("HX-Trigger")) return;
    complain([401, 403, 404].includes(status) ? body.dataset.forbidden : body.dataset.failed);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error instanceof TypeError || event.detail.ctx?.status?.startsWith("error")) {
      complain(body.dataset.offline);
    }
  });

  // Who began to write before this script came is left where they are.
  if (document.activeElement === body) focusMarked(document);
  watchEditors();
})();
