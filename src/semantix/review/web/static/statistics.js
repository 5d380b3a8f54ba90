// The statistics on paper: the button prints, and what is folded is opened for the paper.
(function () {
  "use strict";

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("main details.printed:not([open])"));
    opened.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((each) => { each.open = false; });
    opened = [];
  });
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("print");
    if (button) button.addEventListener("click", () => window.print());
  });
})();
