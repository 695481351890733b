// Grid cells that lead down to the source record of their figure.
"use strict";
(function () {
  if (typeof window === "undefined") { return; }
  var parts = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  parts.RecordLink = function (props) {
    if (!props.value) { return null; }
    var words = props.words + ": " + props.data.name;
    return window.React.createElement(
      "a", { href: props.value, className: "record-mark", title: props.words, "aria-label": words }, "i"
    );
  };
})();
