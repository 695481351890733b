// Mends what ready-made components tell screen readers and keyboards; see docs/design.md.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }

  var count = 0;

  function drop(selector, names) {
    document.querySelectorAll(selector).forEach(function (one) {
      names.forEach(function (name) { one.removeAttribute(name); });
    });
  }

  function mend() {
    // A dropdown hands the Tab key on from a hidden field, which the style sheet takes away: its
    // button is the better stop. The button says what is chosen but not what for.
    document.querySelectorAll(".dash-dropdown-wrapper").forEach(function (one) {
      var button = one.querySelector("button.dash-dropdown");
      var label = one.closest("label") && one.closest("label").querySelector("span");
      if (button && !button.disabled && button.tabIndex !== 0) { button.tabIndex = 0; }
      if (!button || !label || one.contains(label)) { return; }
      var value = button.querySelector(".dash-dropdown-value");
      if (!label.id) { label.id = "label-" + (count += 1); }
      var chosen = value && value.id && !value.classList.contains("dash-dropdown-placeholder");
      var named = label.id + (chosen ? " " + value.id : "");
      if (button.getAttribute("aria-labelledby") !== named) {
        button.setAttribute("aria-labelledby", named);
      }
    });
    // Check boxes and radio buttons in labels are no list box: the fields speak for themselves.
    drop(".dash-checklist[role=listbox], .dash-radioitems[role=listbox]", ["role"]);
    drop(".dash-checklist [role=option], .dash-radioitems [role=option]", ["role", "aria-selected"]);
  }

  var STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

  function after(table) {
    var found = Array.prototype.filter.call(document.querySelectorAll(STOPS), function (one) {
      return one.tabIndex >= 0 && !one.disabled && one.getClientRects().length > 0 &&
        table.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING &&
        !table.contains(one);
    })[0];
    return found || document.querySelector(".foot");
  }

  // A table of thousands of cells is one stop: arrows go from cell to cell, Tab goes on behind it,
  // and back to its heads.
  document.addEventListener("keydown", function (event) {
    var cell = event.key === "Tab" && event.target.closest && event.target.closest(".ag-row .ag-cell");
    var table = cell && cell.closest(".ag-root-wrapper");
    var heads = table ? table.querySelectorAll(".ag-header-cell") : [];
    var next = table && (event.shiftKey ? heads[heads.length - 1] : after(table));
    if (next) {
      event.preventDefault();
      event.stopPropagation();
      next.focus();
    }
  }, true);

  // Enter does what a click on the link or the box of the cell does.
  document.addEventListener("keydown", function (event) {
    var cell = event.target.classList && event.target.classList.contains("ag-cell") && event.target;
    var inside = cell && cell.querySelector("a[href], input");
    if (inside && event.key === "Enter") {
      event.preventDefault();
      inside.click();
    }
  });

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; mend(); }, 60);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
