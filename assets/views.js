// The menu of saved views: what is kept is asked for when the menu is opened, because it belongs
// to a person and not to the page.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }

  function make(tag, parts, children) {
    var element = document.createElement(tag);
    Object.keys(parts || {}).forEach(function (name) {
      if (name === "text") { element.textContent = parts[name]; }
      else { element.setAttribute(name, parts[name]); }
    });
    (children || []).forEach(function (child) { element.appendChild(child); });
    return element;
  }

  function fill(box, said) {
    var words = JSON.parse(box.dataset.words);
    var told = make("p", { "class": "views-told", role: "status" });
    var held = box.contains(document.activeElement) && document.activeElement.id, typed = {};
    box.querySelectorAll("input").forEach(function (input) {
      if (input.value !== input.defaultValue || input.checked) {
        typed[input.id] = { value: input.value, checked: input.checked };
      }
    });

    // What was sent is not half typed any more.
    function act(promise, done, sent) {
      promise.then(function () {
        if (sent) { sent.reset(); }
        return load(box, done);
      }).catch(function (error) {
        told.textContent = words.views_failed.replace("{reason}", error.message);
      });
    }

    function button(id, text, name, run) {
      var made = make("button", { type: "button", id: id, "class": "views-act", text: text });
      made.setAttribute("aria-label", text + ": " + name);
      made.addEventListener("click", run);
      return made;
    }

    function item(one, mine) {
      var shown = window.iocShown && one.address === window.iocShown.href;
      var link = make("a", { href: one.address, text: one.name });
      var parts = [link];
      if (shown) {
        link.setAttribute("aria-current", "page");
        parts.push(make("span", { "class": "views-note", text: words.views_here }));
      }
      if (!mine || one.shared) {
        var owner = one.owner || words.views_anonymous;
        parts.push(make("span", { "class": "views-note", text: words.views_owner.replace("{owner}", owner) }));
      }
      if (mine) {
        var key = one.shared ? "views_unshare" : "views_share";
        parts.push(button("views-share-" + one.id, words[key], one.name, function () {
          act(window.iocSend("/views/" + one.id, { shared: !one.shared }), "");
        }));
        parts.push(button("views-remove-" + one.id, words.views_remove, one.name, function () {
          act(window.iocSend("/views/" + one.id, { removed: true }), "");
        }));
      }
      return make("li", {}, parts);
    }

    function list(title, views, mine) {
      if (!views.length && !mine) { return; }
      box.appendChild(make("h3", { text: title }));
      if (!views.length) { box.appendChild(make("p", { "class": "views-note", text: words.views_none })); }
      box.appendChild(make("ul", {}, views.map(function (one) { return item(one, mine); })));
    }

    function form(id, label, value, verb, run, extra) {
      var input = make("input", { type: "text", id: id, maxlength: "80", autocomplete: "off" });
      var send = make("button", { type: "submit", "class": "filter-button", id: id + "-send", text: verb });
      input.defaultValue = value;
      var made = make("form", { "class": "views-form" }, [make("label", { "for": id, text: label }), input]
        .concat(extra ? [extra] : []).concat([send]));
      made.addEventListener("submit", function (event) {
        event.preventDefault();
        if (input.value.trim() || id === "viewer-name") {
          run(input.value, made);
        } else { input.focus(); }
      });
      box.appendChild(made);
    }

    box.textContent = "";
    var check = make("input", { type: "checkbox", id: "views-shared" });
    var shared = make("label", { "class": "views-check", "for": "views-shared" }, [
      check, document.createTextNode(" " + words.views_share)
    ]);
    form("views-name", words.views_name, "", words.views_save, function (name, sent) {
      var here = location.pathname + location.search;
      act(window.iocSend("/views", { name: name, address: here, shared: check.checked }), words.views_saved, sent);
    }, shared);
    box.appendChild(told);
    list(words.views_own, said.own, true);
    list(words.views_shared, said.shared, false);
    form("viewer-name", words.viewer_name, said.name, words.viewer_keep, function (name, sent) {
      act(window.iocSend("/viewer", { name: name }), words.viewer_kept, sent);
    });
    // The list is made anew: what is half typed stays, and who was in it by keyboard stays, or goes on at its beginning.
    Object.keys(typed).forEach(function (id) {
      Object.assign(document.getElementById(id), typed[id]);
    });
    if (held) { (document.getElementById(held) || document.getElementById("views-name")).focus(); }
    return told;
  }

  function load(box, done) {
    return fetch("/views", { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (said) { fill(box, said).textContent = done || ""; });
  }

  document.addEventListener("toggle", function (event) {
    var menu = event.target, box = menu.querySelector && menu.querySelector("#views-menu");
    if (!box || !menu.open) { return; }
    var words = JSON.parse(box.dataset.words);
    load(box, "").catch(function (error) {
      box.textContent = words.views_failed.replace("{reason}", error.message);
    });
  }, true);
})();
