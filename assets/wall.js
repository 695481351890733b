// Rotates the scenes of a wall: two frames, the next one prepared behind the one that is seen.
// One watchdog tick drives everything, so no failed scene can break a chain of timers.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var TICK = 500, READY_WITHIN = 20000, PREPARE_BEFORE = 12000, LOOPS = 50;
  var stage = null, frames = [], card = null, list = [], words = {}, limit = READY_WITHIN;
  var at = -1, since = 0, front = 0, loops = 0, reloading = false, source = "";
  var next = null;                               // { index, started, state: wait | good | bad, why }

  function own(href) { return typeof href === "string" && /^\/(?![\/\\])/.test(href); }

  function read(holder) {
    try {
      list = JSON.parse(holder.dataset.playlist || "[]").filter(function (one) {
        return one && own(one.href);
      });
    } catch (error) { list = []; }
    words = {
      failed: holder.dataset.failed || "", empty: holder.dataset.empty || "",
      slow: holder.dataset.slow || "", broken: holder.dataset.broken || ""
    };
    limit = Number(holder.dataset.readyWithin) * 1000 || READY_WITHIN;
  }

  function build() {
    stage = document.createElement("div");
    stage.id = "wall-stage";
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
  }

  function leave() {
    if (stage) { stage.remove(); }
    stage = null;
    source = "";
  }

  function startAt() {
    var found = /(?:^#|&)at=(\d+)/.exec(location.hash);
    return found && list.length ? Number(found[1]) % list.length : 0;
  }

  function prepare(index) {
    var frame = frames[1 - front];
    next = { index: index, started: performance.now(), state: "wait", why: "" };
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

  function turn() {
    var scene = list[next.index];
    if (next.index <= at) { loops += 1; }
    at = next.index;
    since = performance.now();
    if (next.state === "good") {
      frames[front].classList.remove("on");
      frames[front].contentWindow.location.replace("about:blank");
      front = 1 - front;
      frames[front].classList.add("on");
      card.classList.remove("on");
    } else {
      frames[0].classList.remove("on");
      frames[1].classList.remove("on");
      say(words.failed.replace("{scene}", scene.title || scene.href).replace("{reason}", next.why));
    }
    stage.dataset.at = String(at);
    stage.dataset.state = next.state;
    next = null;
    history.replaceState(history.state, "", location.pathname + location.search + "#at=" + at);
    if (loops >= LOOPS) { refresh(); }
  }

  function say(text) {
    card.textContent = text;
    card.classList.add("on");
  }

  // Long-lived documents grow: begin anew now and then, when the server is known to answer.
  function refresh() {
    if (reloading) { return; }
    reloading = true;
    fetch("/healthz", { cache: "no-store" }).then(function (answer) {
      if (answer.ok) { location.reload(); } else { reloading = false; }
    }).catch(function () { reloading = false; });
  }

  function seconds(index) { return Math.max(2, Number(list[index].seconds) || 30) * 1000; }

  function tick() {
    var holder = document.querySelector("#page [data-playlist]");
    if (!holder) { leave(); return; }
    if (!stage || !stage.isConnected) { build(); }
    if (holder.dataset.playlist !== source) {
      source = holder.dataset.playlist;
      read(holder);
      at = -1;
      next = null;
    }
    if (!list.length) { say(words.empty); return; }
    var shown = performance.now() - since;
    if (at < 0) {
      if (!next) { prepare(startAt()); }
    } else if (!next && (list.length > 1 || stage.dataset.state === "bad") &&
               shown > seconds(at) - PREPARE_BEFORE) {
      prepare((at + 1) % list.length);
    }
    if (next && next.state !== "good") { inspect(); }
    if (next && next.state !== "wait" && (at < 0 || shown >= seconds(at))) { turn(); }
  }

  setInterval(tick, TICK);
})();
