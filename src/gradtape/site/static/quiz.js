// The quiz: the answer that was opened last stays open, in this browser and nowhere else.
(() => {
  "use strict";
  const key = (fold) => `gradtape ${fold.getAttribute("name")}`;

  for (const fold of document.querySelectorAll("details[data-choice]")) {
    fold.open = localStorage.getItem(key(fold)) === fold.dataset.choice;
    fold.addEventListener("toggle", () => {
      if (fold.open) localStorage.setItem(key(fold), fold.dataset.choice);
      else if (localStorage.getItem(key(fold)) === fold.dataset.choice) localStorage.removeItem(key(fold));
    });
  }
})();
