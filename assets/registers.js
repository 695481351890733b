// Registers: the box of words of a list, and the form with which a person acts on an item. Both are
// made here within an empty element of the page, so that what is typed outlives a redraw.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }

  function make(tag, className, text) {
    var one = document.createElement(tag);
    if (className) { one.className = className; }
    if (text) { one.textContent = text; }
    return one;
  }

  function of(host, name) { return host.getAttribute("data-" + name) || ""; }

  // --- words of a list --------------------------------------------------------------------------
  function buildWords(host) {
    var form = make("form"), input = make("input");
    input.type = "search";
    input.maxLength = Number(of(host, "most")) || 80;
    input.value = of(host, "value");
    input.placeholder = of(host, "label");
    input.title = of(host, "hint");
    input.setAttribute("aria-label", of(host, "label"));
    input.autocomplete = "off";
    function go() {
      var value = input.value.trim();
      if (value === of(host, "value")) { return; }
      var parts = new URLSearchParams(location.search);
      if (value) { parts.set("q", value); } else { parts.delete("q"); }
      parts.delete("sheet");
      var text = parts.toString();
      window.iocGo(location.pathname + (text ? "?" + text : ""));
    }
    form.addEventListener("submit", function (event) { event.preventDefault(); go(); });
    input.addEventListener("search", go);
    form.appendChild(input);
    host.appendChild(form);
    new MutationObserver(function () {
      if (document.activeElement !== input) { input.value = of(host, "value"); }
      input.placeholder = of(host, "label");
      input.title = of(host, "hint");
      input.setAttribute("aria-label", of(host, "label"));
    }).observe(host, { attributes: true, attributeFilter: ["data-value", "data-label"] });
  }

  // --- an act on an item ------------------------------------------------------------------------
  var built = 0, opened = {}, typed = {};              // by item: what a redraw must not take away

  function key(host) { return of(host, "register") + " " + of(host, "item"); }

  function labelled(words, field, hint) {
    var label = make("label");
    label.appendChild(make("span", "", words));
    label.appendChild(field);
    if (hint) { label.appendChild(make("span", "hint", hint)); }
    return label;
  }

  function select(pairs) {
    var one = make("select", "form-select");
    pairs.forEach(function (pair) {
      var option = make("option", "", pair[1]);
      option.value = pair[0];
      one.appendChild(option);
    });
    return one;
  }

  function today() {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
  }

  function buildAct(host) {
    var words = JSON.parse(of(host, "words"));
    var moves = JSON.parse(of(host, "moves")), fields = JSON.parse(of(host, "fields"));
    var mine = typed[key(host)] || (typed[key(host)] = {});
    var details = make("details"), form = make("form", "act-form");
    details.appendChild(make("summary", "", words.act_open));
    var kinds = [["note", words.act_of_note]];
    if (fields.length) { kinds.unshift(["edit", words.act_of_edit]); }
    if (moves.length) { kinds.unshift(["state", words.act_of_state]); }
    var kind = select(kinds);
    var to = select(moves.map(function (one) { return [one.code, one.words]; }));
    var day = window.iocDay({ id: "act-day-" + (++built), moment: false, max: today() });
    day.input.className = "form-control";
    var field = select(fields.map(function (one) { return [one.name, one.words]; }));
    var value = make("div", "act-value");
    var name = make("input", "form-control");
    name.maxLength = Number(of(host, "most-name")) || 80;
    name.autocomplete = "name";
    var why = make("textarea", "form-control");
    why.rows = 2;
    why.maxLength = Number(of(host, "most")) || 1000;
    var evidence = make("input", "form-control");
    evidence.maxLength = 1000;
    var send = make("button", "btn btn-primary btn-sm", words.act_send);
    send.type = "submit";
    var said = make("p", "act-said");
    said.setAttribute("role", "status");
    said.textContent = mine.said || "";
    mine.said = "";

    var boxes = {
      to: labelled(words.act_to, to),
      day: labelled(words.act_day, day.element),
      field: labelled(words.act_field, field),
      value: value
    };
    [labelled(words.act_kind, kind), boxes.to, boxes.day, boxes.field, boxes.value,
      labelled(words.act_why, why, words.act_why_hint), labelled(words.act_evidence, evidence),
      labelled(words.act_name, name), send, said].forEach(function (one) { form.appendChild(one); });
    details.appendChild(form);
    host.appendChild(details);
    details.open = opened[key(host)] === true;
    details.addEventListener("toggle", function () { opened[key(host)] = details.open; });

    function chosen() { return fields.filter(function (one) { return one.name === field.value; })[0]; }

    function fresh() {
      var about = chosen(), input;
      value.textContent = "";
      if (!about) { return; }
      if (about.kind === "choice") {
        input = select([["", "–"]].concat(about.choices));
      } else if (about.kind === "flag") {
        input = select([["", "–"], ["true", words.yes], ["false", words.no]]);
      } else {
        input = make(about.kind === "long" ? "textarea" : "input", "form-control");
      }
      input.name = "value";
      var hint = about.kind === "choices" ?
        about.hint + ": " + about.choices.map(function (one) { return one[0]; }).join(", ") : about.hint;
      value.appendChild(labelled(words.act_value, input, hint + " · " + words.act_value_none));
    }

    function show() {
      var move = moves.filter(function (one) { return one.code === to.value; })[0];
      boxes.to.hidden = kind.value !== "state";
      boxes.day.hidden = kind.value !== "state" || !of(host, "done") || !move || move.phase !== "done";
      boxes.field.hidden = boxes.value.hidden = kind.value !== "edit";
    }

    ["kind", "to", "field", "why", "evidence"].forEach(function (part) {
      var input = { kind: kind, to: to, field: field, why: why, evidence: evidence }[part];
      if (mine[part] !== undefined) { input.value = mine[part]; }
      if (input.selectedIndex === -1) { input.selectedIndex = 0; }
      input.addEventListener("input", function () { mine[part] = input.value; });
    });
    day.set(mine.day || today());
    day.input.addEventListener("change", function () { mine.day = day.get() || ""; });
    fresh();
    show();
    kind.addEventListener("change", show);
    to.addEventListener("change", show);
    field.addEventListener("change", fresh);
    fetch("/viewer", { credentials: "same-origin" }).then(function (one) { return one.json(); })
      .then(function (told) { if (!name.value) { name.value = name.defaultValue = told.name || ""; } })
      .catch(function () { /* the name is typed then */ });

    function named() {
      var given = name.value.trim();
      if (!given) { return Promise.reject(new Error(words.act_need_name)); }
      if (given === name.defaultValue) { return Promise.resolve(); }
      return window.iocSend("/viewer", { name: given }).then(function () { name.defaultValue = given; });
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      said.textContent = "";
      if (!why.value.trim()) { said.textContent = words.act_need_why; why.focus(); return; }
      if (!boxes.day.hidden && !day.get()) { day.input.focus(); return; }
      send.disabled = true;
      var input = value.querySelector("[name=value]");
      named().then(function () {
        return window.iocSend("/register/" + encodeURIComponent(of(host, "register")) + "/" +
          encodeURIComponent(of(host, "item")) + "/act", {
          kind: kind.value, to: to.value, day: boxes.day.hidden ? "" : day.get(),
          field: field.value, value: input ? input.value : "", why: why.value,
          evidence: evidence.value, seen: of(host, "seen"), lang: of(host, "lang")
        });
      }).then(function () {
        // The page is drawn anew by the data version, and this form with it.
        typed[key(host)] = { said: words.act_done };
        why.value = evidence.value = "";
        said.textContent = words.act_done;
      }).catch(function (error) {
        var told = error instanceof Error && !(error instanceof TypeError) && error.message;
        said.textContent = told && told.length < 400 && told.indexOf("<") < 0 ? told : words.act_failed;
      }).then(function () { send.disabled = false; });
    });
  }

  function look() {
    var words = document.getElementById("register-words"), host = document.getElementById("item-act");
    if (words && !words.firstChild) { buildWords(words); }
    if (!host || !of(host, "words")) { return; }
    var now = [key(host), of(host, "seen"), of(host, "lang"), of(host, "moves")].join(" ");
    if (host.iocFor === now && host.firstChild) { return; }
    host.iocFor = now;
    host.textContent = "";
    buildAct(host);
  }

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; look(); }, 60);
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-seen", "data-item", "data-value"]
  });
})();
