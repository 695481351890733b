// The parts of the filter bar that are no dropdowns: days and moments, the box that finds any
// unit or indicator, and the button that opens the bar on a phone. Each is built within an empty
// element of the page, which the renderer leaves alone, and built again when that is replaced.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var PAUSE = 250, TYPING = 900;

  function make(tag, parts, children) {
    var element = document.createElement(tag);
    Object.keys(parts || {}).forEach(function (name) {
      if (name === "text") { element.textContent = parts[name]; }
      else if (parts[name] !== null) { element.setAttribute(name, parts[name]); }
    });
    (children || []).forEach(function (child) { element.appendChild(child); });
    return element;
  }

  function address(name, value) {
    var parts = new URLSearchParams(location.search);
    if (value) { parts.set(name, value); } else { parts.delete(name); }
    var text = parts.toString();
    return location.pathname + (text ? "?" + text : "");
  }

  // --- a day or a moment ------------------------------------------------------------------------
  // A native calendar tells of every whole value while a time is still being chosen: wait for a pause.
  function buildDay(box) {
    var said = box.dataset, timer = null, id = box.id + "-input";
    var field = window.iocDay({
      id: id, moment: said.kind !== "date", max: said.max, title: said.hint, changed: function () {
        clearTimeout(timer);
        timer = setTimeout(apply, TYPING);
      }
    });
    var label = make("label", { "for": id, text: said.label });
    field.set(said.value);
    function apply() {
      clearTimeout(timer);
      var value = field.get();
      if (value === null || value === (box.dataset.value || "")) { return; }
      var moment = value && said.kind !== "date" ? value + "+07:00" : value;
      window.iocGo(address(said.part, moment));
    }
    field.input.addEventListener("blur", apply);
    field.input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); apply(); }
    });
    box.appendChild(label);
    box.appendChild(field.element);
    if (said.clear) {
      var clear = make("button", {
        type: "button", "class": "day-clear", title: said.clear, "aria-label": said.clear, text: "×"
      });
      clear.addEventListener("click", function () { field.set(""); apply(); });
      box.appendChild(clear);
    }
    // The same element may be kept for another address: follow what it says.
    new MutationObserver(function () {
      if (document.activeElement !== field.input) { field.set(box.dataset.value); }
      field.limit(box.dataset.max);
      label.textContent = box.dataset.label;
    }).observe(box, { attributes: true, attributeFilter: ["data-value", "data-max", "data-label"] });
  }

  // --- find any unit or indicator ---------------------------------------------------------------
  function buildFind(box) {
    var timer = null, asked = 0, at = -1, options = [];
    function words(key) { return JSON.parse(box.dataset.words)[key]; }
    var input = make("input", {
      type: "search", id: "find-input", role: "combobox", autocomplete: "off", spellcheck: "false",
      placeholder: words("find"), title: words("find_hint"), "aria-label": words("find"),
      "aria-expanded": "false", "aria-controls": "find-list", "aria-autocomplete": "list", maxlength: "80"
    });
    var list = make("ul", { id: "find-list", role: "listbox", "aria-label": words("find") });
    var told = make("div", { "class": "visually-hidden", role: "status" });
    list.hidden = true;

    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function show(found, text) {
      list.textContent = "";
      at = -1;
      options = found.map(function (one, place) {
        var option = make("li", { id: "find-" + place, role: "option", "aria-selected": "false" }, [
          make("span", { "class": "find-label", text: one.label }),
          make("span", { "class": "find-hint", text: one.hint })
        ]);
        option.addEventListener("mousedown", function (event) { event.preventDefault(); });
        option.addEventListener("click", function () { follow(one.href); });
        option.dataset.href = one.href;
        list.appendChild(option);
        return option;
      });
      if (!found.length) { list.appendChild(note(words("find_none").replace("{text}", text))); }
      told.textContent = words("find_count").replace("{count}", String(found.length));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }

    function note(text) {
      return make("li", { "class": "find-note", role: "option", "aria-disabled": "true", text: text });
    }

    function follow(href) {
      close();
      input.value = "";
      window.iocGo(href);
    }

    function ask() {
      var text = input.value.trim(), mine = ++asked;
      if (!text) { close(); return; }
      var parts = new URLSearchParams({ q: text, address: location.pathname + location.search });
      fetch("/find?" + parts.toString(), { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      }).then(function (said) {
        if (mine === asked && input.value.trim() === text) { show(said.found, text); }
      }).catch(function () {
        if (mine !== asked) { return; }
        list.textContent = "";
        list.appendChild(note(words("find_failed")));
        list.hidden = false;
      });
    }

    function move(step) {
      if (!options.length || list.hidden) { return; }
      if (options[at]) { options[at].setAttribute("aria-selected", "false"); }
      at = (at + step + options.length) % options.length;
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[at].id);
    }

    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); move(at < 0 ? 0 : -1); }
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter") {
        event.preventDefault();
        var option = options[at < 0 ? 0 : at];
        if (!list.hidden && option) { follow(option.dataset.href); } else { ask(); }
      }
    });
    input.addEventListener("blur", function () { setTimeout(close, 150); });
    input.addEventListener("focus", function () { if (input.value.trim()) { ask(); } });
    box.appendChild(input);
    box.appendChild(list);
    box.appendChild(told);
    new MutationObserver(function () {
      input.placeholder = words("find");
      input.title = words("find_hint");
      input.setAttribute("aria-label", words("find"));
    }).observe(box, { attributes: true, attributeFilter: ["data-words"] });
  }

  // --- the bar on a phone, and menus that close --------------------------------------------------
  function opened(on) {
    var root = document.documentElement, button = document.getElementById("filters-open");
    root.classList.toggle("filters-shown", on);
    if (button) { button.setAttribute("aria-expanded", String(on)); }
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest) { return; }
    if (event.target.closest("#filters-open")) {
      opened(!document.documentElement.classList.contains("filters-shown"));
    }
    document.querySelectorAll("details.filter-menu[open]").forEach(function (menu) {
      var within = menu.contains(event.target) ||
        event.target.closest(".dash-dropdown-content, .dash-dropdown-wrapper");
      if (!within && document.contains(event.target)) { menu.open = false; }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !event.target.closest) { return; }
    var menu = event.target.closest("details.filter-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // The choice is made and drawn: on a phone the figures are what one wants to see.
  document.addEventListener("ioc-went", function () {
    document.querySelectorAll("details.filter-menu[open]").forEach(function (menu) {
      if (menu.id === "views") { menu.open = false; }
    });
  });

  function build() {
    document.querySelectorAll(".day-box").forEach(function (box) {
      if (!box.firstChild) { buildDay(box); }
    });
    document.querySelectorAll(".find-box").forEach(function (box) {
      if (!box.firstChild) { buildFind(box); }
    });
    var button = document.getElementById("filters-open");
    if (button) {
      var on = String(document.documentElement.classList.contains("filters-shown"));
      if (button.getAttribute("aria-expanded") !== on) { button.setAttribute("aria-expanded", on); }
    }
  }

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; build(); }, 30);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
