// The page "Submit figures": the fields of the file to send (a page's components have no file
// field), sending it, and the buttons that confirm or withdraw what was checked.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var SAID = "ioc-submit-said", busy = false, leaving = false, told = null;

  function make(tag, parts, children) {
    var element = document.createElement(tag);
    Object.keys(parts || {}).forEach(function (name) {
      if (name === "text") { element.textContent = parts[name]; }
      else if (parts[name] !== null) { element.setAttribute(name, parts[name]); }
    });
    (children || []).forEach(function (child) { element.appendChild(child); });
    return element;
  }

  // What the words on the page are about: a unit's form, or one delivery.
  function subject() {
    var asked = new URLSearchParams(location.search);
    return [location.pathname, asked.get("unit"), asked.get("delivery")].join(" ");
  }

  // What was said on the page, one line a sentence; nothing takes it away but the next action, not
  // even the page being drawn anew because figures came (`look`).
  function tell(lines, bad, title) {
    var place = document.getElementById("submit-said");
    told = lines.length ? { lines: lines, bad: bad, title: title, about: subject() } : null;
    if (!place) { return; }
    place.textContent = "";
    place.className = "submit-said" + (lines.length ? " on" : "") + (bad ? " is-bad" : "");
    place.setAttribute("role", bad ? "alert" : "status");
    if (title) { place.appendChild(make("b", { text: title })); }
    lines.forEach(function (line) { place.appendChild(make("span", { text: line })); });
    if (lines.length) { place.scrollIntoView({ block: "nearest" }); }
  }

  function field(id, label, parts) {
    var input = make("input", Object.assign({ id: id, name: id.replace("submit-", "") }, parts));
    return make("div", { "class": "submit-field" }, [make("label", { "for": id, text: label }), input]);
  }

  function build(form) {
    var words = JSON.parse(form.dataset.words);
    var file = field("submit-file", words.file, {
      type: "file", required: "", accept: ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    });
    // Over the field, as its own words are the browser's; who cannot see is told the file by it.
    var picked = make("span", { text: words.file_none });
    var over = make("div", { "class": "submit-file-words", "aria-hidden": "true" }, [
      make("b", { text: words.file_pick }), picked
    ]);
    file.lastChild.addEventListener("change", function (event) {
      var chosen = event.target.files[0];
      picked.textContent = chosen ? chosen.name : words.file_none;
    });
    file.appendChild(make("div", { "class": "submit-file-box" }, [file.lastChild, over]));
    var name = { type: "text", maxlength: "80", autocomplete: "name" };
    var reporter = field("submit-reporter", words.reporter, Object.assign({ required: "" }, name));
    var approver = field("submit-approver", words.approver, Object.assign({}, name, { autocomplete: "off" }));
    var send = make("button", { type: "submit", "class": "act is-first", text: words.send });
    form.noValidate = true;
    [file, reporter, approver, send].forEach(function (one) { form.appendChild(one); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (!busy) { upload(form, send); }
    });
    fetch("/viewer", { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.json() : {};
    }).then(function (said) {
      var input = document.getElementById("submit-reporter");
      form.dataset.viewer = said.name || "";
      if (input && !input.value && said.name) { input.value = said.name; }
    }).catch(function () {});
  }

  function upload(form, button) {
    var words = JSON.parse(form.dataset.words), asked = JSON.parse(form.dataset.asked);
    var file = form.querySelector("#submit-file"), reporter = form.querySelector("#submit-reporter");
    var chosen = file.files[0], body = new FormData();
    if (!chosen) { tell([words.no_file], true); file.focus(); return; }
    if (!reporter.value.trim()) { tell([words.no_reporter], true); reporter.focus(); return; }
    if (chosen.size > Number(form.dataset.bytes)) { tell([words.too_large], true); file.focus(); return; }
    Object.keys(asked).forEach(function (name) { body.append(name, asked[name]); });
    body.append("reporter", reporter.value);
    body.append("approver", form.querySelector("#submit-approver").value);
    body.append("file", chosen, chosen.name);
    wait(button, words.sending);
    window.iocSend("/submissions?lang=" + form.dataset.lang, body).then(function (said) {
      var known = form.dataset.viewer ? Promise.resolve() :
        window.iocSend("/viewer", { name: reporter.value }).catch(function () {});
      return known.then(function () { window.iocGo(said.href); });
    }).catch(function (error) {
      var network = error instanceof TypeError;
      var lines = network ? [words.failed.replace("{reason}", error.message)] : error.message.split("\n");
      tell(lines, true, words.refused_title);
    }).then(function () { done(button, words.send); });
  }

  function wait(button, words) {
    busy = true;
    button.setAttribute("aria-disabled", "true");
    button.textContent = words;
    tell([words], false);
  }

  function done(button, words) {
    busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = words;
    var place = document.getElementById("submit-said");
    if (place && !place.classList.contains("is-bad")) { tell([], false); }
  }

  // What the page shows after an action is the server's to say: it is drawn anew.
  function redraw(words) {
    leaving = true;
    if (words) { sessionStorage.setItem(SAID, words); }
    location.reload();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-submit]");
    if (!button || busy) { return; }
    var label = button.textContent;
    wait(button, button.dataset.acting);
    window.iocSend(button.dataset.submit, { seen: button.dataset.seen }).then(function () {
      redraw("");
    }).catch(function (error) {
      if (error instanceof TypeError) {
        tell([button.dataset.failed.replace("{reason}", error.message)], true);
        done(button, label);
      } else { redraw(error.message); }
    });
  });

  function look() {
    if (leaving) { return; }                     // the words left behind are for the page to come
    var form = document.getElementById("submit-form");
    if (form && !form.firstChild) { build(form); }
    var said = sessionStorage.getItem(SAID), place = said && document.getElementById("submit-said");
    if (place) {
      sessionStorage.removeItem(SAID);
      tell(said.split("\n"), true);
    } else if (told && told.about !== subject()) {
      told = null;
    } else if (told && (place = document.getElementById("submit-said")) && !place.firstChild) {
      tell(told.lines, told.bad, told.title);
    }
  }

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; look(); }, 30);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
