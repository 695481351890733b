// The console of walls: asks the server every three seconds and changes only the words that moved,
// so that nothing an operator types or has opened is ever drawn over. Texts are only set as text.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var EVERY = 3000, SURE = 6000;
  var home = null, words = {}, lang = "vi", choices = null, rows = {}, asking = false, due = 0;
  var answeredAt = "", seenWalls = "";

  function add(where, name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    if (where) { where.appendChild(made); }
    return made;
  }

  function put(where, text) {
    text = text === undefined || text === null ? "" : String(text);
    if (where.textContent !== text) { where.textContent = text; }
  }

  function by(id) { return document.getElementById(id); }

  function said(text, bad) {
    var place = by("console-said");
    put(place, text);
    place.classList.toggle("is-bad", Boolean(bad));
    place.classList.toggle("on", Boolean(text));
  }

  // --- forms ------------------------------------------------------------------------------------
  var count = 0;

  function label(where, text, field) {
    count += 1;
    field.id = field.id || "console-field-" + count;
    var made = add(where, "label", "", text);
    made.htmlFor = field.id;
    return made;
  }

  function field(where, text, kind, given) {
    var box = add(where, "div", "console-field is-" + kind);
    var made = document.createElement("input");
    made.type = kind === "minutes" ? "number" : "text";
    made.className = "console-input";
    made.autocomplete = "off";
    Object.keys(given || {}).forEach(function (name) { made[name] = given[name]; });
    label(box, text, made);
    box.appendChild(made);
    return made;
  }

  function choice(where, text, kind, options) {
    var box = add(where, "div", "console-field is-" + kind), made = document.createElement("select");
    made.className = "console-input";
    label(box, text, made);
    box.appendChild(made);
    fill(made, options);
    return made;
  }

  function fill(select, options) {
    var chosen = select.value;
    select.textContent = "";
    options.forEach(function (one) { add(select, "option", "", one.name).value = one.key; });
    if (chosen) { select.value = chosen; }
  }

  function button(where, text, className, act) {
    var made = add(where, "button", "act " + (className || ""), text);
    made.type = act ? "button" : "submit";
    if (act) { made.addEventListener("click", act); }
    return made;
  }

  function pickBox(where, text, value, name) {
    var made = add(where, "label", "console-pick"), box = document.createElement("input");
    box.type = "checkbox";
    box.value = value;
    box.name = name;
    made.appendChild(box);
    add(made, "span", "", text);
    return box;
  }

  function send(order, done) {
    window.iocSend("/walls/act?lang=" + lang, order).then(function (answer) {
      said(answer.words);
      due = 0;
      if (done) { done(); }
    }).catch(function (error) {
      said(error instanceof TypeError ? words.refused_sent : error.message, true);
    });
  }

  function forms() {
    var form = by("console-register");
    var code = field(form, words.code, "code", { maxLength: 9, required: true, spellcheck: false });
    var name = field(form, words.name, "name", { maxLength: 60, required: true, placeholder: words.name_hint });
    var list = choice(form, words.playlist, "playlist", choices.playlists);
    list.value = "default";
    code.id = "console-code";
    name.id = "console-name";
    code.previousSibling.htmlFor = code.id;
    name.previousSibling.htmlFor = name.id;
    button(form, words.register_do, "is-first");
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send({ act: "register", code: code.value, name: name.value, playlist: list.value }, function () {
        code.value = name.value = "";
      });
    });
    freezing(by("console-freeze"));
  }

  function freezing(form) {
    var name = field(form, words.freeze_title, "freeze", {
      maxLength: 80, required: true, placeholder: words.freeze_hint
    });
    var set = add(form, "fieldset", "console-field is-picks");
    add(set, "legend", "", words.freeze_walls);
    var desks = pickBox(set, words.freeze_all_desks, "desks", "desks");
    add(set, "div", "console-picks").id = "console-freeze-walls";
    button(form, words.freeze_do, "is-first");
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var chosen = [].map.call(set.querySelectorAll("input[name=wall]:checked"), function (one) {
        return Number(one.value);
      });
      send({ act: "freeze", text: name.value, walls: chosen, desks: desks.checked }, function () {
        name.value = "";
        [].forEach.call(set.querySelectorAll("input"), function (one) { one.checked = false; });
      });
    });
  }

  function picks(list) {
    var place = by("console-freeze-walls");
    var known = list.filter(function (one) { return one.orders; });
    var now = JSON.stringify(known.map(function (one) { return [one.id, one.name]; }));
    if (!place || now === seenWalls) { return; }
    seenWalls = now;
    var chosen = [].map.call(place.querySelectorAll("input:checked"), function (one) { return one.value; });
    place.textContent = "";
    known.forEach(function (one) {
      pickBox(place, one.name, String(one.id), "wall").checked = chosen.indexOf(String(one.id)) >= 0;
    });
  }

  // --- the table of screens ---------------------------------------------------------------------
  function table() {
    var place = by("console-walls");
    place.textContent = "";
    var made = add(place, "table", "console-table"), head = add(add(made, "thead"), "tr");
    ["wall", "shows", "data", "health", "picture", "do"].forEach(function (key) {
      add(head, "th", "col-" + key, words["col_" + key]).scope = "col";
    });
    add(made, "tbody");
    add(place, "p", "console-none");
    rows = {};
    return made;
  }

  function cell(row, key) {
    var made = add(row, "td", "col-" + key);
    made.dataset.label = words["col_" + key];
    return made;
  }

  function build(one) {
    var body = document.querySelector(".console-table tbody"), row = add(body, "tr"), parts = { row: row };
    row.id = "wall-row-" + one.id;
    var head = add(row, "th", "col-wall");
    head.scope = "row";
    parts.name = add(head, "span", "console-name");
    parts.state = add(head, "span", "chip");
    parts.marks = add(head, "span", "console-marks");
    var shows = cell(row, "shows");
    parts.does = add(shows, "span", "console-does");
    parts.should = add(shows, "span", "console-should");
    var data = cell(row, "data");
    parts.data = add(data, "span", "console-data");
    parts.pulse = add(data, "span", "console-small");
    parts.skipped = add(data, "span", "console-small");
    var health = cell(row, "health");
    parts.heap = add(health, "span", "console-heap");
    parts.errors = add(health, "span", "console-small");
    parts.screen = add(health, "span", "console-small");
    parts.clock = add(health, "span", "console-small is-warning");
    parts.picture = cell(row, "picture");
    parts.act = cell(row, "do");
    rows[one.id] = parts;
    return parts;
  }

  function change(one) {
    var parts = rows[one.id] || build(one);
    parts.last = one;
    put(parts.name, one.name);
    put(parts.state, one.state_words);
    parts.state.className = "chip wall-" + one.state;
    parts.row.className = one.state === "revoked" ? "is-gone" : "";
    marks(parts, one.marks);
    put(parts.does, one.does);
    parts.does.classList.toggle("is-wrong", Boolean(one.differs));
    put(parts.should, one.should);
    put(parts.data, one.data);
    parts.data.classList.toggle("is-late", Boolean(one.late));
    put(parts.pulse, one.pulse);
    put(parts.skipped, one.skipped);
    put(parts.heap, one.heap);
    put(parts.errors, one.errors === undefined ? "" : words.errors.replace("{count}", one.errors));
    parts.errors.title = one.error || "";
    put(parts.screen, one.screen);
    put(parts.clock, one.clock);
    picture(parts, one);
    if (one.orders && !parts.open) {
      parts.open = button(parts.act, words.do_open, "", function () { toggle(parts); });
      parts.open.setAttribute("aria-expanded", "false");
    }
    if (!one.orders && parts.open) {
      if (parts.panel) { parts.panel.remove(); parts.panel = null; }
      parts.open.remove();
      parts.open = null;
    }
    if (parts.panel) { steer(parts); }
  }

  function marks(parts, list) {
    var now = JSON.stringify(list);
    if (parts.marked === now) { return; }
    parts.marked = now;
    parts.marks.textContent = "";
    list.forEach(function (one) { add(parts.marks, "span", "console-mark is-" + one.kind, one.words); });
  }

  function picture(parts, one) {
    if (parts.taken === one.picture && parts.picture.firstChild) { return; }
    parts.taken = one.picture;
    parts.picture.textContent = "";
    if (!one.picture) {
      add(parts.picture, "span", "console-small", one.orders ? words.picture_none : "–");
      return;
    }
    var image = add(parts.picture, "img", "console-picture");
    image.src = "/walls/picture/" + one.id + "?at=" + one.picture;
    image.alt = image.title = one.picture_words;
    add(parts.picture, "span", "console-small", one.picture_words);
  }

  // --- what can be done with one screen ---------------------------------------------------------
  function toggle(parts) {
    var open = !parts.panel;
    parts.open.setAttribute("aria-expanded", String(open));
    put(parts.open, open ? words.do_close : words.do_open);
    if (!open) { parts.panel.remove(); parts.panel = null; return; }
    parts.panel = document.createElement("tr");
    parts.panel.className = "console-panel";
    var place = add(parts.panel, "td");
    place.colSpan = 6;
    panel(parts, add(place, "div", "console-steer"));
    parts.row.after(parts.panel);
    steer(parts);
  }

  function panel(parts, place) {
    function act(name, more) {
      return function () { send(Object.assign({ act: name, wall: parts.last.id }, more ? more() : {})); };
    }
    function group(title, className) {
      var made = add(place, "form", "console-group " + className);
      made.setAttribute("aria-label", title);
      return made;
    }
    var screen = group(words.screen, "is-screen");
    button(screen, words.do_identify, "", act("identify"));
    button(screen, words.do_reload, "", act("reload"));
    parts.hold = button(screen, words.do_hold, "", function () {
      act(parts.last.hold ? "go" : "hold")();
    });
    button(screen, words.do_picture, "", act("picture"));
    revoking(screen, act("revoke"));

    var list = group(words.playlist, "is-list");
    var chosen = choice(list, words.playlist, "playlist", choices.playlists);
    chosen.value = parts.last.playlist;
    button(list, words.do_assign);
    list.addEventListener("submit", function (event) {
      event.preventDefault();
      act("assign", function () { return { playlist: chosen.value }; })();
    });

    var notice = group(words.notice, "is-notice");
    var line = field(notice, words.notice, "notice", {
      maxLength: 200, required: true, placeholder: words.notice_hint
    });
    var minutes = field(notice, words.minutes, "minutes", { min: 1, max: 1440, value: "30", required: true });
    button(notice, words.do_notice);
    button(notice, words.do_notice_end, "is-quiet", act("notice_end"));
    notice.addEventListener("submit", function (event) {
      event.preventDefault();
      act("notice", function () { return { text: line.value, minutes: Number(minutes.value) }; })();
    });
    rehearsing(group(words.exercise, "is-exercise"), act);
  }

  function rehearsing(form, act) {
    var kinds = ["server", "source", "late"].map(function (kind) {
      return { key: kind, name: words["exercise_kind_" + kind] };
    });
    var kind = choice(form, words.exercise, "kind", kinds);
    var what = choice(form, words.exercise_what, "what", []);
    var minutes = field(form, words.minutes, "minutes", { min: 1, max: 1440, value: "5", required: true });
    function offer() {
      what.value = "";
      fill(what, kind.value === "source" ? choices.sources : kind.value === "late" ? choices.provinces : []);
      what.parentNode.classList.toggle("is-none", kind.value === "server");
      what.disabled = kind.value === "server";
    }
    kind.addEventListener("change", offer);
    offer();
    button(form, words.do_exercise);
    button(form, words.do_exercise_end, "is-quiet", act("exercise_end"));
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      act("exercise", function () {
        return { kind: kind.value, what: what.value, minutes: Number(minutes.value) };
      })();
    });
  }

  // What cannot be undone is asked for twice, on the same button.
  function revoking(where, act) {
    var sure = 0, made = button(where, words.do_revoke, "is-danger", function () {
      if (performance.now() < sure) { sure = 0; put(made, words.do_revoke); act(); return; }
      sure = performance.now() + SURE;
      put(made, words.do_revoke_sure);
      setTimeout(function () {
        if (performance.now() >= sure) { put(made, words.do_revoke); }
      }, SURE + 50);
    });
  }

  function steer(parts) { put(parts.hold, parts.last.hold ? words.do_go : words.do_hold); }

  // --- everything else ---------------------------------------------------------------------------
  function freezes(list) {
    var place = by("console-freezes"), now = JSON.stringify(list);
    if (place.dataset.now === now) { return; }
    place.dataset.now = now;
    place.textContent = "";
    list.forEach(function (one) {
      var row = add(place, "div", "console-frozen"), about = add(row, "div", "console-frozen-words");
      add(about, "b", "", one.title + " · " + one.code);
      add(about, "span", "console-small", one.words);
      var link = add(row, "a", "act is-quiet", words.freeze_open);
      link.href = "/?meeting=" + encodeURIComponent(one.code);
      button(row, words.freeze_release, "", function () { send({ act: "release", code: one.code }); });
    });
  }

  function log(list) {
    var place = by("console-log"), now = JSON.stringify(list);
    if (place.dataset.now === now) { return; }
    place.dataset.now = now;
    place.textContent = "";
    if (!list.length) { add(place, "p", "console-none", words.log_none); return; }
    var made = add(place, "table", "console-acts"), head = add(add(made, "thead"), "tr");
    ["time", "by", "wall", "act"].forEach(function (key) {
      add(head, "th", "", words["col_" + key]).scope = "col";
    });
    var body = add(made, "tbody");
    list.forEach(function (one) {
      var row = add(body, "tr");
      ["moment", "by", "wall", "act"].forEach(function (key) { add(row, "td", "is-" + key, one[key]); });
    });
  }

  function wrong(list) {
    var place = by("console-wrong"), now = JSON.stringify(list);
    if (place.dataset.now === now) { return; }
    place.dataset.now = now;
    place.textContent = "";
    list.forEach(function (one) { add(place, "p", "console-said on is-bad", words.wrong + ": " + one); });
  }

  function show(state) {
    if (!document.querySelector(".console-table")) { table(); }
    var alive = {};
    state.walls.forEach(function (one) { alive[one.id] = true; change(one); });
    Object.keys(rows).forEach(function (id) {
      if (alive[id]) { return; }
      if (rows[id].panel) { rows[id].panel.remove(); }
      rows[id].row.remove();
      delete rows[id];
    });
    var body = document.querySelector(".console-table tbody");
    state.walls.forEach(function (one, place) {
      var row = rows[one.id].row, at = [].indexOf.call(body.querySelectorAll("tr:not(.console-panel)"), row);
      if (at !== place) {
        body.appendChild(row);
        if (rows[one.id].panel) { row.after(rows[one.id].panel); }
      }
    });
    put(document.querySelector("#console-walls .console-none"), state.walls.length ? "" : words.none);
    picks(state.walls);
    freezes(state.freezes);
    log(state.acts);
    wrong(state.wrong);
  }

  function clock() {
    return new Intl.DateTimeFormat("vi-VN", {
      timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false
    }).format(new Date());
  }

  function ask() {
    asking = true;
    fetch("/walls/state?lang=" + lang + (choices ? "" : "&choices=1"), { cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (state) {
        asking = false;
        answeredAt = clock();
        if (!home || !home.isConnected) { return; }
        if (state.choices && !choices) {
          choices = state.choices;
          forms();
        }
        if (home.classList.contains("is-lost")) { home.classList.remove("is-lost"); said(""); }
        show(state);
      })
      .catch(function () {
        asking = false;
        if (!home || !home.isConnected || !answeredAt) { return; }
        home.classList.add("is-lost");
        said(words.lost.replace("{time}", answeredAt), true);
      });
  }

  function tick() {
    var found = by("console");
    if (!found) { home = null; return; }
    if (found !== home) {
      home = found;
      words = JSON.parse(home.dataset.words);
      lang = home.dataset.lang;
      choices = null;
      seenWalls = "";
      due = 0;
    }
    if (asking || document.hidden || performance.now() < due) { return; }
    due = performance.now() + EVERY;
    ask();
  }

  setInterval(tick, 250);
})();
