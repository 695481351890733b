// Follows links of chart marks, filters and plain anchors through the address, without a reload;
// with Ctrl, Shift or the switch "choose several" a mark's unit is chosen instead.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var heard = new WeakMap(), PICKING = "ioc-picking", MOST = 200, used = 0, went = 0;

  // Only this product's own addresses: "/x", never "//host", "javascript:" or a file to download.
  function safe(href) {
    return typeof href === "string" && /^\/(?![\/\\])/.test(href) && !/[\u0000-\u0020\\]/.test(href) &&
      !/^\/(export|assets|_dash|live|healthz)/.test(href);
  }

  function here() { return location.pathname + location.search; }

  function go(href) {
    if (!safe(href) || href === here()) { return false; }
    went = performance.now();
    history.pushState({}, "", href);
    document.dispatchEvent(new CustomEvent("ioc-went", { detail: href }));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo({ top: 0, behavior: "instant" });
    return true;
  }

  function first(value) {
    while (Array.isArray(value)) { value = value[0]; }
    return value;
  }

  // What a mark carries, where it leads and its unit: its own, or its trace's where a whole filled
  // area is one mark.
  function carried(point) {
    var area = point.pointNumber === undefined || point.pointNumber === null;
    var said = area ? (point.data || {}).customdata : point.customdata;
    while (Array.isArray(said) && Array.isArray(said[0])) { said = said[0]; }
    return Array.isArray(said) ? said : [said];
  }

  // --- choosing several -------------------------------------------------------------------------
  function chosen() {
    var said = new URLSearchParams(location.search).get("units");
    return said ? said.split(",").filter(Boolean) : [];
  }

  // The same address with other units chosen; the scroll stays, as one goes on choosing.
  function choose(keys) {
    var parts = new URLSearchParams(location.search);
    if (keys.length) { parts.set("units", keys.slice(0, MOST).join(",")); }
    else { parts.delete("units"); }
    var text = parts.toString().replace(/%2C/g, ","), top = window.scrollY;
    var went = go(location.pathname + (text ? "?" + text : ""));
    if (went) { window.scrollTo({ top: top, behavior: "instant" }); }
    return went;
  }

  function toggle(key) {
    var keys = chosen(), at = keys.indexOf(key);
    if (at < 0) { keys.push(key); } else { keys.splice(at, 1); }
    return choose(keys);
  }

  function picking() { return sessionStorage.getItem(PICKING) === "1"; }

  function setPicking(on) {
    sessionStorage.setItem(PICKING, on ? "1" : "0");
    show();
  }

  function show() {
    var on = picking(), button = document.getElementById("pick");
    document.documentElement.classList.toggle("picking", Boolean(button) && on);
    if (button) { button.setAttribute("aria-pressed", String(on)); }
  }

  function act(event) {
    var points = (event && event.points) || [], by = (event && event.event) || {};
    var several = by.ctrlKey || by.shiftKey || by.metaKey ||
      (picking() && document.getElementById("pick"));
    for (var i = 0; i < points.length; i++) {
      var said = carried(points[i]);
      if (several && typeof said[1] === "string") { toggle(said[1]); return; }
      if (go(first(said))) { return; }
    }
  }

  // A chart that is drawn anew has lost its listeners, so look at its emitter, not at a flag.
  function listen() {
    document.querySelectorAll(".js-plotly-plot").forEach(function (chart) {
      if (chart.on && chart._ev && heard.get(chart) !== chart._ev) {
        heard.set(chart, chart._ev);
        chart.on("plotly_click", act);
      }
    });
    show();
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest) { return; }
    if (event.target.closest("#pick")) { setPicking(!picking()); return; }
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey ||
        event.shiftKey || event.altKey) { return; }
    var anchor = event.target.closest("a[href]");
    if (!anchor || anchor.hasAttribute("download") || (anchor.target && anchor.target !== "_self")) {
      return;
    }
    var href = anchor.getAttribute("href");
    if (safe(href) && document.getElementById("page")) {
      event.preventDefault();
      go(href);
    }
  });

  // A chip can be taken away as text is, with Delete or Backspace; a row of a table of units is
  // chosen with the space bar on its box.
  document.addEventListener("keydown", function (event) {
    if (!event.target.closest) { return; }
    var cell = event.target.closest(".ag-cell[col-id=picked]"), chip;
    if (cell && event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      toggle(cell.closest(".ag-row").getAttribute("row-id"));
      return;
    }
    chip = event.target.closest("a.filter-chip");
    if (chip && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      chip.click();
    }
  }, true);                                  // the table keeps its keys from those further out

  function touched(event) {
    if (event.target.closest && event.target.closest("[class*='dash-dropdown'], [class*='dash-options']")) {
      used = performance.now();
    }
  }
  document.addEventListener("pointerdown", touched, true);
  document.addEventListener("keydown", touched, true);
  document.addEventListener("click", touched, true);   // how a screen reader chooses
  window.addEventListener("popstate", function () { went = performance.now(); });

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; listen(); }, 100);
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.iocGo = go;
  window.iocChoose = { keys: chosen, set: choose, toggle: toggle };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.ioc = Object.assign(window.dash_clientside.ioc || {}, {
    // A dropdown was put on the page or a person chose from it: only the latter comes after a touch
    // of a dropdown since the last address, and changes a value away from the address shown.
    follow: function () {
      var context = window.dash_clientside.callback_context;
      var triggered = (context && context.triggered) || [];
      if (triggered.length === 1) {
        var href = first(triggered[0].value);
        setTimeout(function () {             // after `shown` has told what is on the page now
          if (used > went && (!window.iocShown || href !== window.iocShown.href)) { go(href); }
        }, 0);
      }
      return window.dash_clientside.no_update;
    }
  });
})();
