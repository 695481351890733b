// Sources: what is asked of the pollers and what came of it, decisions about figures on hold, and
// the operators' banner while the store cannot be written. Made here, so that a list that changes
// or words being typed cost no page drawn anew.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var SOON = 1500, QUIET = 10000, SLOW = 20, MINUTE = 60000;

  function make(tag, className, text) {
    var one = document.createElement(tag);
    if (className) { one.className = className; }
    if (text) { one.textContent = text; }
    return one;
  }

  function place() { return document.getElementById("source-asked"); }
  function say(host, name) { return of(host, "say-" + name.replace(/_/g, "-")); }
  function of(host, name) { return host.getAttribute("data-" + name) || ""; }

  function button(words, className, act) {
    var one = make("button", className, words);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  }

  function reason(host, error) {
    var told = error instanceof Error && !(error instanceof TypeError) && error.message;
    return told && told.length < 300 && told.indexOf("<") < 0 ? told : say(host, "failed");
  }

  // --- what was asked of the pollers ------------------------------------------------------------
  var lookedAt = -1e9, looking = false, shownFor = "", shownText = "", opened = {}, pending = false;

  function address(host) { return "/sources/" + encodeURIComponent(of(host, "source")) + "/requests"; }

  function look(force) {
    var host = place(), now = performance.now();
    if (!host || looking || document.hidden) { return; }
    var other = shownFor !== of(host, "source") + of(host, "lang") || !host.firstChild;
    if (!force && !other && now - lookedAt < (pending ? SOON : QUIET)) { return; }
    looking = true;
    lookedAt = now;
    var key = of(host, "source") + of(host, "lang");
    fetch(address(host) + "?lang=" + of(host, "lang"), { credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(); } return answer.json(); })
      .then(function (told) {
        looking = false;
        if (place() !== host) { return; }
        fill(host, told, key);
      }).catch(function () { looking = false; });
  }

  function fill(host, told, key) {
    var text = JSON.stringify(told), was = pending;
    pending = told.requests.some(function (one) { return one.state !== "done"; });
    host.setAttribute("data-name", told.name || "");
    if (was && !pending) { redraw(); }
    // `waited` grows by itself: a list that says the same stays as it is.
    text = JSON.stringify([told.requests.map(function (one) {
      return [one.id, one.state, one.state_words, one.waited > SLOW && one.state === "waiting"];
    }), key]);
    if (text === shownText && host.firstChild) { return; }
    shownText = text;
    shownFor = key;
    host.textContent = "";
    var said = make("p", "source-said");
    said.setAttribute("role", "status");
    if (!told.requests.length) {
      host.appendChild(make("p", "hint", say(host, "asked_none")));
    } else {
      var list = make("ul");
      told.requests.forEach(function (one) { list.appendChild(item(host, one)); });
      host.appendChild(list);
    }
    host.appendChild(said);
  }

  function item(host, one) {
    var row = make("li"), head = make("div", "asked-head");
    row.setAttribute("data-request", one.id);
    row.setAttribute("data-state", one.state);
    head.appendChild(make("b", "", one.kind));
    head.appendChild(make("span", "asked-state is-" + one.state, one.state_words));
    head.appendChild(make("span", "asked-signed", one.signed));
    row.appendChild(head);
    one.lines.forEach(function (words) { row.appendChild(make("p", "asked-line", words)); });
    if (one.state === "waiting" && one.waited > SLOW) {
      row.appendChild(make("p", "hint", say(host, "asked_slow")));
    }
    if (one.rows.length) {
      var details = make("details", "asked-rows"), rows = make("ul");
      details.appendChild(make("summary", "", say(host, "result_rows").replace("{count}", one.rows.length)));
      one.rows.forEach(function (words) { rows.appendChild(make("li", "", words)); });
      details.appendChild(rows);
      details.open = opened[one.id] === true;
      details.addEventListener("toggle", function () { opened[one.id] = details.open; });
      row.appendChild(details);
    }
    return row;
  }

  function ask(host, kind, pressed) {
    pressed.disabled = true;
    window.iocSend(address(host), { kind: kind, lang: of(host, "lang") })
      .then(function (made) {
        opened[made.id] = true;
        pending = true;
        pressed.disabled = false;
        look(true);
      })
      .catch(function (error) {
        pressed.disabled = false;
        var said = host.querySelector(".source-said");
        if (said) { said.textContent = reason(host, error); }
      });
  }

  // --- decisions about figures on hold ----------------------------------------------------------
  function labelled(words, field) {
    var label = make("label", "", words);
    field.classList.add("form-control");
    label.appendChild(field);
    return label;
  }

  function fact(list, name, words) {
    list.appendChild(make("dt", "", name));
    list.appendChild(make("dd", "", words));
  }

  function decide(host, pressed) {
    var act = of(pressed, "act"), box = make("dialog", "source-form");
    var title = make("h2", "", say(host, "held_" + act + "_title"));
    title.id = "source-form-title";
    box.setAttribute("aria-labelledby", title.id);
    box.appendChild(title);
    box.appendChild(make("p", "", of(pressed, "about")));
    var facts = make("dl");
    fact(facts, say(host, "held_col_given"), of(pressed, "given"));
    fact(facts, say(host, "held_col_standing"), of(pressed, "standing"));
    box.appendChild(facts);
    box.appendChild(make("p", "hint", say(host, "held_" + act + "_hint")));
    var name = make("input"), note = make("textarea"), said = make("p", "source-said");
    name.type = "text";
    name.maxLength = Number(of(host, "most-name")) || 80;
    name.autocomplete = "name";
    name.value = name.defaultValue = of(host, "name");
    note.rows = 3;
    note.maxLength = Number(of(host, "most")) || 1000;
    note.required = act === "refuse";
    said.setAttribute("role", "alert");
    box.appendChild(labelled(say(host, "name"), name));
    box.appendChild(labelled(say(host, act === "refuse" ? "held_note_required" : "held_note"), note));
    box.appendChild(said);
    var buttons = make("div", "source-buttons");

    function send() {
      said.textContent = "";
      if (!name.value.trim()) { said.textContent = say(host, "need_name"); name.focus(); return; }
      if (note.required && !note.value.trim()) {
        said.textContent = say(host, "held_need_note");
        note.focus();
        return;
      }
      sure.disabled = true;
      var named = name.value.trim() === name.defaultValue ? Promise.resolve() :
        window.iocSend("/viewer", { name: name.value.trim() });
      named.then(function () {
        host.setAttribute("data-name", name.value.trim());
        return window.iocSend("/held/" + of(pressed, "held") + "/" + act, {
          note: note.value, lang: of(host, "lang")
        });
      }).then(function () {
        pressed.disabled = true;
        box.close();
        redraw();
      }).catch(function (error) {
        sure.disabled = false;
        said.textContent = reason(host, error);
      });
    }

    var sure = button(say(host, "held_" + act), "btn btn-primary btn-sm", send);
    buttons.appendChild(button(say(host, "cancel"), "btn btn-outline-primary btn-sm", function () { box.close(); }));
    buttons.appendChild(sure);
    box.appendChild(buttons);
    box.addEventListener("close", function () {
      box.remove();
      if (pressed.isConnected) { pressed.focus(); }
    });
    document.body.appendChild(box);
    box.showModal();
    (name.value ? note : name).focus();
  }

  // --- the page ---------------------------------------------------------------------------------
  // Runs without news grow no data version: next slots and ages of the page are asked for anew each
  // minute, and after something was done. The server answers with what moved, mostly nothing.
  function redraw() {
    var facts = window.iocShown, dash = window.dash_clientside;
    if (facts && dash && dash.set_props) { dash.set_props("data-version", { data: facts.version }); }
  }

  document.addEventListener("click", function (event) {
    var host = place(), at = event.target.closest ? event.target : null;
    if (!at || !host) { return; }
    var asks = at.closest("button.source-ask"), decides = at.closest("button.held-act");
    if (asks) { ask(host, of(asks, "kind"), asks); }
    if (decides) { decide(host, decides); }
  });

  document.addEventListener("ioc-shown", function () { look(false); });
  setInterval(function () { look(false); }, 500);
  setInterval(function () {
    var facts = window.iocShown;
    if (!document.hidden && facts && (facts.page === "source" || facts.page === "sources")) { redraw(); }
  }, MINUTE);

  // --- the store, on the desk --------------------------------------------------------------------
  document.addEventListener("ioc-pulse", function (event) {
    var code = event.detail.store, banner = document.getElementById("store-banner"), words = {};
    try { words = JSON.parse(document.documentElement.dataset.store || "{}"); } catch (ignored) { /* none */ }
    var said = code && !document.documentElement.classList.contains("wall") ? words[code] || words.refused : "";
    if (!said) {
      if (banner) { banner.remove(); }
      return;
    }
    if (!banner) {
      banner = make("div");
      banner.id = "store-banner";
      banner.setAttribute("role", "status");
      document.body.insertBefore(banner, document.body.firstChild);
    }
    if (banner.textContent !== said) { banner.textContent = said; }
  });
})();
