/** What the pages gain where scripts run; every one of them works without. */

import { Combobox, fetchSuggestions } from "./combobox.js";

function suggestWhileTyping(input) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  const status = document.createElement("span");
  status.className = "hidden";
  status.setAttribute("role", "status");
  input.after(list, status);
  const address = new URL(input.dataset.suggest, location.href);
  new Combobox({
    input,
    list,
    status,
    suggest: (typed, signal) => fetchSuggestions(address, typed, signal),
    choose: () => input.form.requestSubmit(),
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggestWhileTyping);
