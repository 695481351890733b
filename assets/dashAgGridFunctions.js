// What the tables need beyond their defaults: Vietnamese order and search, words made by the server.
"use strict";
(function () {
  var functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  var parts = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  var collator = new Intl.Collator("vi", { numeric: true, sensitivity: "variant" });

  // Names in the order of the Vietnamese alphabet: Đ after D, tones after plain letters.
  functions.vietnamese = function (a, b) {
    return collator.compare(a || "", b || "");
  };

  // Units without a figure stay at the end, whichever way the column is sorted.
  functions.emptyLast = function (a, b, nodeA, nodeB, descending) {
    var noA = a === null || a === undefined, noB = b === null || b === undefined;
    if (noA && noB) { return 0; }
    if (noA) { return descending ? -1 : 1; }
    if (noB) { return descending ? 1 : -1; }
    return a - b;
  };

  // The figure as the server worded it; the number itself is only for sorting and filtering.
  functions.words = function (params, field) {
    return params.data ? params.data[field] : "";
  };

  // Searching folds diacritics: "ha noi" finds "Hà Nội", "da nang" finds "Đà Nẵng".
  functions.folded = function (text) {
    return String(text === null || text === undefined ? "" : text)
      .toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  };

  // assets/drill.js follows plain links through the address without a reload.
  parts.UnitLink = function (props) {
    return window.React.createElement("a", { href: props.data.href }, props.value);
  };

  // The box that chooses a unit; the address keeps what is chosen, so the box only tells it.
  parts.PickBox = function (props) {
    return window.React.createElement("input", {
      type: "checkbox", className: "pick-box", checked: Boolean(props.value), tabIndex: -1,
      "aria-label": props.data.name,
      onChange: function () { window.iocChoose.toggle(props.data.key); }
    });
  };

  parts.StatusChip = function (props) {
    var look = "chip is-" + props.data.status_code.replace(/_/g, "-");
    var sign = window.React.createElement("span", { className: "sign" }, props.data.status_sign);
    return window.React.createElement("span", { className: look }, sign, props.value);
  };
})();
