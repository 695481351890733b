// Paper does not scroll: tables wider than their place are made smaller until all columns are there,
// in files (docs/exports.md) and when a browser prints by itself; grids then show all their rows.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var LEAST = 0.45, WIDE = ".desk :is(.scroll-x, .score-card .card-body, .hurry-scroll, .account-box, .record-sums, .board)";

  function fit() {
    document.querySelectorAll(WIDE).forEach(function (box) {
      var inner = box.firstElementChild, style = getComputedStyle(box);
      if (!inner || box.children.length > 1 || inner.style.zoom) { return; }
      var room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      var wide = inner.getBoundingClientRect().width;
      if (room > 0 && wide > room + 1) { inner.style.zoom = String(Math.max(LEAST, room / wide)); }
    });
  }

  function loosen() {
    document.querySelectorAll(WIDE).forEach(function (box) {
      if (box.firstElementChild) { box.firstElementChild.style.zoom = ""; }
    });
  }

  function grids(layout) {
    var known = window.dash_ag_grid;
    document.querySelectorAll(".ag-theme-quartz[id]").forEach(function (grid) {
      try { known.getApi(grid.id).setGridOption("domLayout", layout); } catch (error) { /* not there yet */ }
    });
  }

  if (document.documentElement.dataset.still) {
    // Before whoever draws the page looks a second time: letters may still make tables wider.
    setInterval(fit, 20);
  } else {
    window.addEventListener("beforeprint", function () { grids("print"); fit(); });
    window.addEventListener("afterprint", function () { loosen(); grids("normal"); });
  }
})();
