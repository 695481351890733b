// Most pages have no grid: they come without its library, which weighs as much as all else together.
// A grid that such a page gets later stands here, asks for the library once, and is then drawn.
"use strict";
(function () {
  if (typeof window === "undefined" || window.dash_ag_grid || !window.React) { return; }
  var asked = null;

  function library() {
    asked = asked || new Promise(function (done, refuse) {
      var script = document.createElement("script");
      script.src = document.documentElement.dataset.grid;
      script.onload = function () {
        var real = window.dash_ag_grid;
        // Grids that stand already must not become another kind of element, which would draw them anew.
        window.dash_ag_grid = Object.create(real, { AgGrid: { value: AgGrid, enumerable: true } });
        done(real.AgGrid);
      };
      script.onerror = function () { asked = null; script.remove(); refuse(new Error("the grid's library did not come")); };
      document.head.appendChild(script);
    });
    return asked;
  }

  function AgGrid(props) {
    var held = window.React.useState(null), real = held[0], hold = held[1];
    window.React.useEffect(function () {
      var gone = false, again = 0;
      (function ask() {
        library().then(
          function (found) { if (!gone) { hold(function () { return found; }); } },
          function () { if (!gone) { again = setTimeout(ask, 5000); } }
        );
      })();
      return function () { gone = true; clearTimeout(again); };
    }, []);
    if (!real) { return window.React.createElement("div", { className: "grid", style: props.style, "aria-busy": true }); }
    return window.React.createElement(real, props);
  }

  window.dash_ag_grid = { AgGrid: AgGrid };
})();
