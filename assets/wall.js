// Rotates the scenes of a wall: two frames, the next one prepared behind the one that is seen.
// One watchdog tick drives everything, so no failed scene can break a chain of timers. What is
// shown comes from the page (data-playlist) or from the server's answers (assets/wall-report.js).
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var TICK = 500, READY_WITHIN = 20000, PREPARE_BEFORE = 12000, LOOPS = 50, FIRST_ANSWER = 3000;
  var stage = null, frames = [], card = null, list = [], words = {}, limit = READY_WITHIN;
  var at = -1, since = 0, front = 0, loops = 0, reloading = false, source = "", given = "";
  var next = null;                   // { index, started, state: wait | good | bad, why, now }
  var held = false, deaf = false, blank = false, cut = false, answered = false;
  var opened = performance.now(), errors = 0, lastError = "", lastWhy = "";
  var skipped = 0;

  function own(href) { return typeof href === "string" && /^\/(?![\/\\])/.test(href); }

  function key(scene) { return scene.key || scene.href; }

  function usable(scenes) {
    return (Array.isArray(scenes) ? scenes : []).filter(function (one) {
      return one && own(one.href);
    });
  }

  function read(holder) {
    var scenes;
    try { scenes = usable(JSON.parse(holder.dataset.playlist || "[]")); } catch (error) { scenes = []; }
    words = {
      failed: holder.dataset.failed || "", empty: holder.dataset.empty || "",
      slow: holder.dataset.slow || "", broken: holder.dataset.broken || ""
    };
    limit = Number(holder.dataset.readyWithin) * 1000 || READY_WITHIN;
    return scenes;
  }

  function build() {
    stage = document.createElement("div");
    stage.id = "wall-stage";
    stage.setAttribute("role", "region");
    stage.setAttribute("aria-label", document.title);
    frames = [0, 1].map(function () {
      var frame = document.createElement("iframe");
      frame.setAttribute("tabindex", "-1");
      stage.appendChild(frame);
      return frame;
    });
    card = document.createElement("div");
    card.className = "wall-card";
    card.setAttribute("role", "status");
    stage.appendChild(card);
    document.body.appendChild(stage);
    at = -1;
    next = null;
    front = 0;
    document.dispatchEvent(new Event("ioc-wall-stage"));
  }

  function leave() {
    if (stage) { stage.remove(); }
    stage = null;
    source = given = "";
  }

  function find(wanted, scenes) {
    for (var i = 0; i < scenes.length; i++) {
      if (key(scenes[i]) === wanted) { return i; }
    }
    return -1;
  }

  // The place in the rotation stands behind "#": the scene's address, and its number in case the
  // playlist has it no more.
  function startAt() {
    var named = /(?:^#|&)scene=([^&]+)/.exec(location.hash), found = -1;
    if (named) {
      try { found = find(decodeURIComponent(named[1]), list); } catch (error) { found = -1; }
    }
    if (found >= 0) { return found; }
    var number = /(?:^#|&)at=(\d+)/.exec(location.hash);
    return number && list.length ? Number(number[1]) % list.length : 0;
  }

  function note() {
    var place = "#at=" + at + "&scene=" + encodeURIComponent(key(list[at]));
    // Who opened the wall to register it reads the large code until it is registered.
    if (/(^#|&)register\b/.test(location.hash)) { place += "&register"; }
    history.replaceState(history.state, "", location.pathname + location.search + place);
  }

  // Another list: stay where one is if it is still on it, go at once to a new alarm.
  function play(scenes) {
    var before = list, here = at >= 0 && before[at];
    list = scenes;
    next = null;
    if (!list.length || !here) { at = -1; return; }
    for (var i = 0; i < list.length; i++) {
      var raised = list[i].alarm && !before.some(function (one) {
        return one.alarm && key(one) === key(list[i]);
      });
      if (raised) { at = Math.min(at, list.length - 1); prepare(i, true); return; }
    }
    var same = find(key(here), list);
    if (same < 0) {
      at = Math.min(at, list.length - 1);
      prepare(at, true);
    } else {
      at = same;
      if (list[same].href !== here.href) { prepare(same, true); } else { note(); }
    }
    stage.dataset.at = String(at);
  }

  function prepare(index, now) {
    var frame = frames[1 - front];
    next = { index: index, started: performance.now(), state: "wait", why: "", now: Boolean(now) };
    // The old document stays until the new one answers and must not be taken for it.
    try { frame.contentDocument.documentElement.dataset.old = "1"; } catch (error) { /* not ours */ }
    frame.contentWindow.location.replace(list[index].href);
  }

  function inspect() {
    var frame = frames[1 - front], waited = performance.now() - next.started;
    var page = null, root = null;
    try { page = frame.contentDocument; root = page && page.documentElement; } catch (error) { page = null; }
    if (root && page.URL !== "about:blank" && !root.dataset.old) {
      if (Number(root.dataset.status || 200) >= 400 || page.querySelector("#page .error-card")) {
        var reason = page.querySelector(".error-reason");
        next.state = "bad";
        next.why = reason ? reason.textContent : words.broken;
      } else if (root.classList.contains("ready")) {
        next.state = "good";
        listen(frame.contentWindow);
      }
    } else if (!page && waited > 2000) {
      next.state = "bad";
      next.why = words.broken;
    }
    if (next.state === "wait" && waited > limit) {
      next.state = "bad";
      next.why = words.slow;
    }
  }

  // What was prepared is not wanted now: its document must not go on asking for new data.
  function drop() {
    frames[1 - front].contentWindow.location.replace("about:blank");
    next = null;
  }

  function turn() {
    var scene = list[next.index];
    if (next.index <= at) { loops += 1; }
    at = next.index;
    since = performance.now();
    lastWhy = next.why;
    if (next.state === "good") {
      frames[front].classList.remove("on");
      frames[front].contentWindow.location.replace("about:blank");
      front = 1 - front;
      frames[front].classList.add("on");
      frames[front].title = String(scene.title || scene.href);
      card.classList.remove("on");
    } else {
      errors += 1;
      lastError = (scene.title || scene.href) + ": " + next.why;
      frames[0].classList.remove("on");
      frames[1].classList.remove("on");
      say(words.failed.replace("{scene}", scene.title || scene.href).replace("{reason}", next.why));
    }
    stage.dataset.at = String(at);
    stage.dataset.state = next.state;
    next = null;
    note();
    if (loops >= LOOPS) { refresh(); }
  }

  function say(text) {
    if (card.textContent !== text) { card.textContent = text; }
    card.classList.add("on");
  }

  function clear() {
    frames.forEach(function (frame) {
      frame.classList.remove("on");
      if (frame.contentWindow.location.href !== "about:blank") {
        frame.contentWindow.location.replace("about:blank");
      }
    });
    at = -1;
    next = null;
  }

  // Long-lived documents grow: begin anew now and then, when the server is known to answer.
  function refresh() {
    if (reloading) { return; }
    reloading = true;
    fetch("/healthz", { cache: "no-store" }).then(function (answer) {
      if (answer.ok) { location.reload(); } else { reloading = false; }
    }).catch(function () { reloading = false; });
  }

  function listen(view) {
    view.addEventListener("error", function (event) {
      errors += 1;
      lastError = String((event && event.message) || "error");
    });
    view.document.addEventListener("ioc-skipped", function () { skipped += 1; });
  }

  function mark(root, name, wanted) {
    if (wanted) { root.dataset[name] = "1"; } else { delete root.dataset[name]; }
  }

  // A rehearsal of a dead server: nobody here hears pulses. What the server says of the pulses, it
  // says of the scenes', too. One banner is enough, the outer one, and one mark of what the strips say.
  function hush() {
    var top = document.documentElement, dead = top.classList.contains("dead");
    mark(top, "deaf", deaf);
    frames.forEach(function (frame) {
      var root = null;
      try { root = frame.contentDocument.documentElement; } catch (error) { root = null; }
      if (root) {
        mark(root, "deaf", deaf);
        mark(root, "unvouched", top.dataset.unvouched);
        mark(root, "covered", dead);
        mark(root, "marked", stage.dataset.marked);
      }
    });
  }

  function seconds(index) { return Math.max(2, Number(list[index].seconds) || 30) * 1000; }

  function tick() {
    var holder = document.querySelector("#page [data-playlist]");
    if (!holder) { leave(); return; }
    if (!stage || !stage.isConnected) { build(); }
    hush();
    if (blank) { clear(); card.classList.remove("on"); return; }
    // A registered wall has its own list: give the server a moment to tell it.
    if (holder.dataset.byServer && !answered && performance.now() - opened < FIRST_ANSWER) { return; }
    if (holder.dataset.playlist !== source && !(given && holder.dataset.byServer)) {
      source = holder.dataset.playlist;
      list = read(holder);
      at = -1;
      next = null;
    }
    if (!list.length) { clear(); say(words.empty); return; }
    // A tab nobody sees sleeps; a server that is away leaves the last scene, greyed, on screen.
    if (at >= 0 && (document.hidden || cut || deaf)) {
      if (next && next.state !== "good") { next = null; }
      return;
    }
    var shown = performance.now() - since;
    if (at < 0) {
      if (!next) { prepare(startAt()); }
    } else if (!next && !held && (list.length > 1 || stage.dataset.state === "bad") &&
               shown > seconds(at) - PREPARE_BEFORE) {
      prepare((at + 1) % list.length);
    }
    if (next && next.state !== "good") { inspect(); }
    if (next && next.state !== "wait" && (at < 0 || next.now || (!held && shown >= seconds(at)))) {
      turn();
    }
  }

  window.iocWall = {
    // The scenes that the server wants now; null where the page's own list holds.
    play: function (scenes) {
      var holder = document.querySelector("#page [data-playlist]"), text = JSON.stringify(scenes);
      answered = true;
      if (!scenes || !holder || !stage || !holder.dataset.byServer || text === given) { return; }
      read(holder);
      given = text;
      play(usable(scenes));
    },
    hold: function (wanted) {
      held = Boolean(wanted);
      if (held && next && !next.now) { drop(); }
    },
    deaf: function (wanted) { deaf = Boolean(wanted); },
    blank: function (wanted) {
      answered = true;
      if (blank && !wanted) { at = -1; next = null; }
      blank = Boolean(wanted);
    },
    cut: function (wanted) { cut = Boolean(wanted); },
    reload: refresh,
    stage: function () { return stage; },
    frame: function () {
      return stage && frames[front].classList.contains("on") ? frames[front] : null;
    },
    state: function () {
      var scene = at >= 0 && list[at];
      return {
        at: at, scenes: list.length,
        scene: scene ? key(scene) : "", title: scene ? String(scene.title || "") : "",
        state: !list.length ? "empty" : at < 0 ? "wait" : stage.dataset.state, why: lastWhy,
        errors: errors, error: lastError, skipped: skipped
      };
    }
  };

  listen(window);
  setInterval(tick, TICK);
})();
