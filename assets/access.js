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
    // The Tab key stops at a hidden field of each dropdown, which hands on to the button. The button
    // itself is the better stop, and says what is chosen but not what for.
    document.querySelectorAll(".dash-dropdown-wrapper").forEach(function (one) {
      var field = one.querySelector(".dash-dropdown-focus-target");
      var button = one.querySelector("button.dash-dropdown");
      var label = one.closest("label") && one.closest("label").querySelector("span");
      if (field && field.tabIndex !== -1) { field.tabIndex = -1; }
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

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; mend(); }, 60);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
