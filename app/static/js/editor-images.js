// A dialog that asks what an image shows, and sends it. The form in it is that of /images/new, which
// serves who has no script.

export async function askForImages(files, words) {
  const queue = [...files];
  const markdown = [];
  const form = await formFor();
  if (!form) return markdown;
  do {
    const made = await ask(form.cloneNode(true), queue, words);
    if (made === null) break;
    markdown.push(made);
  } while (queue.length);
  return markdown;
}

function complain(text) {
  document.dispatchEvent(new CustomEvent("kring:complain", { detail: { text } }));
}

async function formFor() {
  try {
    const answer = await fetch("/images/new");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector('form[action="/images"]');
    if (form) form.dataset.title = page.querySelector("h1").textContent;
    else complain(document.body.dataset.forbidden);
    return form;
  } catch {
    complain(document.body.dataset.offline);
    return null;
  }
}

// Resolves to the Markdown of one image; to null when it is not to be added after all.
function ask(form, queue, words) {
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  const trouble = document.createElement("p");
  const shown = document.createElement("img");
  const cancel = document.createElement("button");
  const chosen = form.elements.file;
  title.id = "image-dialog-title";
  title.textContent = form.dataset.title;
  dialog.className = "k-dialog";
  dialog.setAttribute("aria-labelledby", title.id);
  trouble.className = "utrecht-form-field-error-message";
  trouble.setAttribute("role", "alert");
  shown.className = "k-dialog__image";
  shown.alt = "";
  shown.hidden = true;
  cancel.className = "utrecht-button utrecht-button--subtle";
  cancel.type = "button";
  cancel.textContent = words.dataset.cancel;
  cancel.addEventListener("click", () => dialog.close());
  form.querySelector("[type=submit]").after(cancel);
  form.prepend(trouble, shown);
  dialog.append(title, form);

  const show = (file) => {
    const reader = new FileReader();
    reader.onload = () => { shown.src = reader.result; shown.hidden = false; };
    reader.readAsDataURL(file);
  };
  const put = (file) => {
    const holder = new DataTransfer();
    holder.items.add(file);
    chosen.files = holder.files;
    show(file);
  };
  chosen.multiple = true;
  chosen.addEventListener("change", () => {
    if (!chosen.files.length) return;
    const [first, ...others] = chosen.files;
    queue.splice(0, queue.length, ...others);
    put(first);
  });
  if (queue.length) {
    put(queue.shift());
    chosen.closest(".utrecht-form-field").hidden = true;
  }

  document.body.append(dialog);
  dialog.showModal();
  (queue.length || chosen.files.length ? form.elements.alt : chosen).focus();
  return new Promise((resolve) => {
    let markdown = null;
    dialog.addEventListener("close", () => { dialog.remove(); resolve(markdown); });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("[type=submit]");
      if (button.disabled) return;
      button.disabled = true;
      trouble.textContent = "";
      announce(words.dataset.sending);
      try {
        markdown = await send(form);
        dialog.close();
      } catch (error) {
        trouble.textContent = error.message;
        (form.elements.alt.value.trim() ? chosen : form.elements.alt).focus();
      }
      button.disabled = false;
    });
  });
}

function announce(text) {
  document.dispatchEvent(new CustomEvent("kring:announce", { detail: { text } }));
}

// Returns the Markdown; throws an error that says what is wrong.
async function send(form) {
  const words = document.body.dataset;
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    });
  } catch {
    throw new Error(words.offline);
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.markdown) return said.markdown;
  throw new Error(said.message ?? words.failed);
}
