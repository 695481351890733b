// Notes on figures: one's drafts and the form, made here so that typed words outlive a redraw.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }

  function make(tag, className, text) {
    var one = document.createElement(tag);
    if (className) { one.className = className; }
    if (text) { one.textContent = text; }
    return one;
  }

  function say(host, name) { return host.getAttribute("data-say-" + name) || ""; }
  function of(host, name) { return host.getAttribute("data-" + name) || ""; }

  function key(host) {
    return "ioc-note " + ["unit", "indicator", "period"].map(function (name) {
      return of(host, name);
    }).join(" ");
  }

  function kept(host) {
    try { return sessionStorage.getItem(key(host)) || ""; } catch (ignored) { return ""; }
  }

  function keep(host, text) {
    try {
      if (text) { sessionStorage.setItem(key(host), text); } else { sessionStorage.removeItem(key(host)); }
    } catch (ignored) { /* without storage only a redraw loses the words */ }
  }

  // The server's own sentence where it gave one, not a network's or a broken page's.
  function reason(host, error) {
    var told = error instanceof Error && !(error instanceof TypeError) && error.message;
    return told && told.length < 300 && told.indexOf("<") < 0 ? told : say(host, "failed");
  }

  var opened = {};                          // which forms are open, as a redraw makes them anew

  function labelled(words, field) {
    var label = make("label");
    label.appendChild(make("span", "", words));
    label.appendChild(field);
    return label;
  }

  function button(words, className, act) {
    var one = make("button", className, words);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  }

  function build(host) {
    var details = make("details");
    details.appendChild(make("summary", "", say(host, "add")));
    var form = make("div", "note-form");
    var drafts = make("div", "note-drafts");
    var name = make("input", "form-control");
    name.type = "text";
    name.maxLength = 80;
    name.autocomplete = "name";
    var words = make("textarea", "form-control");
    words.rows = 3;
    words.maxLength = Number(of(host, "most")) || 500;
    words.value = kept(host);
    words.addEventListener("input", function () { keep(host, words.value); });
    var said = make("p", "note-said");
    said.setAttribute("role", "status");
    var buttons = make("div", "note-buttons");

    function fail(error) { said.textContent = reason(host, error); }

    function named() {
      var given = name.value.trim();
      if (!given || given === name.defaultValue) { return Promise.resolve(); }
      return window.iocSend("/viewer", { name: given }).then(function () { name.defaultValue = given; });
    }

    function save(publish) {
      said.textContent = "";
      named().then(function () {
        return window.iocSend("/notes", {
          unit: of(host, "unit"), indicator: of(host, "indicator"), period: of(host, "period"),
          lang: of(host, "lang"), words: words.value
        });
      }).then(function (made) {
        words.value = "";
        keep(host, "");
        return publish ? window.iocSend("/notes/" + made.id + "/publish?lang=" + of(host, "lang")) : made;
      }).then(function () { mine(host, drafts, name, details); }).catch(fail);
    }

    buttons.appendChild(button(say(host, "save"), "btn btn-outline-primary btn-sm", function () { save(false); }));
    buttons.appendChild(button(say(host, "publish-now"), "btn btn-primary btn-sm", function () { save(true); }));
    form.appendChild(drafts);
    form.appendChild(labelled(say(host, "name"), name));
    form.appendChild(labelled(say(host, "words"), words));
    form.appendChild(make("p", "hint", say(host, "about")));
    form.appendChild(buttons);
    form.appendChild(said);
    details.appendChild(form);
    details.open = Boolean(words.value) || opened[key(host)] === true;
    details.addEventListener("toggle", function () { opened[key(host)] = details.open; });
    host.appendChild(details);
    mine(host, drafts, name, details);
  }

  function mine(host, drafts, name, details) {
    var asked = new URLSearchParams({
      unit: of(host, "unit"), indicator: of(host, "indicator"), lang: of(host, "lang")
    });
    Promise.all([
      fetch("/notes/mine?" + asked, { credentials: "same-origin" }).then(function (one) { return one.json(); }),
      fetch("/viewer", { credentials: "same-origin" }).then(function (one) { return one.json(); })
    ]).then(function (told) {
      details.hidden = !told[0].may_write;
      if (!name.value) { name.value = name.defaultValue = told[1].name || ""; }
      drafts.textContent = "";
      if (!told[0].notes.length) { return; }
      drafts.appendChild(make("p", "hint", say(host, "drafts")));
      var list = make("ul");
      told[0].notes.forEach(function (one) {
        var item = make("li");
        item.appendChild(make("p", "note-words", one.words));
        item.appendChild(make("p", "note-signed", [one.period, one.author, one.when].filter(Boolean).join(" · ")));
        ["publish", "withdraw"].forEach(function (act) {
          item.appendChild(button(say(host, act), "note-act", function () {
            window.iocSend("/notes/" + one.id + "/" + act + "?lang=" + of(host, "lang"))
              .then(function () { mine(host, drafts, name, details); });
          }));
        });
        list.appendChild(item);
      });
      drafts.appendChild(list);
      details.open = true;
    }).catch(function () { /* the form stays; saving will say what is wrong */ });
  }

  document.addEventListener("click", function (event) {
    var act = event.target.closest && event.target.closest("button.note-act[data-note]");
    if (!act) { return; }
    var host = document.getElementById("note-new");
    if (!host || !window.confirm(say(host, "sure"))) { return; }
    window.iocSend("/notes/" + act.getAttribute("data-note") + "/withdraw?lang=" + of(host, "lang"))
      .then(function () { act.disabled = true; })
      .catch(function (error) { act.title = reason(host, error); });
  });

  // A host is made anew with its page, or gets other attributes on a page about something else.
  function look() {
    var host = document.getElementById("note-new");
    if (!host || host.getAttribute("data-lang") === null) { return; }
    if (host.iocFor === key(host) + of(host, "lang") && host.firstChild) { return; }
    host.iocFor = key(host) + of(host, "lang");
    host.textContent = "";
    build(host);
  }

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; look(); }, 150);
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-unit", "data-indicator", "data-period"]
  });
})();
