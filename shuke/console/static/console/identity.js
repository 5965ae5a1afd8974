// Pairs are answered by key as well as by hand; a form is sent once.
(() => {
  "use strict";
  const root = document.body;
  const switcher = document.querySelector("[data-keys]");
  let on = localStorage.getItem("pair-keys") !== "0";

  const show = () => {
    root.classList.toggle("keys-off", !on);
    if (switcher) switcher.textContent = on ? switcher.dataset.off : switcher.dataset.on;
  };
  show();
  if (switcher) {
    switcher.addEventListener("click", () => {
      on = !on;
      localStorage.setItem("pair-keys", on ? "1" : "0");
      show();
    });
  }

  document.addEventListener("keydown", (event) => {
    if (!on || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    // The place of the key, not its letter: an open input method for Chinese hides the letter.
    const wanted = event.code.replace("Numpad", "Digit");
    const button = document.querySelector(`button[data-key="${CSS.escape(wanted)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  // Back in history shows the form again: it may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
