// Keeps what someone writes, within seconds, on the server. Forms with data-draft take part; they work
// without this too. What happens to the text stands in app/services/drafts.py.
(() => {
  "use strict";

  const QUIET = 2000;
  const LONGEST_WAIT = 5000;
  const AGAIN = 5000;
  // A browser sends at most 64 kB on behalf of a page that is being left.
  const SENT_ON_LEAVING = 60000;
  const states = new WeakMap();

  const formsHere = () => document.querySelectorAll("form[data-draft]");
  const mark = (form, name) => form.querySelector(`input[name="draft_${name}"]`);

  function stateOf(form) {
    if (!states.has(form)) states.set(form, { dirty: false, since: 0, timer: 0, busy: false, sent: false, renewed: false, trouble: "" });
    return states.get(form);
  }

  function say(form, key, time = "") {
    const status = form.querySelector("[data-draft-status]");
    if (!status) return;
    const said = status.querySelector("[data-draft-said]");
    const text = key ? status.dataset[key].replace("{time}", time) : "";
    if (said.textContent !== text) said.textContent = text;
    status.querySelector("[data-draft-sign-in]").hidden = key !== "signedOut";
  }

  function schedule(form, wait) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => keep(form), wait);
  }

  function fieldsOf(form) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    fields.set("draft_auto", "1");
    return fields;
  }

  async function keep(form, leaving = false) {
    const state = stateOf(form);
    if (!form.isConnected || !state.dirty || state.sent) return;
    if (state.busy && !leaving) { schedule(form, 500); return; }
    clearTimeout(state.timer);
    state.busy = true;
    state.dirty = false;
    state.since = 0;
    state.stop = new AbortController();
    const body = fieldsOf(form);
    const keepalive = leaving && body.toString().length < SENT_ON_LEAVING;
    try {
      const answer = await fetch("/drafts", {
        method: "POST", body, keepalive, redirect: "manual", signal: state.stop.signal,
        headers: { Accept: "application/json" },
      });
      await heard(form, state, answer);
    } catch {
      if (!state.sent) failed(form, state, "offline");
    } finally {
      state.busy = false;
    }
  }

  async function heard(form, state, answer) {
    if (answer.ok) {
      const { kept, seen, at } = await answer.json();
      mark(form, "seen").value = seen;
      state.trouble = "";
      state.renewed = false;
      form.setAttribute("data-kept", "");
      say(form, kept ? "kept" : "", at);
    } else if (answer.status === 410) {
      mark(form, "seen").value = "";
      state.dirty = true;
      schedule(form, 100);
    } else if (answer.status === 409) {
      failed(form, state, "other");
    } else if (answer.status === 413) {
      failed(form, state, "tooLong", false);
    } else if ([400, 401].includes(answer.status) && !state.renewed) {
      // The session ended, or began anew in another tab: then the token of this page is stale.
      await lookWho(form, state);
    } else {
      state.renewed = false;
      failed(form, state, "offline");
    }
  }

  // The text is not kept: say so, let leaving the page ask first, and try again.
  function failed(form, state, trouble, again = true) {
    state.dirty = true;
    state.trouble = trouble;
    form.removeAttribute("data-kept");
    say(form, trouble);
    if (again) schedule(form, AGAIN);
  }

  async function lookWho(form, state) {
    const answer = await fetch("/drafts/who", { headers: { Accept: "application/json" } });
    if (!answer.ok) { failed(form, state, "offline"); return; }
    const { user, token } = await answer.json();
    if (user === null) { failed(form, state, "signedOut"); return; }
    if (user !== mark(form, "user").value) { failed(form, state, "other"); return; }
    for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
    const headers = document.body.getAttribute("hx-headers:inherited");
    if (headers) document.body.setAttribute("hx-headers:inherited", JSON.stringify({ ...JSON.parse(headers), "X-CSRFToken": token }));
    // Once more with the new token; what is refused then as well has another cause.
    state.renewed = true;
    state.dirty = true;
    schedule(form, 100);
  }

  function wrote(form) {
    const state = stateOf(form);
    const now = Date.now();
    state.dirty = true;
    state.sent = false;
    state.since ||= now;
    const long = [...form.querySelectorAll("textarea")].some((field) => field.value.length > SENT_ON_LEAVING / 2);
    if (long) form.removeAttribute("data-kept");
    schedule(form, Math.min(QUIET, Math.max(0, state.since + LONGEST_WAIT - now)));
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) wrote(form);
  });

  // What is being sent must not come back as a draft.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-draft]")) return;
    const state = stateOf(form);
    state.sent = true;
    clearTimeout(state.timer);
    state.stop?.abort();
    setTimeout(() => notSent(form), 8000);
  });

  // The form is still here, so it was not stored.
  function notSent(form) {
    const state = stateOf(form);
    if (!form.isConnected || !state.sent) return;
    state.sent = false;
    state.dirty = true;
    schedule(form, QUIET);
  }
  document.addEventListener("htmx:error", () => formsHere().forEach(notSent));
  document.addEventListener("htmx:response:error", () => formsHere().forEach(notSent));
  window.addEventListener("pageshow", () => {
    for (const form of formsHere()) stateOf(form).sent = false;
  });

  window.addEventListener("pagehide", () => formsHere().forEach((form) => keep(form, true)));
  document.addEventListener("visibilitychange", () => {
    for (const form of formsHere()) {
      const state = stateOf(form);
      if (document.visibilityState === "hidden") keep(form, true);
      else if (state.trouble) { state.trouble = ""; keep(form); }
    }
  });
  window.addEventListener("online", () => formsHere().forEach((form) => keep(form)));

  // Two texts that have to be made one are worth keeping before a word is typed.
  for (const form of document.querySelectorAll("form[data-draft][data-unsaved]")) wrote(form);
})();
