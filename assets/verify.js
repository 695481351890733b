// The verify page: comparing a file, making an export again; on every page the badge that tells
// of exported figures that were revised.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }

  function make(tag, parts, children) {
    var element = document.createElement(tag);
    Object.keys(parts || {}).forEach(function (name) {
      if (name === "text") { element.textContent = parts[name]; }
      else if (parts[name] !== null) { element.setAttribute(name, parts[name]); }
    });
    (children || []).forEach(function (child) { if (child) { element.appendChild(child); } });
    return element;
  }

  function asked(address) {
    return fetch(address, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });
  }

  // --- a file to compare -------------------------------------------------------------------------

  function build(form) {
    var words = JSON.parse(form.dataset.words), busy = false;
    var input = make("input", { type: "file", id: "verify-file", name: "file" });
    var picked = make("span", { text: words.file_no });
    var over = make("div", { "class": "verify-file-words", "aria-hidden": "true" }, [
      make("b", { text: words.file_pick }), picked
    ]);
    var send = make("button", { type: "submit", "class": "act is-first", text: words.file_go });
    input.addEventListener("change", function () {
      picked.textContent = input.files[0] ? input.files[0].name : words.file_no;
    });
    form.noValidate = true;
    form.appendChild(make("label", { "for": "verify-file", text: words.file_label }));
    form.appendChild(make("div", { "class": "verify-file-box" }, [input, over]));
    form.appendChild(send);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var file = input.files[0], body = new FormData();
      if (busy) { return; }
      if (!file || !file.size) { tell(form, words.file_none, false); input.focus(); return; }
      if (file.size > Number(form.dataset.bytes)) { tell(form, words.too_large, false); return; }
      body.append("file", file, file.name);
      if (form.dataset.code) { body.append("code", form.dataset.code); }
      busy = true;
      send.setAttribute("aria-disabled", "true");
      tell(form, words.file_going, null);
      window.iocSend("/verify/file?lang=" + form.dataset.lang, body).then(function (said) {
        verdict(form, said, words);
      }).catch(function (error) {
        var network = error instanceof TypeError;
        tell(form, network ? words.file_failed.replace("{reason}", error.message) : error.message, false);
      }).then(function () { busy = false; send.removeAttribute("aria-disabled"); });
    });
  }

  function place(form) { return form.parentNode.querySelector(".verify-said"); }

  function tell(form, words, good) {
    var said = place(form);
    said.className = "verify-said" + (good === null ? "" : good ? " is-good" : " is-alarm");
    said.textContent = "";
    said.appendChild(make("p", { text: words }));
    return said;
  }

  function verdict(form, said, words) {
    var box = tell(form, said.words, said.good);
    box.insertBefore(make("b", { text: said.title }), box.firstChild);
    box.dataset.verdict = said.verdict;
    if (said.code && said.code !== form.dataset.code) {
      box.appendChild(make("p", {}, [
        make("a", { href: said.href, text: words.file_open.replace("{code}", said.code) }),
        document.createTextNode(" · " + said.name + " · " + said.made)
      ]));
    }
    if (said.beside && said.picture) {
      box.appendChild(make("p", { text: words.file_beside }));
      box.appendChild(make("img", {
        src: said.picture, alt: words.picture_words.replace("{title}", said.name), loading: "lazy"
      }));
    }
    box.appendChild(make("p", { text: words.file_sha + ": " }, [make("code", { text: said.sha256 })]));
    box.scrollIntoView({ block: "nearest" });
  }

  // --- making it again ---------------------------------------------------------------------------

  function again(box) {
    box.textContent = box.dataset.going;
    box.removeAttribute("data-state");
    asked(box.dataset.href).then(function (said) {
      box.textContent = "";
      box.dataset.state = said.state;
      box.appendChild(make("b", { text: said.words }));
      var button = make("button", { type: "button", text: box.dataset.go });
      button.addEventListener("click", function () { again(box); });
      box.appendChild(button);
      if (said.lines.length) {
        box.appendChild(make("ul", {}, said.lines.map(function (line) { return make("li", { text: line }); })));
      }
    }).catch(function (error) {
      box.textContent = box.dataset.failed.replace("{reason}", error.message);
    });
  }

  // --- notices of revisions ----------------------------------------------------------------------

  var version = null, known = null;

  function still() { return document.documentElement.hasAttribute("data-still"); }

  function listen() {
    var now = window.iocShown ? window.iocShown.version : 0;
    if (!document.querySelector(".notices-badge") || still() || now === version) { return; }
    version = now;
    load();
  }

  function load() {
    asked("/notices.json?lang=" + document.documentElement.lang).then(function (said) {
      known = said;
      draw();
    }).catch(function () {});
  }

  function draw() {
    if (!known) { return; }
    var badge = document.querySelector(".notices-badge");
    if (badge && badge.dataset.count !== String(known.unseen)) {
      badge.dataset.count = String(known.unseen);
      badge.hidden = !known.unseen;
      var words = (badge.dataset.words || "").replace("{count}", known.unseen);
      badge.textContent = "↻ " + known.unseen;
      badge.title = words;
      badge.setAttribute("aria-label", words);
    }
  }

  function look() {
    var form = document.querySelector("form.verify-file"), box = document.querySelector(".verify-again");
    if (form && !form.firstChild) { build(form); }
    if (box && !box.dataset.begun && !still()) {
      box.dataset.begun = "1";
      // Who opens the page of an export has been told of its revisions.
      var code = box.dataset.href.split("/")[2];
      window.iocSend("/notices/seen", { code: code }).then(load).catch(function () {});
      again(box);
    }
    listen();
    draw();
  }

  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    setTimeout(function () { waiting = false; look(); }, 40);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
