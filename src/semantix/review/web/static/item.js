// The item page: the selected candidate and its keys, the fragments that are fetched, the form changed without leaving.
(function () {
  "use strict";

  const $ = (id) => document.getElementById(id);
  const PAUSE = 180;

  document.addEventListener("DOMContentLoaded", () => {
    const list = $("candidates");
    const cards = list ? Array.from(list.querySelectorAll(".candidate")) : [];
    const words = document.querySelector(".desk-columns").dataset;
    const selected = () => cards.find((card) => card.classList.contains("selected"));
    const link = (card) => card.querySelector(".pick");

    // --- fragments -----------------------------------------------------------------------------------------

    // Server-rendered and escaped there; parsed without running anything.
    function fill(place, text) {
      const parsed = new DOMParser().parseFromString(text, "text/html");
      place.replaceChildren(...Array.from(parsed.body.childNodes).map((node) => document.importNode(node, true)));
    }

    async function load(address, signal) {
      const answer = await fetch(address, { headers: { "X-Fragment": "1" }, credentials: "same-origin", signal });
      if (answer.redirected || answer.status === 401) {
        location.reload();
        throw new Error("signed out");
      }
      return answer.text();
    }

    function withMore(address, more) {
      const url = new URL(address, location.href);
      for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
      return url;
    }

    // --- the selected candidate ----------------------------------------------------------------------------

    const concepts = new Map();
    let wanted = 0;

    async function showConcept(card) {
      const place = $("concept");
      if (!place || !card) return;
      const key = card.dataset.system + " " + card.dataset.code;
      const turn = ++wanted;
      place.setAttribute("aria-busy", "true");
      try {
        if (!concepts.has(key)) {
          const more = { system: card.dataset.system, code: card.dataset.code };
          concepts.set(key, await load(withMore(place.dataset.address, more)));
        }
        if (turn === wanted) fill(place, concepts.get(key));
      } catch { /* the link that stands there still leads to it */ } finally {
        if (turn === wanted) place.removeAttribute("aria-busy");
      }
    }

    function select(card, focus) {
      if (!card) return;
      const changed = card !== selected();
      cards.forEach((each) => {
        each.classList.toggle("selected", each === card);
        if (each === card) link(each).setAttribute("aria-current", "true");
        else link(each).removeAttribute("aria-current");
      });
      if (focus) {
        link(card).focus({ preventScroll: true });
        card.scrollIntoView({ block: "nearest" });
      }
      if (changed) showConcept(card);
    }

    function press(name) {
      const card = selected();
      const button = card && card.querySelector("[data-act=" + name + "]");
      if (button) button.click();
    }

    if (list) {
      list.addEventListener("click", (event) => {
        const card = event.target.closest(".candidate");
        if (!card) return;
        const picked = event.target.closest(".pick");
        if (picked) event.preventDefault();
        if (picked || !event.target.closest("button, a")) select(card, Boolean(picked));
      });
      list.addEventListener("keydown", (event) => {
        const picked = event.target.closest(".pick");
        if (!picked || event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        // Enter accepts the candidate that was selected before: the key that opened this page does not.
        event.preventDefault();
        if (event.repeat) return;
        const card = picked.closest(".candidate");
        if (card === selected() && list.dataset.armed) press("accept");
        else select(card, true);
        list.dataset.armed = "yes";
      });
      // Enter where nothing has the focus accepts too, but not the second of two that opened this page.
      document.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== document.body || event.repeat || performance.now() < 500) return;
        if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
        if (!document.querySelector("dialog[open]")) press("accept");
      });
      list.addEventListener("focusin", (event) => {
        if (event.target.matches(".pick")) select(event.target.closest(".candidate"), false);
        setTimeout(() => { list.dataset.armed = "yes"; }, 0);
      });
      for (let number = 1; number <= 9; number += 1) {
        desk.on(String(number), () => select(cards[number - 1], true), number === 1 ? words.keyPick : "");
      }
      const at = () => cards.indexOf(selected());
      desk.on("ArrowDown", () => select(cards[Math.min(at() + 1, cards.length - 1)], true), words.keyMove);
      desk.on("ArrowUp", () => select(cards[Math.max(at() - 1, 0)], true), "");
      if (list.querySelector("[data-act]")) {
        desk.on("a", () => press("accept"), words.keyAccept);
        desk.on("b", () => press("broad"), words.keyBroad);
        desk.on("n", () => press("narrow"), words.keyNarrow);
        desk.on("c", () => press("close"), words.keyClose);
        desk.on("r", () => press("related"), words.keyRelated);
        desk.on("t", () => press("add"), words.keyAdd);
        desk.on("e", () => press("refuse"), words.keyRefuse);
      }
      if ($("concept") && !$("concept").dataset.loaded) showConcept(selected());
    }

    // --- similar terms -------------------------------------------------------------------------------------

    const similar = $("similar");
    if (similar && !similar.dataset.loaded) {
      load(new URL(similar.dataset.address, location.href)).then((text) => fill(similar, text), () => {});
    }

    // --- the form, changed in place ------------------------------------------------------------------------

    const EDITING = /^(add|refuse|remove|by-hand)\b/;
    let form = $("judgement");

    function mark() {
      const chosen = new Set();
      const refused = new Set();
      form.querySelectorAll("#rows > li").forEach((row) => {
        const field = (name) => row.querySelector("[name=target_" + name + "]").value;
        (field("refused") === "1" ? refused : chosen).add(field("system") + " " + field("code"));
      });
      cards.forEach((card) => {
        const key = card.dataset.system + " " + card.dataset.code;
        card.classList.toggle("chosen", chosen.has(key));
        card.classList.toggle("refused", refused.has(key));
      });
    }

    async function edit(event) {
      const button = event.submitter;
      if (!button || !EDITING.test(button.value)) return;
      event.preventDefault();
      const part = $("judgement-part");
      const body = new URLSearchParams(new FormData(form, button));
      const inside = form.contains(button);
      let answer;
      try {
        answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      } catch {
        desk.announce(document.body.dataset.offline);
        return;
      }
      if (!answer.ok || answer.redirected) {
        // Refused: the whole page says why, and keeps what was typed.
        button.dataset.whole = "yes";
        form.removeEventListener("submit", edit);
        form.requestSubmit(button);
        return;
      }
      fill(part, await answer.text());
      form = $("judgement");
      form.addEventListener("submit", edit);
      mark();
      // The button is gone with the old form: the focus goes on from where it was.
      if (inside) (form.querySelector("#rows button") || $("note")).focus();
      desk.announce(words.changed);
    }

    if (form) form.addEventListener("submit", edit);

    // --- search while typing -------------------------------------------------------------------------------

    const search = $("search");
    if (search) {
      const found = $("found");
      const text = $("find-text");
      let timer = 0;
      let running = null;

      function address(scan) {
        const more = {};
        for (const [name, value] of new FormData(search)) {
          if (name.startsWith("find_") && name !== "find_scan") more[name.slice(5)] = value;
        }
        if (scan) more.scan = "1";
        const url = new URL(search.dataset.address, location.href);
        // The search has fields of the same names as the filters of the queue: its own are meant here.
        for (const name of ["text", "system", "domain", "standard", "valid"]) url.searchParams.delete(name);
        for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
        return url;
      }

      async function look(scan) {
        if (running) running.abort();
        running = new AbortController();
        const mine = running;
        found.setAttribute("aria-busy", "true");
        try {
          const answer = await load(address(scan), mine.signal);
          if (mine !== running) return;
          fill(found, answer);
          domains();
          const count = found.querySelectorAll(".hits > li").length;
          if (text.value.trim()) {
            desk.announce(count ? found.dataset.count.replace("{count}", count) : found.dataset.none);
          }
        } catch (error) {
          if (error.name !== "AbortError") desk.announce(document.body.dataset.offline);
        } finally {
          if (mine === running) found.removeAttribute("aria-busy");
        }
      }

      function domains() {
        const given = found.querySelector("template[data-domains]");
        const box = $("find-domain");
        if (!given || !box) return;
        const first = box.options[0];
        box.replaceChildren(first, ...Array.from(given.content.cloneNode(true).children));
        $("domain-part").hidden = box.options.length < 2;
      }

      text.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => look(false), PAUSE);
      });
      search.addEventListener("change", (event) => {
        if (event.target === text) return;
        if (event.target.id === "find-system") $("find-domain").value = "";
        look(false);
      });
      search.addEventListener("submit", (event) => {
        event.preventDefault();
        clearTimeout(timer);
        look(true);
      });
      text.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowDown") return;
        const first = found.querySelector("button");
        if (first) {
          event.preventDefault();
          first.focus();
        }
      });
    }

    // A notice is of what was just done: reloading the page does not say it again.
    const here = new URL(location.href);
    if (here.searchParams.has("notice")) {
      here.searchParams.delete("notice");
      here.searchParams.delete("done");
      history.replaceState(history.state, "", here);
    }
  });
})();
