// Tells the server every five seconds what the wall shows and how it fares, and does what the
// answer orders. A wall that cannot report goes on with what it knows.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var EVERY = 5000, JITTER = 1000, HIDDEN = 15000, GIVEN_UP = 15000;
  var root = document.documentElement;
  var due = 0, asking = false, askedAt = 0, heardAt = null, told = null, picture = null, form = "";
  var number = 0, skipped = 0, next = 0, heard = null;

  document.addEventListener("ioc-pulse", function (event) {
    heardAt = performance.now();
    heard = event.detail;
  });

  function now() { return Math.round(performance.now()); }

  function heap() {
    var memory = performance.memory;
    return memory ? Math.round(memory.usedJSHeapSize / 104857.6) / 10 : null;
  }

  function seen() {
    var frame = window.iocWall.frame(), shown = null;
    try { shown = frame && frame.contentWindow.iocShown; } catch (error) { shown = null; }
    return shown && typeof shown.version === "number" ? shown.version : null;
  }

  function body() {
    var state = window.iocWall.state();
    return {
      lang: root.lang === "en" ? "en" : "vi",
      scene: state.scene.slice(0, 600), title: state.title.slice(0, 600),
      at: state.at, scenes: state.scenes, state: state.state, why: state.why.slice(0, 600),
      version: seen(), pulse: heardAt === null ? null : Math.round(performance.now() - heardAt),
      heard: heard, dead: root.classList.contains("dead"), hidden: document.hidden, heap: heap(),
      nodes: document.querySelectorAll("*").length,
      errors: state.errors, error: state.error.slice(0, 600),
      skipped: skipped + state.skipped,
      width: Math.round(innerWidth * devicePixelRatio),
      height: Math.round(innerHeight * devicePixelRatio),
      release: root.dataset.release || "", clock: Date.now(), picture: picture, form: form
    };
  }

  function obey(orders) {
    var wall = window.iocWall, first = told === null, before = told || orders;
    told = orders;
    wall.blank(orders.state === "revoked");
    wall.hold(orders.hold);
    if (orders.vouched === false) { root.dataset.unvouched = "1"; } else { delete root.dataset.unvouched; }
    wall.deaf(orders.exercise && orders.exercise.kind === "server");
    wall.play(orders.scenes || null);
    document.dispatchEvent(new CustomEvent("ioc-wall-orders", { detail: orders }));
    // What was ordered before this document began was ordered of another one.
    if (first || before.state !== orders.state) { return; }
    if (orders.reload !== before.reload) { wall.reload(); }
    if (orders.picture !== before.picture && wall.picture) {
      wall.picture().then(function (taken) {
        picture = taken.data;
        form = taken.form;
        due = 0;
      });
    }
  }

  // Tokens end with the browser's session: begin anew, at most once a minute.
  function renew(reason) {
    if (reason.indexOf("CSRF") < 0) { return; }
    var before = Number(sessionStorage.getItem("ioc-wall-token") || 0);
    if (Date.now() >= before && Date.now() - before < 60000) { return; }
    sessionStorage.setItem("ioc-wall-token", String(Date.now()));
    window.iocWall.reload();
  }

  function report() {
    var mine = ++number, sent = picture;
    asking = true;
    askedAt = performance.now();
    next = now() + EVERY + JITTER;
    window.iocSend("/wall/report", body()).then(function (orders) {
      if (mine !== number) { return; }
      asking = false;
      if (sent === picture) { picture = null; }
      window.iocWall.cut(false);
      obey(orders);
    }).catch(function (error) {
      if (mine !== number) { return; }
      asking = false;
      // A refusal is an answer; no answer means that scenes could not be fetched either.
      window.iocWall.cut(error instanceof TypeError);
      if (!(error instanceof TypeError)) { picture = null; renew(String(error.message)); }
    });
  }

  function tick() {
    if (!window.iocWall || !window.iocSend || !window.iocWall.stage()) { return; }
    if (asking && performance.now() - askedAt < GIVEN_UP) {
      if (now() >= next) {                       // due, but never a second one under way
        skipped += 1;
        next = now() + EVERY;
      }
      return;
    }
    if (now() < due) { return; }
    due = now() + (document.hidden ? HIDDEN : EVERY) + (2 * Math.random() - 1) * JITTER;
    report();
  }

  document.addEventListener("visibilitychange", function () { due = 0; });
  window.addEventListener("online", function () { due = 0; });
  setInterval(tick, 250);
})();
