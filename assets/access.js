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

  // In a table the Tab key and the arrows go from cell to cell; Enter and the space bar do what a
  // click on the link or the box of the cell does.
  document.addEventListener("keydown", function (event) {
    var cell = event.target.classList && event.target.classList.contains("ag-cell") && event.target;
    var inside = cell && cell.querySelector("a[href], input");
    if (inside && (event.key === "Enter" || event.key === " ")) {
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
