// The console's own few lines: search by "/", the folding navigation, questions before hard steps, copying words.
(() => {
  "use strict";
  const root = document.body;

  const fold = (on) => {
    root.classList.toggle("folded", on);
    document.querySelectorAll("[data-fold]").forEach((b) => b.setAttribute("aria-expanded", String(!on)));
  };
  if (root.classList.contains("framed") && localStorage.getItem("folded") === "1") fold(true);

  document.addEventListener("click", (event) => {
    const folder = event.target.closest("[data-fold]");
    if (folder) {
      const on = !root.classList.contains("folded");
      fold(on);
      localStorage.setItem("folded", on ? "1" : "0");
    }
    const asked = event.target.closest("[data-confirm]");
    if (asked && !window.confirm(asked.dataset.confirm)) event.preventDefault();
    const closer = event.target.closest("[data-close]");
    if (closer) {
      const place = document.querySelector(closer.dataset.close);
      if (place) place.replaceChildren();
    }
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
    if (event.target.closest("[data-print]")) window.print();
  });

  const copy = async (button) => {
    const words = document.querySelector(button.dataset.copy);
    if (!words) return;
    const text = words.innerText.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without a secure address browsers keep the clipboard shut: select the words, so that one press copies them.
      const range = document.createRange();
      range.selectNodeContents(words);
      const chosen = window.getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      document.execCommand("copy");
    }
    const before = button.textContent;
    button.textContent = button.dataset.done || before;
    window.setTimeout(() => { button.textContent = before; }, 2500);
  };

  document.addEventListener("keydown", (event) => {
    const box = document.getElementById("search");
    if (event.key !== "/" || !box || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-go]")) event.target.form.submit();
  });

  // A file in a form: go to the line that is named.
  const toLine = (box, number) => {
    const lines = box.value.split("\n");
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    box.focus({ preventScroll: true });
    box.setSelectionRange(start, start + (lines[number - 1] || "").length);
    const height = box.scrollHeight / Math.max(lines.length, 1);
    box.scrollTop = Math.max(0, (number - 5) * height);
  };
  const wrong = document.querySelector("textarea[data-line]");
  if (wrong) toLine(wrong, Number(wrong.dataset.line));
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-to-line]");
    const box = document.getElementById("text");
    if (asked && box) toLine(box, Number(asked.dataset.toLine));
  });

  const drop = document.querySelector("[data-drop]");
  if (drop) {
    const input = drop.querySelector("input[type=file]");
    const told = drop.querySelector("[data-chosen]");
    const show = () => { told.textContent = Array.from(input.files, (f) => f.name).join("  "); };
    input.addEventListener("change", show);
    ["dragover", "dragleave", "drop"].forEach((name) => drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") { input.files = event.dataTransfer.files; show(); }
    }));
    drop.addEventListener("submit", () => {
      const button = drop.querySelector("[type=submit]");
      button.disabled = true;
      button.textContent = button.dataset.busy;
    });
  }
})();
