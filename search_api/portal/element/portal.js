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

/** A remark on an answer is sent without leaving it; its words go along, for it may change. */
function sendRemark(form) {
  const status = form.querySelector("[role=status]");
  const card = form.closest(".card");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = [...card.querySelectorAll(".answer")].map((part) => part.textContent).join("\n");
    const remark = {
      question: form.dataset.question,
      verdict: event.submitter.value,
      comment: form.elements.comment.value,
      answer: said.slice(0, 10000),
    };
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(remark),
      });
      status.textContent = response.ok
        ? "Đã ghi góp ý. Cảm ơn."
        : (await response.json()).detail || "Chưa ghi được góp ý.";
    } catch {
      status.textContent = "Chưa ghi được góp ý: không kết nối được với máy chủ.";
    }
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggestWhileTyping);
document.querySelectorAll("form.feedback").forEach(sendRemark);
