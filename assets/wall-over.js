// What lies over a wall's scenes: registration code, name, notice, meeting, rehearsal, and the slow
// drift of the whole picture that keeps screens from burning in.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var REACH = 16, DRIFT_EVERY = 60000;
  var root = document.documentElement;
  var orders = null, heardAt = 0, drifted = -1e9, step = 0, parts = null;

  // A path that comes everywhere and never far: at most 16 px each way, 22.7 px in all.
  function drift(number) {
    return [
      Math.round(REACH * Math.sin(number * 0.5)), Math.round(REACH * Math.sin(number * 0.31))
    ];
  }

  function element(name, where, className) {
    var made = document.createElement(name);
    made.className = className;
    where.appendChild(made);
    return made;
  }

  function text(where, words) {
    if (where.textContent !== words) { where.textContent = words; }
  }

  function build(stage) {
    parts = { stage: stage };
    parts.foot = element("div", stage, "wall-foot");
    ["exercise", "freeze", "notice"].forEach(function (name) {
      parts[name] = element("p", parts.foot, "wall-strip is-" + name);
      parts[name].setAttribute("role", "status");
    });
    parts.mark = element("b", parts.exercise, "wall-mark");
    parts.what = element("span", parts.exercise, "wall-what");
    parts.freezeWords = element("span", parts.freeze, "wall-what");
    parts.noticeWords = element("span", parts.notice, "wall-what");
    parts.code = element("p", stage, "wall-code");
    parts.codeWords = element("span", parts.code, "");
    parts.codeText = element("b", parts.code, "");
    parts.large = element("div", stage, "wall-large");
    parts.largeTitle = element("p", parts.large, "wall-large-title");
    parts.largeCode = element("p", parts.large, "wall-large-code");
    parts.largeWords = element("p", parts.large, "wall-large-words");
    parts.largeLeft = element("p", parts.large, "wall-large-left");
    parts.name = element("div", stage, "wall-name");
    parts.name.setAttribute("role", "status");
    show();
  }

  function visible(part, wanted) {
    if (part.classList.contains("on") !== Boolean(wanted)) { part.classList.toggle("on", Boolean(wanted)); }
  }

  // The scenes keep their shape and become smaller by what the strips and the banner take.
  function room() {
    var stage = parts.stage, high = stage.clientHeight || 1, foot = parts.foot.offsetHeight;
    var banner = document.getElementById("live-banner"), top = banner ? banner.offsetHeight : 0;
    put(stage, "--foot", foot + "px");
    put(stage, "--top", top + "px");
    put(stage, "--shrunk", ((high - foot - top) / high).toFixed(4));
  }

  function put(stage, name, value) {
    if (stage.style.getPropertyValue(name) !== value) { stage.style.setProperty(name, value); }
  }

  function show() {
    if (!parts || !orders) { return; }
    var code = orders.code || {}, waits = orders.state !== "registered";
    var large = orders.state === "revoked" || (waits && /(^#|&)register\b/.test(location.hash));
    visible(parts.exercise, orders.exercise);
    if (orders.exercise) {
      text(parts.mark, orders.exercise.mark);
      text(parts.what, orders.exercise.words + ", " + orders.exercise.until);
    }
    visible(parts.freeze, orders.freeze);
    if (orders.freeze) { text(parts.freezeWords, orders.freeze.words); }
    visible(parts.notice, orders.notice);
    text(parts.noticeWords, orders.notice || "");
    parts.stage.dataset.marked = orders.exercise || orders.freeze ? "1" : "";
    visible(parts.code, waits && code.code && !large);
    text(parts.codeWords, code.short || "");
    text(parts.codeText, code.code || "");
    visible(parts.large, large);
    text(parts.largeTitle, orders.title || code.short || "");
    text(parts.largeCode, code.code || "");
    text(parts.largeWords, code.words || "");
    text(parts.largeLeft, code.left || "");
    var named = orders.identify > performance.now() - heardAt;
    visible(parts.name, named);
    if (named) { text(parts.name, orders.name || ""); }
  }

  function move(stage) {
    var every = Number(stage.dataset.driftEvery) || DRIFT_EVERY;
    if (root.dataset.capture !== undefined) {
      if (stage.style.transform) {
        stage.style.transition = "none";
        stage.style.transform = "";
      }
      return;
    }
    if (performance.now() - drifted < every) { return; }
    drifted = performance.now();
    var to = drift(step);
    step += 1;
    stage.style.transition = "";
    stage.style.transform = "translate(" + to[0] + "px, " + to[1] + "px)";
  }

  function tick() {
    var stage = window.iocWall && window.iocWall.stage();
    if (!stage) { parts = null; return; }
    if (!parts || parts.stage !== stage) { build(stage); }
    move(stage);
    show();
    room();
  }

  document.addEventListener("ioc-wall-orders", function (event) {
    orders = event.detail;
    heardAt = performance.now();
    tick();
  });
  window.addEventListener("hashchange", show);
  window.iocWallDrift = drift;
  setInterval(tick, 500);
})();
