// Files dropped on the form are as good as files chosen in it; without this script the form works as it stands.
"use strict";
for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  const tell = () => {
    const names = Array.from(input.files, (file) => file.name);
    const many = chosen.dataset.words.replace("#", String(names.length));
    chosen.textContent = names.length ? `${many}：${names.slice(0, 5).join("、")}${names.length > 5 ? " …" : ""}` : "";
  };
  input.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    tell();
  });
}
