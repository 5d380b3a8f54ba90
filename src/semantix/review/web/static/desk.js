// Shared by every page of the desk: keys, the list of keys, announcements, forms sent once, requests with their token.
//
// A button, link or field takes a key by its attributes alone:
//   <button data-key="a">         pressed by a         <a data-key="j">         followed by j
//   <input data-key="/">          focused by /         <button data-key="Ctrl+Enter">  also while typing in a field
//   data-key="s Ctrl+s"           either of two        data-key-label="…"       its words in the list of keys
// A page script may add keys without an element: desk.on("x", function, "words in the list").
(function () {
  "use strict";

  const root = document.documentElement;
  root.classList.add("script");
  const STORED = "semantix-desk-keys";
  const registered = [];
  const $ = (id) => document.getElementById(id);

  // --- keys ------------------------------------------------------------------------------------------------

  function parse(spec) {
    const parts = spec.split("+");
    const key = spec.endsWith("+") ? "+" : parts[parts.length - 1];
    const has = (name) => parts.length > 1 && parts.slice(0, -1).includes(name);
    return { key: key.length === 1 ? key.toLowerCase() : key, ctrl: has("Ctrl"), alt: has("Alt"), shift: has("Shift") };
  }

  // A French keyboard gives & é " for the keys of 1 2 3 without Shift: a digit is also known by its place.
  function fits(wanted, event, byPlace) {
    const ctrl = event.ctrlKey || event.metaKey;
    if (wanted.ctrl !== ctrl || wanted.alt !== event.altKey) return false;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const letter = /^\p{L}$/u.test(key);
    if ((letter || wanted.shift || wanted.key.length > 1) && wanted.shift !== event.shiftKey) return false;
    if (byPlace) return /^\d$/.test(wanted.key) && !event.shiftKey && event.code === "Digit" + wanted.key;
    return key === wanted.key;
  }

  function isTyping(target) {
    if (!(target instanceof Element)) return false;
    if (target.closest("[contenteditable]:not([contenteditable=false])")) return true;
    if (target.matches("textarea, select")) return true;
    return target.matches("input") && !/^(button|checkbox|radio|submit|reset|range|color|file|image)$/.test(target.type);
  }

  function isThere(element) {
    return element.isConnected && !element.disabled && element.getAttribute("aria-disabled") !== "true"
      && element.getClientRects().length > 0;
  }

  function all() {
    const scope = document.querySelector("dialog[open]") || document;
    const marked = Array.from(scope.querySelectorAll("[data-key]")).filter(isThere).map((element) => ({
      specs: element.dataset.key.split(" "), run: () => act(element), words: named(element),
    }));
    return scope === document ? marked.concat(registered) : marked;
  }

  function named(element) {
    if (element.dataset.keyLabel) return element.dataset.keyLabel;
    if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
    if (element.labels && element.labels.length) return element.labels[0].textContent.trim();
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .unseen").forEach((each) => each.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function act(element) {
    if (element.matches("textarea, select") || isTyping(element)) {
      element.focus();
      if (element.select) element.select();
    } else if (element.matches("a, button, summary, input, label")) {
      element.click();
    } else {
      element.focus();
    }
  }

  function find(event, plainToo) {
    for (const byPlace of [false, true]) {
      for (const entry of all()) {
        for (const spec of entry.specs) {
          const wanted = parse(spec);
          if ((plainToo || wanted.ctrl || wanted.alt) && fits(wanted, event, byPlace)) return entry;
        }
      }
    }
    return null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph")) return;
    if (event.key === "Escape" && isTyping(event.target) && !document.querySelector("dialog[open]")) {
      // Out of the field, so that the keys work again.
      event.target.blur();
      return;
    }
    const helping = event.key === "?" && !isTyping(event.target);
    const entry = find(event, !isTyping(event.target) && (areActive() || helping));
    if (!entry) return;
    event.preventDefault();
    // A key held down moves through a list, but saves once.
    if (event.repeat && !/^(j|k|Arrow\w+)$/.test(event.key)) return;
    entry.run();
  });

  // --- the list of keys ------------------------------------------------------------------------------------

  function areActive() {
    try { return localStorage.getItem(STORED) !== "off"; } catch { return true; }
  }

  function setActive(active) {
    try { localStorage.setItem(STORED, active ? "on" : "off"); } catch { /* private windows keep nothing */ }
  }

  function row(list, specs, words) {
    const term = document.createElement("dt");
    specs.forEach((spec, index) => {
      if (index) term.append(" ");
      const key = document.createElement("kbd");
      key.textContent = spec.replace("ArrowLeft", "←").replace("ArrowRight", "→").replace("ArrowUp", "↑")
        .replace("ArrowDown", "↓").replace("Escape", "Esc");
      term.append(key);
    });
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    list.append(term, meaning);
  }

  function showKeys() {
    const dialog = $("keys");
    const list = $("keys-list");
    if (!dialog || dialog.open) return;
    list.replaceChildren();
    for (const entry of all()) if (entry.words) row(list, entry.specs, entry.words);
    row(list, ["Escape"], list.dataset.close);
    $("keys-active").checked = areActive();
    dialog.showModal();
  }

  // --- words for everybody ---------------------------------------------------------------------------------

  let silence = 0;
  function announce(text) {
    const place = $("said");
    if (!place) return;
    place.textContent = "";
    clearTimeout(silence);
    // A reader of screens speaks again only when the text changes.
    requestAnimationFrame(() => { place.textContent = text; });
    silence = setTimeout(() => { place.textContent = ""; }, 6000);
  }

  // --- forms are sent once ---------------------------------------------------------------------------------
  // Those that change something, that is; one with data-again may be sent again at once.

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "again" in form.dataset || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    // After this event: a button that is off now would not be sent with the form.
    setTimeout(() => buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true")), 0);
    setTimeout(() => free(form), 15000);
  });

  function buttons(form) {
    return Array.from(form.elements).filter((element) => element.matches("button, input[type=submit]"));
  }

  function free(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  }

  // Going back shows the page as it was left: its forms can be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(free);
  });

  // --- requests --------------------------------------------------------------------------------------------

  // Returns the answer; a session that is over leads to the sign-in page, which leads back here.
  async function request(method, address, value) {
    const headers = { Accept: "application/json", "X-CSRF-Token": document.querySelector("meta[name=csrf-token]").content };
    if (value !== undefined) headers["Content-Type"] = "application/json";
    try {
      const body = value === undefined ? undefined : JSON.stringify(value);
      const answer = await fetch(address, { method, headers, body, credentials: "same-origin" });
      if (answer.status === 401) {
        location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
      }
      return answer;
    } catch (error) {
      announce(document.body.dataset.offline);
      throw error;
    }
  }

  window.desk = {
    on(specs, run, words) { registered.push({ specs: specs.split(" "), run, words: words || "" }); },
    get: (address) => request("GET", address),
    post: (address, value) => request("POST", address, value === undefined ? {} : value),
    announce, showKeys,
  };

  document.addEventListener("DOMContentLoaded", () => {
    const button = $("show-keys");
    if (button) button.addEventListener("click", showKeys);
    const active = $("keys-active");
    if (active) active.addEventListener("change", () => setActive(active.checked));
    const first = document.querySelector("[data-focus]");
    if (first) first.focus();
  });
})();
