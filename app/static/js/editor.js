// Writing in Markdown: shortcuts, tables, images, completion and the whole screen.
// kring.js calls enhance() for each [data-editor] that comes into view; a text area that it never
// reaches works all the same. Markup: templates/components/editor.html.

const enhanced = new WeakSet();
const MENTION = "@";
const PLACES = { [MENTION]: "/suggest/people", "[[": "/suggest/pages" };
const SHORTCUTS = { b: "bold", i: "italic", k: "link" };
const TABLE = "| Kop | Kop |\n| --- | --- |\n| … | … |";

// Name and drawing of each button; their labels stand in the template in the same order.
const TOOLS = [
  ["header-2", "M6 5v14M18 5v14M6 12h12"],
  ["bold", "M7 5h6a3.5 3.5 0 0 1 0 7H7V5Zm0 7h7a3.5 3.5 0 0 1 0 7H7v-7Z"],
  ["italic", "M19 5h-8m2 14H5M15 5 9 19"],
  ["quote", "M5 17h3l2-4V7H4v6h3l-2 4Zm9 0h3l2-4V7h-6v6h3l-2 4Z"],
  ["link", "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5"],
  ["unordered-list", "M9 6h11M9 12h11M9 18h11M4.5 6v.1m0 5.9v.1m0 5.9v.1"],
  ["ordered-list", "M10 6h10M10 12h10M10 18h10M4 5l1.5-1v5M3.8 15.3c.3-1.2 2.6-1.2 2.6.3 0 1.1-2.5 2.1-2.5 3.4h2.7"],
  ["task-list", "m3.5 7 1.5 1.5 3-3M3.5 16l1.5 1.5 3-3M12 7h8m-8 9.5h8"],
  ["code", "m8 7-5 5 5 5m8-10 5 5-5 5"],
  ["table", "M4 5h16v14H4V5Zm0 5h16M4 14.5h16M10 5v14"],
  ["add-image", "M4 5h16v14H4V5Zm0 11 5-5 4 4 2-2 5 4M15.5 9v.1"],
  ["preview", "M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z"],
  ["big", "M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5"],
];

export async function enhance(editor) {
  const field = editor.querySelector("textarea");
  if (!field || enhanced.has(editor)) return;
  enhanced.add(editor);
  const bar = editor.querySelector("markdown-toolbar");
  fill(bar);
  await import(editor.dataset.elements);
  const press = (name) => bar.querySelector(`[data-md-button="${name}"]`)?.click();
  complete(editor.querySelector("text-expander"), field);
  field.addEventListener("keydown", (event) => shortcut(event, field, press));
  bar.addEventListener("click", (event) => {
    const does = event.target.closest("[data-md-button]")?.dataset.mdButton;
    if (does === "table") block(field, TABLE);
    if (does === "add-image") askForImages(editor, field, []);
    if (does === "preview") showPreview(field);
    if (does === "big") toggleBig(editor, field, event.target.closest("button"));
  });
  takeImages(editor, field);
}

// Who asked for a preview sees it, and goes on writing where they were.
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = event.detail.ctx;
  if (target instanceof Element && target.matches(".k-preview")) target.scrollIntoView({ block: "nearest" });
});

function fill(bar) {
  const labels = bar.dataset.labels.split("|");
  const letters = Object.entries(SHORTCUTS);
  TOOLS.forEach(([name, drawing], number) => {
    const button = document.createElement("button");
    const letter = letters.find(([, does]) => does === name)?.[0];
    button.type = "button";
    button.tabIndex = -1;
    button.className = "k-write__tool";
    button.dataset.mdButton = name;
    button.innerHTML = `<svg class="k-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${drawing}"/></svg>`;
    if (name === "big") {
      button.append(Object.assign(document.createElement("span"), { textContent: labels[number] }));
      button.dataset.done = labels[number + 1];
    } else {
      button.title = letter ? `${labels[number]} (Ctrl+${letter.toUpperCase()})` : labels[number];
      button.setAttribute("aria-label", button.title);
    }
    bar.append(button);
  });
}

