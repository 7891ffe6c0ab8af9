// Keywords that are in use are offered while one types, so that one thing does not get two names.
// Markup: keywords() in templates/components/editor.html.

const WAIT = 150;
const enhanced = new WeakSet();

export async function enhance(box) {
  const field = box.querySelector("input");
  if (!field || enhanced.has(box)) return;
  enhanced.add(box);
  const { Combobox } = await import(box.dataset.elements);
  let open = null;
  let timer = 0;
  let latest = 0;

  const close = () => {
    latest += 1;
    open?.destroy();
    open?.list.remove();
    open = null;
  };
  const offer = async () => {
    const { start, end } = wordAt(field);
    const mine = ++latest;
    const list = await options(field.value.slice(start, end).trim(), others(field, start, end));
    if (mine !== latest || document.activeElement !== field) return;
    close();
    if (!list.children.length) return;
    field.after(list);
    open = new Combobox(field, list, { tabInsertsSuggestions: false });
    open.start();
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("combobox-commit", (event) => {
      choose(field, event.target.dataset.value);
      close();
    });
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(offer, WAIT); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) { event.preventDefault(); close(); }
  });
  // Who began to type before this script came is helped as well.
  if (document.activeElement === field && field.value !== field.defaultValue) offer();
}

// Where the keyword under the caret stands in the field.
function wordAt(field) {
  const caret = field.selectionEnd;
  const start = field.value.lastIndexOf(",", caret - 1) + 1;
  const comma = field.value.indexOf(",", caret);
  return { start, end: comma === -1 ? field.value.length : comma };
}

function others(field, start, end) {
  const rest = `${field.value.slice(0, start)},${field.value.slice(end)}`;
  return new Set(rest.split(",").map((word) => word.trim().toLowerCase()));
}

async function options(text, taken) {
  const list = document.createElement("ul");
  list.className = "k-suggest";
  list.setAttribute("role", "listbox");
  if (!text || text.length > 80) return list;
  try {
    const answer = await fetch(`/suggest/tags?q=${encodeURIComponent(text)}`);
    if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
  } catch { /* Without a connection nothing is offered. */ }
  for (const option of [...list.children]) {
    if (taken.has(option.dataset.value.toLowerCase())) option.remove();
  }
  return list;
}

function choose(field, name) {
  const { start, end } = wordAt(field);
  const before = field.value.slice(0, start).trimEnd();
  const after = field.value.slice(end);
  const text = `${before}${before ? " " : ""}${name}${after || ", "}`;
  field.value = text;
  const caret = text.length - after.length;
  field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
