// Predictions: what is chosen stays in this browser, and is held against what came out.
(() => {
  "use strict";
  const key = (question) => `gradtape ${question}`;

  for (const field of document.querySelectorAll(".gt-predict")) {
    const question = field.dataset.question;
    const inputs = [...field.querySelectorAll("input")];
    const kept = localStorage.getItem(key(question));
    for (const input of inputs) {
      if (input.type === "radio") input.checked = input.value === kept;
      else if (kept !== null) input.value = kept;
      input.addEventListener("change", () => {
        localStorage.setItem(key(question), input.value);
        document.dispatchEvent(new CustomEvent("gt-predicted", { detail: question }));
      });
    }
  }

  for (const details of document.querySelectorAll(".gt-outcome")) {
    const told = JSON.parse(details.dataset.outcome);
    const verdict = details.querySelector(".gt-verdict");
    const compare = () => {
      const chosen = localStorage.getItem(key(told.question));
      if (chosen === null || chosen === "") {
        verdict.textContent = told.none;
        return;
      }
      const field = document.querySelector(`.gt-predict[data-question="${told.question}"]`);
      const input = field && [...field.querySelectorAll("input")].find((each) => each.value === chosen);
      const words = input?.type === "radio" ? input.parentElement.textContent.trim() : chosen;
      const agrees = typeof told.outcome === "number"
        ? Math.abs(Number(chosen.replace("−", "-")) - told.outcome) <= told.tolerance * Math.max(Math.abs(told.outcome), 1e-9)
        : chosen === told.outcome;
      verdict.textContent = `${told.expected} ${words}. ${agrees ? told.right : told.otherwise}`;
    };
    details.addEventListener("toggle", compare);
    document.addEventListener("gt-predicted", compare);
  }
})();
