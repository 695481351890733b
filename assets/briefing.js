// Meeting packs: what both of their pages are made of, and the list of packs. Everything a person
// or a server said is set as text only.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var LOOK = 250, PROGRESS = 1200;
  var kit = window.iocBriefing = { words: {}, lang: "vi" };
  var count = 0, home = null;

  kit.say = function (key, params) {
    var text = kit.words[key] || key;
    Object.keys(params || {}).forEach(function (name) {
      text = text.split("{" + name + "}").join(String(params[name]));
    });
    return text;
  };

  kit.add = function (where, name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined && text !== null) { made.textContent = text; }
    if (where) { where.appendChild(made); }
    return made;
  };

  kit.button = function (where, text, className, run) {
    var made = kit.add(where, "button", "act " + (className || ""), text);
    made.type = "button";
    made.addEventListener("click", run);
    return made;
  };

  kit.link = function (where, text, href, className) {
    var made = kit.add(where, "a", className || "", text);
    made.href = href;
    return made;
  };

  kit.label = function (where, text, field) {
    count += 1;
    field.id = field.id || "briefing-field-" + count;
    var made = kit.add(where, "label", "", text);
    made.htmlFor = field.id;
    return made;
  };

  kit.panel = function (where, title, line, className) {
    var box = kit.add(where, "section", "card-box " + (className || ""));
    var head = kit.add(box, "header", "card-head"), words = kit.add(head, "div", "card-words");
    kit.add(words, "h2", "", title);
    if (line) { kit.add(words, "p", "", line); }
    box.tools = kit.add(head, "div", "card-tools");
    box.body = kit.add(box, "div", "card-body");
    return box;
  };

  kit.said = function (text, bad) {
    var place = document.getElementById("briefing-said");
    if (!place) { return; }
    place.textContent = text || "";
    place.classList.toggle("is-bad", Boolean(bad));
    place.classList.toggle("on", Boolean(text));
  };

  kit.failed = function (error) { kit.said(kit.say("failed", { reason: error.message }), true); };

  kit.send = function (address, value) {
    return window.iocSend(address + "?lang=" + kit.lang, value);
  };

  kit.get = function (address) {
    return fetch(address + "?lang=" + kit.lang, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (answer.ok) { return answer.json(); }
        return answer.text().then(function (reason) {
          var error = new Error(reason);
          error.status = answer.status;
          throw error;
        });
      });
  };

  kit.chip = function (where, state, words) { return kit.add(where, "span", "chip pack-" + state, words); };

  // --- making -----------------------------------------------------------------------------------
  // A bar while it is made, with a way to stop it; `then` is told when it ended.
  kit.make = function (where, key, then) {
    kit.said(kit.say("making"));
    kit.send("/briefings/" + key + "/make", {}).then(function (begun) {
      kit.said(begun.words);
      follow(where, begun.code, then);
      if (then) { then(false); }
    }).catch(kit.failed);
  };

  function follow(where, code, then) {
    var box = kit.add(where, "div", "pack-progress");
    var words = kit.add(box, "span", "pack-progress-words", kit.say("queued"));
    var bar = kit.add(box, "progress", "");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", kit.say("state_queued"));
    var stop = window.iocExportWords && kit.button(box, window.iocExportWords.cancel || "×", "is-quiet", cancel);
    function cancel() { window.iocSend("/exports/" + code + "/cancel", {}).catch(kit.failed); }
    kit.link(box, kit.say("see_exports"), "/exports?lang=" + kit.lang, "more");
    function ask() {
      if (!document.contains(box)) { return; }
      fetch("/exports/" + code + ".json?lang=" + kit.lang, { credentials: "same-origin", cache: "no-store" })
        .then(function (answer) {
          if (!answer.ok) { throw new Error(String(answer.status)); }
          return answer.json();
        }).then(function (now) {
          if (now.total) { bar.max = now.total; bar.value = now.done || 0; }
          var step = typeof now.step === "string" ? now.step : now.words;
          if (step) { words.textContent = step; }
          if (now.state === "queued" || now.state === "running") { setTimeout(ask, PROGRESS); return; }
          if (stop) { stop.remove(); }
          box.remove();
          kit.said(kit.say("state_" + now.state), now.state !== "done");
          if (then) { then(true); }
        }).catch(function () { setTimeout(ask, 3 * PROGRESS); });
    }
    setTimeout(ask, PROGRESS);
  }

  // --- the list ---------------------------------------------------------------------------------
  function card(where, one, kind) {
    var box = kit.add(where, "article", "card-box pack-card"), body = kit.add(box, "div", "pack-card-body");
    var head = kit.add(body, "h3", "");
    kit.link(head, one.title, one.href);
    var facts = kit.add(body, "p", "pack-facts");
    kit.add(facts, "span", "", one.sections);
    kit.add(facts, "span", "", one.forms.join(" · "));
    if (kind === "template") {
      if (one.schedule) { kit.add(body, "p", "pack-line", kit.say("template_schedule", { words: one.schedule })); }
    } else {
      kit.add(body, "p", "pack-line", one.schedule ? one.schedule + " · " + one.next : one.next);
      var last = kit.add(body, "p", "pack-line");
      if (one.last) {
        kit.chip(last, one.last.state, one.last.words);
        kit.add(last, "span", "", one.last.moment);
      } else { last.textContent = kit.say("never_made"); }
    }
    if (kind === "shared") { kit.add(body, "p", "pack-line", one.owner); }
    if (kind === "own" && one.shared) { kit.add(body, "p", "pack-line", kit.say("is_shared")); }
    var acts = kit.add(box, "div", "pack-acts");
    if (kind === "template") {
      kit.button(acts, kit.say("from_template"), "is-first", function () { begin(one.key, one.title); })
        .setAttribute("aria-label", kit.say("from_template") + ": " + one.title);
    }
    if (kind === "home") {
      kit.button(acts, kit.say("copy"), "", function () { begin(one.key, one.title); })
        .setAttribute("aria-label", kit.say("copy") + ": " + one.title);
    }
    if (kind !== "template") {
      kit.button(acts, kit.say("make"), "", function () { kit.make(box, one.key, function () {}); })
        .setAttribute("aria-label", kit.say("make") + ": " + one.title);
    }
    var open = kit.link(acts, kit.say("open"), one.href, "act is-quiet");
    open.setAttribute("aria-label", kit.say("open") + ": " + one.title);
  }

  function begin(from, title) {
    kit.send("/briefings", { from: from, title: title }).then(function (made) {
      location.assign(made.href);
    }).catch(kit.failed);
  }

  function group(where, key, cards, kind) {
    if (!cards.length && kind !== "own") { return; }
    var part = kit.add(where, "section", "pack-group");
    kit.add(part, "h2", "", kit.say(key));
    kit.add(part, "p", "hint", kit.say(key + "_line"));
    if (!cards.length) { kit.add(part, "p", "pack-none", kit.say("none_mine")); }
    var listed = kit.add(part, "div", "pack-cards");
    cards.forEach(function (one) { card(listed, one, kind); });
  }

  function basket(where, items) {
    var box = kit.panel(where, kit.say("basket"), kit.say("basket_line"), "pack-basket");
    if (!items.length) { kit.add(box.body, "p", "pack-none", kit.say("basket_empty")); }
    var listed = kit.add(box.body, "ol", "pack-items");
    items.forEach(function (one, at) {
      var row = kit.add(listed, "li", "");
      kit.link(row, one.title || one.address, one.address);
      var rest = items.filter(function (_, other) { return other !== at; });
      var gone = kit.button(row, "✕", "is-quiet", function () { keep(rest); });
      gone.setAttribute("aria-label", kit.say("section_remove") + ": " + (one.title || one.address));
    });
    function keep(left) {
      kit.send("/basket", { items: left }).then(function (now) {
        if (window.iocBasket) { window.iocBasket(now.items.length); }
        load();
      }).catch(kit.failed);
    }
    if (items.length) {
      kit.button(box.tools, kit.say("basket_clear"), "is-quiet", function () { keep([]); });
    }
    var form = kit.add(box.body, "form", "pack-new"), field = document.createElement("input");
    field.className = "console-input";
    field.maxLength = 200;
    field.autocomplete = "off";
    var wrap = kit.add(form, "div", "console-field");
    kit.label(wrap, kit.say("new_title"), field);
    wrap.appendChild(field);
    if (items.length) {
      var first = kit.add(form, "button", "act is-first", kit.say("from_basket"));
      first.type = "submit";
    }
    var empty = kit.button(form, kit.say("new_empty"), items.length ? "" : "is-first", function () { go(""); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      go(items.length ? "basket" : "");
    });
    empty.disabled = false;
    function go(from) {
      if (!field.value.trim()) { kit.said(kit.say("need_title"), true); field.focus(); return; }
      begin(from, field.value);
    }
  }

  function load() {
    var mine = home, place = document.getElementById("briefing-place");
    Promise.all([kit.get("/briefings/list.json"), kit.get("/basket")]).then(function (found) {
      if (mine !== home || !document.contains(place)) { return; }
      var said = found[0];
      place.textContent = "";
      if (said.wrong.length) {
        var wrong = kit.panel(place, kit.say("wrong"), "", "pack-wrong");
        var list = kit.add(wrong.body, "ul", "");
        said.wrong.forEach(function (text) { kit.add(list, "li", "", text); });
      }
      var two = kit.add(place, "div", "pack-two"), left = kit.add(two, "div", "pack-column");
      var right = kit.add(two, "div", "pack-column is-side");
      group(left, "mine", said.own, "own");
      group(left, "shared", said.shared, "shared");
      group(left, "home", said.home, "home");
      group(left, "templates", said.templates, "template");
      basket(right, found[1].items);
    }).catch(kit.failed);
  }

  function look() {
    var found = document.getElementById("briefings") || document.getElementById("briefing");
    if (found === home) { return; }
    home = found;
    if (!home || !home.dataset.words) { return; }
    kit.words = JSON.parse(home.dataset.words);
    kit.lang = home.dataset.lang;
    kit.add(document.getElementById("briefing-place"), "p", "hint", kit.say("loading"));
    if (home.id === "briefings") { load(); }
    else if (kit.edit) { kit.edit(home.dataset.key); }
  }
  setInterval(look, LOOK);
})();
