// Keys of the conversations: "/" to the search, j k and arrows through the rows, n p to what comes next or before.
"use strict";

const rows = [...document.querySelectorAll(".talks tbody a")];

function step(by) {
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) {
    next.focus();
    next.closest("tr").scrollIntoView({ block: "nearest" });
  }
  return Boolean(next);
}

function follow(rel) {
  const link = document.querySelector(`main a[rel="${rel}"]`);
  if (link) link.click();
  return Boolean(link);
}

function search() {
  const field = document.querySelector('main input[type="search"]');
  if (field) field.focus();
  return Boolean(field);
}

const keys = {
  "/": search, j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  n: () => follow("next"), p: () => follow("prev"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const act = keys[event.key];
  if (act && act()) event.preventDefault();
});
