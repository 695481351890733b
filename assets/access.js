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
    // Links of a switch: the renderer's link takes no attribute that says which one is the present one.
    document.querySelectorAll("a.nav-entry, a.pill, a.refused-choice").forEach(function (one) {
      var on = one.classList.contains("is-on");
      if (on === one.hasAttribute("aria-current")) { return; }
      if (!on) { one.removeAttribute("aria-current"); return; }
      one.setAttribute("aria-current", one.classList.contains("nav-entry") ? "page" : "true");
    });
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

  // A choice leads to another address, whose page is drawn whole: the control that was used is made
  // anew, and who used it by keyboard goes on from there and not from the top of the page.
  var place = null, looking = null;

  function among(link) { return link.closest("nav").getAttribute("aria-label"); }

  function held() {
    var one = document.activeElement, chips, cell, row;
    if (!one || one === document.body || one.id === "find-input") { return null; }
    chips = Array.prototype.slice.call(document.querySelectorAll("#chips a"));
    if (chips.indexOf(one) >= 0) { return { chip: chips.indexOf(one) }; }
    cell = one.closest(".ag-cell");
    row = cell && cell.closest(".ag-row");
    if (row) {
      return {
        grid: cell.closest(".ag-root-wrapper").closest("[id]").id,
        row: row.getAttribute("row-id"), column: cell.getAttribute("col-id")
      };
    }
    if (one.id) { return { id: one.id }; }
    return one.closest("nav a") ? { words: one.textContent, among: among(one) } : null;
  }

  function inGrid(kept) {
    var api = window.dash_ag_grid && document.getElementById(kept.grid) &&
      window.dash_ag_grid.getApi(kept.grid), row = api && api.getRowNode(kept.row);
    if (!row || row.rowIndex === null) { return null; }
    api.ensureIndexVisible(row.rowIndex);
    api.setFocusedCell(row.rowIndex, kept.column);
    return document.getElementById(kept.grid).querySelector(".ag-cell-focus");
  }

  function again(kept) {
    var chips = document.querySelectorAll("#chips a");
    if (kept.chip !== undefined) {
      return chips[Math.min(kept.chip, chips.length - 1)] || document.getElementById("main");
    }
    if (kept.grid) { return inGrid(kept); }
    if (kept.id) {
      var one = document.getElementById(kept.id), menu = one && one.closest("details:not([open])");
      return menu ? menu.querySelector("summary") : one;
    }
    // The name of the switch is another in another language: then its words decide alone.
    var alike = Array.prototype.filter.call(document.querySelectorAll("nav a"), function (one) {
      return one.textContent === kept.words;
    });
    return alike.filter(function (one) { return among(one) === kept.among; })[0] || alike[0];
  }

  window.addEventListener("_dashprivate_pushstate", function () { place = held(); });
  window.addEventListener("popstate", function () { place = null; });
  document.addEventListener("ioc-shown", function () {
    var kept = place, tries = 0;
    place = null;
    clearInterval(looking);
    if (!kept) { return; }
    // Dropdowns and tables are there a little later than the page.
    looking = setInterval(function () {
      var now = document.activeElement, lost = !now || now === document.body || !now.isConnected;
      var found = lost && again(kept);
      if (found) { found.focus({ preventScroll: true }); }
      if (!lost || (found && document.activeElement === found) || ++tries > 60) {
        clearInterval(looking);
      }
    }, 50);
  });

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; mend(); }, 60);
  }).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("ioc-shown", function () { setTimeout(mend, 60); });
})();
