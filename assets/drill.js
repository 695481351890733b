// Follows links of chart marks, filters and plain anchors through the address, without a reload.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var heard = new WeakMap();

  // Only this product's own addresses: "/x", never "//host", "javascript:" or a file to download.
  function safe(href) {
    return typeof href === "string" && /^\/(?![\/\\])/.test(href) && !/[\u0000-\u0020\\]/.test(href) &&
      !/^\/(export|assets|_dash|live|healthz)/.test(href);
  }

  function here() { return location.pathname + location.search; }

  function go(href) {
    if (!safe(href) || href === here()) { return false; }
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo({ top: 0, behavior: "instant" });
    return true;
  }

  function first(value) {
    while (Array.isArray(value)) { value = value[0]; }
    return value;
  }

  // The link of a mark: its own, or its trace's where a whole filled area is one mark.
  function link(point) {
    var area = point.pointNumber === undefined || point.pointNumber === null;
    return first(area ? (point.data || {}).customdata : point.customdata);
  }

  function follow(points) {
    for (var i = 0; i < points.length; i++) {
      if (go(link(points[i]))) { return; }
    }
  }

  // A chart that is drawn anew has lost its listeners, so look at its emitter, not at a flag.
  function listen() {
    document.querySelectorAll(".js-plotly-plot").forEach(function (chart) {
      if (chart.on && chart._ev && heard.get(chart) !== chart._ev) {
        heard.set(chart, chart._ev);
        chart.on("plotly_click", function (event) { follow((event && event.points) || []); });
      }
    });
  }

  document.addEventListener("click", function (event) {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey ||
        event.shiftKey || event.altKey || !event.target.closest) { return; }
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

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; listen(); }, 100);
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.ioc = Object.assign(window.dash_clientside.ioc || {}, {
    // A dropdown was put on the page or a person chose from it: only the latter changes a value
    // away from the address that is shown.
    follow: function () {
      var context = window.dash_clientside.callback_context;
      var triggered = (context && context.triggered) || [];
      if (triggered.length === 1) {
        var href = first(triggered[0].value);
        setTimeout(function () {             // after `shown` has told what is on the page now
          if (!window.iocShown || href !== window.iocShown.href) { go(href); }
        }, 0);
      }
      return window.dash_clientside.no_update;
    }
  });
})();