// Text as if it was typed: it can be undone, and who listens to what is typed hears of it.
function insert(field, text) {
  field.focus({ preventScroll: true });
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// The same, with an empty line before and after it.
function block(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const above = !before.trim() ? "" : "\n".repeat(Math.max(0, 2 - before.match(/\n*$/)[0].length));
  const below = "\n".repeat(Math.max(0, 2 - after.match(/^\n*/)[0].length));
  insert(field, `${above}${text}${below}`);
}

function showPreview(field) {
  field.form.querySelector("[data-preview]")?.click();
}

function shortcut(event, field, press) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  const { form } = field;
  if (key === "enter" && !event.shiftKey) {
    event.preventDefault();
    if (field.closest(".k-write--big")) press("big");
    form.requestSubmit(form.querySelector("[type=submit]:not([data-preview])"));
  } else if (key === "p" && event.shiftKey) {
    event.preventDefault();
    showPreview(field);
  } else if (key in SHORTCUTS && !event.shiftKey) {
    event.preventDefault();
    press(SHORTCUTS[key]);
  }
}

// @person and [[page]]: the options come from the server.
function complete(expander, field) {
  let newest = null;
  expander.addEventListener("text-expander-change", (event) => {
    const { key, text, provide } = event.detail;
    const wanted = pause().then(() => (wanted === newest ? options(PLACES[key], text) : null));
    newest = wanted;
    provide(settled().then((list) => ({ matched: list.children.length > 0, fragment: list })));
  });
  // An answer that nobody waits for any more would close the list of the one after it: all that were
  // asked get the last answer.
  async function settled() {
    let asked;
    let list;
    do {
      asked = newest;
      list = await asked;
    } while (asked !== newest);
    return list;
  }
  // Not by the element itself, which would set the whole value: that cannot be undone.
  expander.addEventListener("text-expander-value", (event) => {
    event.preventDefault();
    const { key, item } = event.detail;
    const caret = field.selectionEnd;
    field.setSelectionRange(field.value.lastIndexOf(key, caret - 1), caret);
    expander.dismiss();
    insert(field, item.dataset.value + (key === MENTION ? " " : ""));
  });
}

function pause() {
  return new Promise((resolve) => { setTimeout(resolve, 120); });
}

async function options(place, text) {
  const list = document.createElement("ul");
  list.className = "k-suggest";
  list.setAttribute("role", "listbox");
  if (!text.trim() || text.length > 80 || /[\]\n]/.test(text)) return list;
  try {
    const answer = await fetch(`${place}?q=${encodeURIComponent(text)}`, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
  } catch { /* Without a connection nothing is offered. */ }
  return list;
}

// The whole screen, for who writes much on little. What lies under it cannot be reached meanwhile.
function toggleBig(editor, field, button) {
  const big = editor.classList.toggle("k-write--big");
  for (let part = editor; part !== document.body; part = part.parentElement) {
    for (const sibling of part.parentElement.children) {
      if (sibling !== part && !sibling.matches("#live, #toast, script")) sibling.inert = big;
    }
  }
  document.documentElement.classList.toggle("k-big", big);
  const label = button.querySelector("span");
  [label.textContent, button.dataset.done] = [button.dataset.done, label.textContent];
  const leave = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !editor.isConnected) return;
    if (editor.classList.contains("k-write--big")) toggleBig(editor, field, button);
  };
  editor.onkeydown = big ? leave : null;
  field.focus({ preventScroll: true });
}

// Images that are chosen, dragged or pasted. Each one is asked for a description, then sent.
function takeImages(editor, field) {
  const images = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  field.addEventListener("paste", (event) => {
    // A table or a text from an office program comes with a picture of itself: the text counts.
    const found = event.clipboardData.types.includes("text/plain") ? [] : images(event.clipboardData);
    if (!found.length) return;
    event.preventDefault();
    askForImages(editor, field, found);
  });
  field.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    editor.classList.add("k-write--over");
  });
  for (const name of ["dragleave", "drop"]) {
    field.addEventListener(name, () => editor.classList.remove("k-write--over"));
  }
  field.addEventListener("drop", (event) => {
    const found = images(event.dataTransfer);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    askForImages(editor, field, found);
  });
}

async function askForImages(editor, field, files) {
  const { selectionStart, selectionEnd } = field;
  const asking = await import(editor.dataset.images);
  const markdown = await asking.askForImages(files, editor);
  field.focus({ preventScroll: true });
  field.setSelectionRange(selectionStart, selectionEnd);
  if (markdown.length) block(field, markdown.join("\n\n"));
}
