// Set into every page before its own scripts, in the browser that draws files: tells whether the
// page is whole (letters, charts with their marks, tables), and puts words where a chart failed.
"use strict";
(function () {
  if (window.top !== window || window.iocDrawing) { return; }
  var TEST = "ếộữẵợỳđƠỄặ", errors = new Map(), letters = null;

  // A chart that throws tells here which one it was; Plotly itself only tells the console.
  var library;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: function () { return library; },
    set: function (given) { library = given; watch(given); }
  });
  function watch(given) {
    ["newPlot", "react"].forEach(function (verb) {
      var real = given && given[verb];
      if (typeof real !== "function" || real.iocWatched) { return; }
      var watched = function (gd) {
        var box = typeof gd === "string" ? document.getElementById(gd) : gd;
        function failed(error) { errors.set(box, String(error && error.message || error)); throw error; }
        try {
          errors.delete(box);
          return real.apply(given, arguments).catch(failed);
        } catch (error) { return failed(error); }
      };
      watched.iocWatched = true;
      try { given[verb] = watched; } catch (error) { /* a library that cannot be watched still draws */ }
    });
  }

  // --- letters ---------------------------------------------------------------------------------
  function inked(pen, text, family) {
    pen.clearRect(0, 0, 48, 48);
    pen.font = "32px " + family;
    pen.fillText(text, 6, 36);
    return pen.getImageData(0, 0, 48, 48).data.join();
  }

  // Every typeface of the page is loaded, and each letter is another picture than an absent one
  // and than the same letter without its marks.
  function lettered() {
    return document.fonts.ready.then(function () {
      return Promise.all(Array.from(document.fonts).map(function (one) { return one.load(); }));
    }).then(function () {
      var canvas = document.createElement("canvas");
      canvas.width = canvas.height = 48;
      var pen = canvas.getContext("2d", { willReadFrequently: true });
      var family = getComputedStyle(document.body).fontFamily || "Inter";
      var absent = inked(pen, "\uFFFF", family), nothing = inked(pen, " ", family);
      return Array.from(TEST).every(function (letter) {
        var seen = inked(pen, letter, family);
        var plain = letter.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
        return seen !== absent && seen !== nothing && (plain === letter || seen !== inked(pen, plain, family));
      }) && document.fonts.size > 0;
    }).catch(function () { return false; });
  }

  // --- marks -----------------------------------------------------------------------------------
  function list(values) {
    if (!values) { return null; }
    return Array.isArray(values) || ArrayBuffer.isView(values) ? values : null;
  }

  function there(value) { return value !== null && value !== undefined && value !== ""; }

  // How many points of a trace have a place on both axes.
  function whole(trace) {
    var x = list(trace.x), y = list(trace.y), found = [], size = x && y ? Math.min(x.length, y.length) :
      (x || y || []).length;
    for (var i = 0; i < size; i++) { found.push((!x || there(x[i])) && (!y || there(y[i]))); }
    return found;
  }

  function count(values) { return values.filter(Boolean).length; }

  function runs(values) {
    return values.some(function (one, at) { return one && values[at + 1]; });
  }

  function own(gd, selector, index) {
    return Array.from(gd.querySelectorAll(selector)).filter(function (element) {
      var bound = element.__data__, first = Array.isArray(bound) ? bound[0] : bound;
      return first && first.trace && first.trace.index === index;
    });
  }

  function inside(groups, selector) {
    return groups.reduce(function (sum, group) {
      return sum + Array.from(group.querySelectorAll(selector)).filter(function (one) {
        return one.tagName !== "path" || (one.getAttribute("d") || "").length > 3;
      }).length;
    }, 0);
  }

  // [expected, drawn] of one trace; null where there is nothing that could be counted.
  function marks(gd, trace, full) {
    if (!full || full.visible !== true) { return null; }
    var points = whole(trace), index = full.index, groups, wanted = 0, drawn = 0;
    if (full.type === "bar") {
      groups = own(gd, ".barlayer .trace", index);
      return [count(points), inside(groups, ".point > path")];
    }
    if (full.type === "heatmap") {
      var filled = (list(trace.z) || []).some(function (row) { return (list(row) || []).some(there); });
      return [filled ? 1 : 0, gd.querySelectorAll(".heatmaplayer image").length ? 1 : 0];
    }
    if (full.type !== "scatter") { return null; }
    var mode = full.mode || "";
    groups = own(gd, ".scatterlayer .trace", index);
    if (mode.indexOf("markers") >= 0) {
      wanted += count(points);
      drawn += Math.min(count(points), inside(groups, ".points > path, .points > a > path"));
    }
    if (mode.indexOf("text") >= 0) {
      var text = list(trace.text);
      var said = count(points.map(function (one, at) {
        return one && (text ? there(text[at]) : there(trace.text));
      }));
      wanted += said;
      drawn += Math.min(said, inside(groups, ".textpoint"));
    }
    if (mode.indexOf("lines") >= 0 && full.line && full.line.width && (runs(points) ||
        full.connectgaps && count(points) > 1)) {
      wanted += 1;
      drawn += Math.min(1, inside(groups, "path.js-line"));
    }
    if (full.fill === "toself" && count(points) > 2) {
      wanted += 1;
      drawn += Math.min(1, inside(groups, "path.js-fill") ||
        Array.from(gd.querySelectorAll(".scatterlayer path.js-fill")).filter(function (one) {
          return (one.getAttribute("d") || "").length > 3;
        }).length);
    }
    return [wanted, drawn];
  }

  function counted(gd) {
    var sum = [0, 0];
    (gd.data || []).forEach(function (trace, at) {
      var full = (gd._fullData || []).filter(function (one) { return one.index === at; })[0];
      var found = marks(gd, trace, full);
      if (found) { sum[0] += found[0]; sum[1] += found[1]; }
    });
    return sum;
  }

  // --- charts, tables, parts ---------------------------------------------------------------------
  function seen(element) {
    var box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== "hidden";
  }

  // Not where a closed list or another hidden part holds it. One that is not drawn yet may have no
  // size; it is waited for.
  function shown(graph) {
    return graph.getClientRects().length > 0 && (!graph.querySelector(".main-svg") || seen(graph));
  }

  function rectangle(element) {
    var box = element.getBoundingClientRect();
    return [box.left + scrollX, box.top + scrollY, box.width, box.height];
  }

  function named(element) {
    var card = element.closest("[data-name]"), id = "";
    try { id = JSON.parse((element.closest("[id^='{']") || {}).id || "{}").name || ""; }
    catch (error) { /* a plain name */ }
    var head = (card || element.closest("section") || document.body).querySelector("h1, h2, h3");
    return {
      name: card && card.dataset.name || id || element.id || "chart",
      title: card && card.dataset.title || head && head.textContent.trim() || id || ""
    };
  }

  function sized(gd) {
    var layout = gd._fullLayout || {}, box = gd.getBoundingClientRect();
    function near(width, height) {
      return Math.abs(width - layout.width) < 2 && Math.abs(height - layout.height) < 2;
    }
    return near(gd.clientWidth, gd.clientHeight) || near(box.width, box.height) ||
      gd._fullLayout && gd.layout && gd.layout.autosize === false;
  }

  function chart(graph) {
    var gd = graph.classList.contains("js-plotly-plot") ? graph : graph.querySelector(".js-plotly-plot");
    var told = named(graph), error = gd && errors.get(gd) || errors.get(graph) || "";
    var state = { name: told.name, title: told.title, box: rectangle(graph), ok: false,
      wait: false, reason: "", detail: error, marks: 0 };
    if (!error && graph.querySelector("[data-dash-error], .dash-error-card")) { error = "error"; }
    if (error) { state.reason = "failed"; return state; }
    if (!gd || !gd.querySelector(".main-svg") || !gd._fullLayout) {
      state.wait = true;
      state.reason = "failed";
      return state;
    }
    var sum = counted(gd);
    state.marks = sum[0];
    state.detail = sum[1] + " / " + sum[0];
    state.ok = sum[1] >= sum[0];
    state.reason = state.ok ? "" : "marks";
    state.wait = !state.ok || !sized(gd);
    return state;
  }

  function outermost(all) {
    return all.filter(function (one) { return !all.some(function (other) { return other !== one && other.contains(one); }); });
  }

  function charts() {
    var all = Array.from(document.querySelectorAll("#page .dash-graph, #page .js-plotly-plot"));
    return outermost(all).filter(shown).map(chart);
  }

  function parts() {
    return Array.from(document.querySelectorAll("#page .blank.is-failed")).filter(seen).map(function (one) {
      var told = named(one);
      var hint = one.querySelector(".blank-hint");
      return { name: told.name === "chart" ? "part" : told.name, title: told.title, box: rectangle(one),
        ok: false, wait: false, reason: "page", detail: hint ? hint.textContent : "", marks: 0 };
    });
  }

  function tables() {
    return Array.from(document.querySelectorAll("#page .ag-root-wrapper")).filter(seen).every(function (one) {
      return !one.querySelector(".ag-overlay-loading-center") &&
        (one.querySelector(".ag-row") || one.querySelector(".ag-overlay-no-rows-center"));
    }) && Array.from(document.querySelectorAll("#page .ag-theme-quartz")).filter(seen).every(function (one) {
      return one.querySelector(".ag-root-wrapper");
    });
  }

  // --- what the page will hold -------------------------------------------------------------------
  // Charts and tables are mounted when their scripts have come: a page without them may only be
  // early. What Dash was told to draw says how many there must be.
  var LATE = { Graph: ".dash-graph, .js-plotly-plot", AgGrid: ".ag-root-wrapper" };

  function promised(node, found) {
    if (Array.isArray(node)) { node.forEach(function (one) { promised(one, found); }); return; }
    if (!node || typeof node !== "object") { return; }
    if (node.type && node.namespace && node.props) {
      if (LATE[node.type]) { found.push([node.type, node.props.id]); return; }
      Object.keys(node.props).forEach(function (name) { promised(node.props[name], found); });
    }
  }

  function called(id) {
    if (!id || typeof id !== "object") { return id; }
    return "{" + Object.keys(id).sort().map(function (key) {
      return JSON.stringify(key) + ":" + JSON.stringify(id[key]);
    }).join(",") + "}";
  }

  function mounted() {
    if (!document.getElementById("react-entry-point")) { return true; }
    var stores = window.dash_stores || [];
    if (!stores.length) { return false; }
    return stores.every(function (store) {
      var layout = store.getState().layout, wanted = [];
      layout = layout && layout.components || layout;
      if (!layout || !layout.props && !layout.length) { return false; }
      promised(layout, wanted);
      return wanted.every(function (one) {
        return one[1] ? document.getElementById(called(one[1])) : document.querySelector(LATE[one[0]]);
      });
    });
  }

  function look() {
    var page = document.getElementById("page"), root = document.documentElement;
    // Before the document is complete its style sheets, and with them its typeface, may be missing.
    var found = charts(), drawn = Boolean(page && page.firstChild) && document.readyState === "complete" && mounted() &&
      !document.querySelector("#page ._dash-loading, #react-entry-point > ._dash-loading");
    var pictures = Array.from(document.images).filter(seen).every(function (one) { return one.complete; });
    if (drawn && letters === null) {
      letters = "asked";
      lettered().then(function (right) { letters = right; });
    }
    return {
      drawn: drawn,
      status: Number(root.dataset.status || 200),
      letters: letters === true,
      lettersAsked: letters === true || letters === false,
      tables: drawn && tables(),
      pictures: pictures,
      charts: found.concat(parts()),
      graphs: found.length,
      width: Math.max(root.scrollWidth, document.body ? document.body.scrollWidth : 0),
      height: Math.max(root.scrollHeight, document.body ? document.body.scrollHeight : 0),
      wall: Boolean(document.querySelector(".wall-frame"))
    };
  }

  // Words in the place of each chart that is not right; the others stay as they are.
  function confess(reasons) {
    var all = outermost(Array.from(document.querySelectorAll("#page .dash-graph, #page .js-plotly-plot")))
      .filter(shown);
    all.forEach(function (graph) {
      var told = named(graph);
      reasons.forEach(function (one) {
        if (one.name !== told.name || one.done) { return; }
        var state = chart(graph);
        if (state.ok && !state.wait) { return; }
        one.done = true;
        var box = document.createElement("div"), title = document.createElement("strong");
        var hint = document.createElement("span");
        box.className = "drawing-failed";
        title.textContent = one.words;
        hint.textContent = one.hint;
        box.append(title, hint);
        box.style.height = Math.max(80, graph.getBoundingClientRect().height) + "px";
        graph.style.display = "none";
        graph.parentNode.insertBefore(box, graph);
      });
    });
  }

  // The provenance strip at the end of the page, or alone over it (on a wall's scene).
  function stripped(strip, alone) {
    var old = document.querySelector(".drawing-strip");
    if (old) { old.remove(); }
    if (!strip) { return 0; }
    var box = document.createElement("footer"), code = document.createElement("div");
    box.className = "drawing-strip" + (alone ? " is-alone" : "");
    box.dataset.bsTheme = "light";
    code.className = "drawing-code";
    code.appendChild(document.importNode(
      new DOMParser().parseFromString(strip.qr, "image/svg+xml").documentElement, true));
    var words = document.createElement("div");
    words.className = "drawing-words";
    if (strip.mark) { words.appendChild(line(strip.mark, "drawing-mark")); }
    strip.lines.forEach(function (text) { words.appendChild(line(text, "drawing-line")); });
    words.appendChild(line(strip.invitation, "drawing-line"));
    box.append(code, words);
    // What assets/print.css writes at the foot of every page of paper.
    ["foot", "page"].forEach(function (name) {
      document.documentElement.style.setProperty("--export-" + name, JSON.stringify(strip[name] || ""));
    });
    (alone ? document.body : document.querySelector(".frame") || document.body).appendChild(box);
    return box.getBoundingClientRect().height;
  }

  function line(text, name) {
    var made = document.createElement("p");
    made.className = name;
    made.textContent = text;
    return made;
  }

  window.iocDrawing = {
    look: look, confess: confess, stripped: stripped,
    picture: function (part, wish) {
      var card = Array.from(document.querySelectorAll("section.chart[data-name]")).filter(function (one) {
        return one.dataset.name === part;
      })[0];
      if (!card) { return Promise.resolve(null); }
      return window.iocPicture(card, wish);
    }
  };
})();
