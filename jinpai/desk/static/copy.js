// A button copies the text of the field it names; without this script the field is selected and copied by hand.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      // a desk that is reached over plain HTTP from another computer has no clipboard
      done = document.execCommand("copy");
    }
    if (done) button.textContent = button.dataset.done;
  });
}
