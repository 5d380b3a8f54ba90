// The queue: rows by the keys j and k or the arrows; the selected row is the one whose link has the focus.
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    const filters = document.getElementById("filters");
    // An address that people send says only what they chose.
    if (filters) {
      filters.addEventListener("formdata", (event) => {
        for (const [name, value] of Array.from(event.formData)) if (!value) event.formData.delete(name);
      });
    }
    const table = document.getElementById("queue");
    if (!table) return;
    const rows = Array.from(table.tBodies[0].rows);
    const link = (row) => row.querySelector("a");
    const place = () => rows.findIndex((row) => row.classList.contains("current"));

    function select(row) {
      const moved = row !== rows[place()];
      rows.forEach((each) => each.classList.toggle("current", each === row));
      if (!moved) return;
      // Going back, or reloading, finds the same row again.
      const address = new URL(location.href);
      address.searchParams.set("at", row.id.slice(4));
      address.searchParams.delete("notice");
      history.replaceState(history.state, "", address);
    }

    function move(step) {
      const next = place() + step;
      if (next >= rows.length) {
        const more = document.getElementById("next-page");
        if (more) more.focus();
        return;
      }
      const row = rows[Math.max(0, next)];
      link(row).focus();
      row.scrollIntoView({ block: "nearest" });
    }

    // The first press shows where the selection is; it moves when it is seen.
    function step(by) {
      const current = rows[place()];
      if (current && document.activeElement !== link(current)) {
        link(current).focus();
        current.scrollIntoView({ block: "nearest" });
      } else {
        move(by);
      }
    }

    table.addEventListener("focusin", (event) => {
      const row = event.target.closest("tbody tr");
      if (row) select(row);
    });
    table.addEventListener("click", (event) => {
      const row = event.target.closest("tbody tr");
      if (row && !event.target.closest("a, button") && !String(getSelection())) link(row).click();
    });
    desk.on("j ArrowDown", () => step(1), table.dataset.next);
    desk.on("k ArrowUp", () => step(-1), table.dataset.previous);
    desk.on("o", () => { const row = rows[place()]; if (row) link(row).click(); }, table.dataset.open);

    const asked = new URLSearchParams(location.search);
    const current = rows[place()];
    const typing = document.activeElement && document.activeElement !== document.body;
    if (current && !typing && (asked.has("at") || !asked.has("text"))) {
      link(current).focus({ preventScroll: !asked.has("at") });
      if (asked.has("at")) current.scrollIntoView({ block: "nearest" });
    }
  });
})();
