// Keeps open pages live: hears the server's pulse, asks for a redraw on new data, and greys the
// figures when nothing vouches for them. The same file is the shared worker that holds the one
// stream of all tabs: browsers allow only six connections to a host, and streams never end.
"use strict";
(function () {
  var FIRST_WAIT = 500, LONGEST_WAIT = 8000, SILENCE = 12000;

  // One stream that reconnects for ever, with growing and random waits.
  function stream(address, onPulse) {
    var source = null, failures = 0, timer = null, heard = performance.now();
    function close() {
      if (source) { source.close(); source = null; }
    }
    function open() {
      timer = null;
      heard = performance.now();
      source = new EventSource(address);
      source.addEventListener("pulse", function (event) {
        failures = 0;
        heard = performance.now();
        onPulse(event.data);
      });
      source.onerror = again;
    }
    function again() {
      close();
      if (timer) { return; }
      var wait = Math.min(LONGEST_WAIT, FIRST_WAIT * Math.pow(2, failures++));
      timer = setTimeout(open, wait * (0.5 + Math.random()));
    }
    // A stream can be dead without an error: after sleep, or behind a cut cable.
    setInterval(function () {
      if (!timer && performance.now() - heard > SILENCE) { again(); }
    }, 1000);
    open();
  }

  // --- in the shared worker ---------------------------------------------------------------------
  if (typeof document === "undefined") {
    var ports = new Map(), last = null, running = false;
    var forget = function () {
      ports.forEach(function (seen, port) {
        if (performance.now() - seen > 180000) { ports.delete(port); }
      });
    };
    self.onconnect = function (event) {
      var port = event.ports[0];
      ports.set(port, performance.now());
      port.onmessage = function (message) {
        if (message.data === "bye") { ports.delete(port); }
        else { ports.set(port, performance.now()); }
      };
      if (last && performance.now() - last.at < 4000) { port.postMessage(last.data); }
      if (!running) {
        running = true;
        stream("/live", function (data) {
          last = { data: data, at: performance.now() };
          forget();
          ports.forEach(function (_, to) { to.postMessage(data); });
        });
      }
    };
    return;
  }

  // --- in the page ------------------------------------------------------------------------------
  // Fifteen seconds are promised, of which the next tick may take one.
  var DEAD_AFTER = 13500, QUIET = 6000, STUCK = 30000, LEAST_BETWEEN_RELOADS = 60000;
  // How much later than the quickest of its kind a pulse may come before it is doubted.
  var LATE = 8000, ASK_EVERY = 3000;
  var root = document.documentElement;
  var script = document.currentScript && document.currentScript.src;
  var start = performance.now(), heardAt = start, pulse = null;
  var askedAt = -1e9, shownAt = 0, shown = null, misses = 0, older = 0, leaving = false, due = 0;
  var ahead = null, doubtedAt = -1e9, unheardAt = -1e9;

  function connect() {
    if (typeof SharedWorker === "undefined" || !script) {
      stream("/live", hear);
      return;
    }
    var worker = new SharedWorker(script), port = worker.port;
    port.onmessage = function (message) { hear(message.data); };
    port.start();
    setInterval(function () { port.postMessage("here"); }, 30000);
    window.addEventListener("pagehide", function () { port.postMessage("bye"); });
    window.addEventListener("pageshow", function () { port.postMessage("here"); });
  }

  function hear(text) {
    var next;
    if (root.dataset.deaf) { return; }           // a rehearsal: the wall plays a dead server
    try { next = JSON.parse(text); } catch (error) { return; }
    var lag = behind(next);
    if (lag > LATE) { doubt(); }
    if (performance.now() - lag > heardAt) { believe(next, lag); }
  }

  // The server's clock runs on in every pulse. One that comes later after it was said than others did
  // was kept by something between, or said again, and vouches only for the moment it was said. This
  // machine's clock is not asked. Milliseconds.
  function behind(next) {
    var gap = next.t - performance.now();
    if (ahead === null || gap > ahead) { ahead = gap; }
    return ahead - gap;
  }

  // Only a server that runs now can put a word just made up into a pulse. If it can, its clock was set
  // back, and counts from here on; if nobody can, the figures turn grey as without any pulse.
  function doubt() {
    var now = performance.now();
    if (now - doubtedAt < ASK_EVERY) { return; }
    doubtedAt = now;
    var word = Array.from(crypto.getRandomValues(new Uint32Array(4)), function (one) {
      return ("000000" + one.toString(36)).slice(-7);
    }).join("");
    fetch("/pulse?nonce=" + word, { cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (next) {
      if (!next || next.nonce !== word || root.dataset.deaf) { return; }
      ahead = next.t - performance.now();
      believe(next, 0);
    }).catch(function () { /* silence, which the next look judges */ });
  }

  function believe(next, lag) {
    document.dispatchEvent(new CustomEvent("ioc-pulse", { detail: next }));
    heardAt = performance.now() - lag;
    pulse = next;
    judge();
    if (root.dataset.release && next.release !== root.dataset.release) { reload(20000); }
    renew();
  }

  // The server's clock, which a wrong clock of this machine cannot move; milliseconds since 1970.
  window.iocNow = function () {
    if (root.dataset.still) { return Number(root.dataset.still); }
    return pulse ? pulse.t + (performance.now() - heardAt) : Date.now();
  };

  // The renderer tells nobody that its question found no server, or only a proxy without one.
  var plain = window.fetch;
  window.fetch = function (address) {
    var asked = plain.apply(window, arguments);
    if (String(address).indexOf("_dash-update-component") >= 0) {
      asked.then(function (answer) { return answer.status < 502 || answer.status > 504; },
                 function () { return false; })
        .then(function (heard) { if (!heard) { unheardAt = performance.now(); } });
    }
    return asked;
  };

  // Ask for the page again when data grew; never while an earlier question is under way.
  function renew() {
    if (!pulse || !shown || !window.dash_clientside || !window.dash_clientside.set_props) { return; }
    var now = performance.now();
    if (pulse.v === shown.version) { misses = older = 0; return; }
    if (document.hidden) { return; }             // a tab nobody sees sleeps; it is drawn on return
    // A pulse may be older than the page just drawn; twice in a row it is another database.
    if (pulse.v < shown.version && ++older < 3) { return; }
    var waiting = askedAt > shownAt && askedAt > unheardAt;
    if (waiting && now - askedAt < STUCK) { skip(); return; }
    if (shown.status !== 200 && now - askedAt < STUCK) { return; }
    if (waiting && ++misses >= 2) {
      reload(5000);                              // a renderer or a session that is beyond help
      return;
    }
    askedAt = now;
    due = pulse.v;
    older = 0;
    window.dash_clientside.set_props("data-version", { data: pulse.v });
  }

  // A refresh that was due while an earlier one is unanswered: none is asked, but it is told of.
  function skip() {
    if (pulse.v <= due) { return; }
    due = pulse.v;
    document.dispatchEvent(new Event("ioc-skipped"));
  }

  function reload(within) {
    if (leaving) { return; }
    var key = "ioc-reloaded", before = Number(sessionStorage.getItem(key) || 0);
    if (Date.now() >= before && Date.now() - before < LEAST_BETWEEN_RELOADS) { return; }
    leaving = true;
    setTimeout(function () {
      fetch("/healthz", { cache: "no-store" }).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        sessionStorage.setItem(key, String(Date.now()));
        location.reload();
      }).catch(function () { leaving = false; });
    }, Math.random() * within);
  }

  // --- dead or alive ------------------------------------------------------------------------
  function verdict() {
    if (root.dataset.still) { return null; }     // a page drawn for a file: its moment is said on it
    var now = performance.now(), silence = now - heardAt;
    // What a wall hands back of its pulses, the server knows as its own, or says that it does not.
    if (silence > DEAD_AFTER || root.dataset.unvouched) {
      return ["lost", pulse ? pulse.t : Date.now() - silence];
    }
    if (!pulse) { return null; }
    if (pulse.poller === null) {
      return now - start > DEAD_AFTER ? ["never", pulse.t] : null;
    }
    if (pulse.poller + silence <= DEAD_AFTER) { return null; }
    return silence > QUIET ? ["lost", pulse.t] : ["stopped", pulse.t - pulse.poller];
  }

  function clock(moment) {
    return new Intl.DateTimeFormat("vi-VN", {
      timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit",
      hour12: false
    }).format(new Date(moment));
  }

  function judge() {
    var found = verdict(), banner = document.getElementById("live-banner");
    root.classList.toggle("dead", Boolean(found));
    if (!found) {
      if (banner) { banner.remove(); }
      return;
    }
    if (!banner) {
      banner = document.createElement("div");
      banner.id = "live-banner";
      banner.setAttribute("role", "alert");
      document.body.appendChild(banner);
    }
    var words = (root.dataset[found[0]] || "").replace("{time}", clock(found[1]));
    if (banner.textContent !== words) { banner.textContent = words; }
  }

  function tick() {
    judge();
    ready();
  }

  function woken() {
    tick();
    renew();
  }

  // --- what the renderer tells -----------------------------------------------------------------
  function ready() {
    var page = document.getElementById("page");
    if (!page || !page.firstChild || document.querySelector("._dash-loading")) { return; }
    var graphs = page.querySelectorAll(".dash-graph");
    for (var i = 0; i < graphs.length; i++) {
      if (!graphs[i].querySelector(".main-svg")) { return; }
    }
    if (!root.classList.contains("ready")) {
      root.classList.add("ready");
      performance.mark("ioc-ready");
      document.dispatchEvent(new Event("ioc-ready"));
    }
  }

  // The renderer keeps every change of a callback's input for ever (plotly/dash#727).
  function forgetHistory() {
    (window.dash_stores || []).forEach(function (store) {
      var history = store.getState().history;
      if (history && history.past) { history.past = []; }
    });
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.ioc = Object.assign(window.dash_clientside.ioc || {}, {
    // Parts of the page that moved: [path, properties] each, in the order they are to be set.
    moved: function (list) {
      var held = document.activeElement, href = held && held.getAttribute("href");
      var mark = held && (held.id ? "[id='" + CSS.escape(held.id) + "']" :
        href ? "#page [href='" + CSS.escape(href) + "']" : null);
      (list || []).forEach(function (one) {
        window.dash_clientside.set_props(one[0], one[1]);
      });
      // A part drawn anew must not take the keyboard's place away from whoever was in it.
      setTimeout(function () {
        var lost = held && !held.isConnected && document.activeElement === document.body;
        var again = lost && mark && document.querySelector(mark);
        if (again) { again.focus({ preventScroll: true }); }
      }, 100);
      return window.dash_clientside.no_update;
    },
    // The page of `facts` is in the document now.
    shown: function (facts) {
      if (facts) {
        shown = facts;
        shownAt = performance.now();
        root.lang = facts.lang;
        root.dataset.bsTheme = facts.theme;
        root.dataset.status = facts.status;
        root.classList.toggle("wall", Boolean(facts.wall));
        document.title = facts.title;
        window.iocShown = facts;
        document.dispatchEvent(new CustomEvent("ioc-shown", { detail: facts }));
        renew();
      }
      return window.dash_clientside.no_update;
    }
  });

  document.addEventListener("visibilitychange", woken);
  document.addEventListener("resume", woken);
  window.addEventListener("focus", woken);
  window.addEventListener("pageshow", woken);
  setInterval(tick, 1000);
  setInterval(forgetHistory, 60000);
  var drawing = setInterval(function () {
    ready();
    if (root.classList.contains("ready")) { clearInterval(drawing); }
  }, 50);
  if (!root.dataset.still) { connect(); }
})();
