// Exports: the dialog that asks for files and shows how far they are, and the page of all of them.
// Everything is made from what the server says; nothing waits here, so the page can be left.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var EVERY = 1000, REST = 20000, KEPT = "ioc-export-forms";
  var known = {};

  function make(name, look, text) {
    var made = document.createElement(name);
    if (look) { made.className = look; }
    if (text !== undefined && text !== null) { made.textContent = text; }
    return made;
  }

  function put(where, text) {
    text = text === undefined || text === null ? "" : String(text);
    if (where.textContent !== text) { where.textContent = text; }
  }

  function filled(text, parts) {
    return text.replace(/\{([a-z_]+)\}/g, function (gap, name) { return name in parts ? parts[name] : gap; });
  }

  function button(text, look, act) {
    var made = make("button", "act " + (look || ""), text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function get(address) {
    return fetch(address, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (answer.ok) { return answer.json(); }
      return answer.text().then(function (reason) { throw new Error(reason || String(answer.status)); });
    });
  }

  function spoken(lang) {
    if (!known[lang]) {
      known[lang] = get("/exports/words.json?lang=" + lang);
      known[lang].catch(function () { delete known[lang]; });
    }
    return known[lang];
  }

  // --- one export: its state, progress, files ---------------------------------------------------
  // The same for the dialog and the page; only what changed is touched, so focus stays where it is.
  function card(words, lang, changed) {
    var box = make("div", "export-job"), shown = "";
    var state = make("span", "chip export-state"), line = make("p", "export-line");
    var bar = document.createElement("progress"), step = make("span", "export-step");
    var part = make("div", "export-progress"), more = make("div", "export-more");
    var stop = button(words.cancel, "is-small", function () {
      stop.disabled = true;
      window.iocSend("/exports/" + box.dataset.code + "/cancel?lang=" + lang).then(update).catch(wrong);
    });
    bar.setAttribute("aria-label", words.working);
    part.append(bar, stop, step);
    line.append(state);
    box.append(line, part, more);

    function wrong(error) { stop.disabled = false; put(step, error.message); }

    function ended(job) {
      var key = JSON.stringify([job.state, job.files, job.reasons, job.removed, job.revised]);
      if (key === shown) { return; }
      shown = key;
      more.textContent = "";
      if (job.reasons.length) {
        var why = make("div", "export-missing");
        why.append(make("b", "", job.files.length ? words.missing : ""));
        var list = make("ul");
        job.reasons.forEach(function (one) { list.append(make("li", "", one)); });
        why.append(list);
        more.append(why);
      }
      if (job.files.length) {
        var files = make("p", "export-files");
        job.files.forEach(function (one) {
          var link = make("a", "act is-first", "↓ " + one.words);
          link.href = one.href;
          link.setAttribute("download", one.name);
          link.setAttribute("aria-label", one.label);
          files.append(link);
        });
        more.append(files);
      }
      if (job.removed) { more.append(make("p", "hint", job.removed)); }
      if (job.verify) {
        var code = make("p", "export-code", words.code + ": "), link = make("a", "", job.shown);
        link.href = job.verify;
        link.setAttribute("aria-label", filled(words.verify, { code: job.shown }));
        code.append(link);
        if (job.illustrative) { code.append(" ", make("span", "illustrative", job.illustrative)); }
        more.append(code);
      }
      if (job.revised) { more.append(make("p", "export-revised", job.revised)); }
    }

    function update(job) {
      box.dataset.code = job.code;
      box.dataset.state = job.state;
      put(state, job.words);
      state.className = "chip export-state is-" + job.state;
      part.hidden = !job.open;
      if (job.state === "running" && job.total) {
        bar.max = job.total;
        bar.value = job.done;
      } else {
        bar.removeAttribute("value");
      }
      put(step, job.progress);
      stop.disabled = job.cancelling;
      ended(job);
      if (changed) { changed(job); }
      return job;
    }
    return { box: box, line: line, update: update };
  }

  // --- the dialog -------------------------------------------------------------------------------
  function choose(where, name, label, options) {
    var box = make("label", "export-field", label), select = document.createElement("select");
    select.name = name;
    options.forEach(function (one) {
      var option = make("option", "", one.words);
      option.value = one.key;
      select.append(option);
    });
    box.append(select);
    where.append(box);
    return select;
  }

  function remembered(part) {
    try {
      var kept = JSON.parse(localStorage.getItem(KEPT) || "{}")[part ? "part" : "page"];
      if (Array.isArray(kept) && kept.length) { return kept; }
    } catch (error) { /* nothing is remembered */ }
    return part ? ["png"] : ["pdf"];
  }

  function remember(part, forms) {
    try {
      var kept = JSON.parse(localStorage.getItem(KEPT) || "{}");
      kept[part ? "part" : "page"] = forms;
      localStorage.setItem(KEPT, JSON.stringify(kept));
    } catch (error) { /* a browser that keeps nothing asks anew */ }
  }

  function open(lang, part, title, quick) {
    var back = document.activeElement, dialog = make("dialog", "export-box");
    var head = make("div", "export-head"), heading = make("h2"), body = make("div", "export-body");
    var said = make("p", "export-said"), timer = 0;
    var address = location.pathname + location.search;
    heading.id = "export-title";
    dialog.setAttribute("aria-labelledby", heading.id);
    said.setAttribute("role", "status");
    dialog.append(head, body, said);
    dialog.addEventListener("close", function () {
      clearTimeout(timer);
      dialog.remove();
      if (back && back.isConnected) { back.focus(); }
    });
    document.querySelectorAll("details.export[open]").forEach(function (menu) {
      back = menu.querySelector("summary");
      menu.open = false;
    });
    document.body.append(dialog);
    dialog.showModal();

    spoken(lang).then(function (told) {
      var words = told.words;
      put(heading, words.dialog);
      var close = button(words.close, "is-small", function () { dialog.close(); });
      head.append(heading, close);
      if (quick) { send(told, [quick], { part: part || null }); } else { form(told); }
    }).catch(function (error) { put(said, error.message); });

    function form(told) {
      var words = told.words, made = make("form", "export-form"), boxes = [], kept = remembered(part);
      put(said, told.trouble);
      body.textContent = "";
      if (part) {
        var what = make("fieldset", "export-what");
        what.append(make("legend", "", words.what));
        [[filled(words.dialog_part, { title: title }), part], [words.dialog_page, ""]].forEach(function (one, at) {
          var label = make("label", "export-pick"), input = document.createElement("input");
          input.type = "radio";
          input.name = "what";
          input.value = one[1];
          input.checked = at === 0;
          input.addEventListener("change", drawn);
          label.append(input, make("span", "", one[0]));
          what.append(label);
        });
        made.append(what);
      }
      var forms = make("fieldset", "export-forms");
      forms.append(make("legend", "", words.forms));
      told.forms.forEach(function (one) {
        var label = make("label", "export-pick"), input = document.createElement("input");
        input.type = "checkbox";
        input.name = "form";
        input.value = one.key;
        input.checked = kept.indexOf(one.key) >= 0;
        input.addEventListener("change", drawn);
        label.append(input, make("span", "", words["form_" + one.key]));
        forms.append(label);
        boxes.push({ input: input, drawn: one.drawn, key: one.key });
      });
      made.append(forms);
      var looks = make("div", "export-looks");
      var size = choose(looks, "size", words.size, told.sizes.map(function (key) {
        return { key: key, words: words["size_" + key] };
      }));
      var scale = choose(looks, "scale", words.scale, told.scales.map(function (key) {
        return { key: key, words: words["scale_" + key] };
      }));
      var ground = choose(looks, "ground", words.ground, ["white", "transparent"].map(function (key) {
        return { key: key, words: words["ground_" + key] };
      }));
      size.value = part ? "slide" : "screen";
      scale.value = "2";
      made.append(looks, make("p", "hint", words.drawn_only));
      var go = make("button", "act is-first export-go", words.make);
      go.type = "submit";
      var all = make("a", "more", words.all);
      all.href = "/exports" + (lang === "vi" ? "" : "?lang=" + lang);
      var foot = make("p", "export-foot");
      foot.append(go, all);
      made.append(foot);

      function drawn() {
        var picked = made.querySelector("input[name=what]:checked");
        boxes.forEach(function (one) {
          // Only a chart is one drawing; a page is many.
          if (one.key !== "svg") { return; }
          one.input.disabled = !(picked && picked.value);
          if (one.input.disabled) { one.input.checked = false; }
        });
        var any = boxes.some(function (one) { return one.drawn && one.input.checked; });
        [size, scale, ground].forEach(function (one) { one.disabled = !any; });
      }

      made.addEventListener("submit", function (event) {
        event.preventDefault();
        var chosen = boxes.filter(function (one) { return one.input.checked; })
          .map(function (one) { return one.input.value; });
        if (!chosen.length) { put(said, words.choose_form); boxes[0].input.focus(); return; }
        var picked = made.querySelector("input[name=what]:checked");
        remember(part, chosen);
        go.disabled = true;
        send(told, chosen, {
          size: size.value, scale: scale.value, transparent: ground.value === "transparent",
          part: (picked && picked.value) || null
        }, go);
      });
      body.append(made);
      drawn();
      go.focus();
    }

    function send(told, forms, options, go) {
      var words = told.words;
      put(said, words.making);
      window.iocSend("/exports?lang=" + lang, { address: address, forms: forms, options: options })
        .then(function (job) { follow(told, job); })
        .catch(function (error) {
          if (go) { go.disabled = false; } else { form(told); }
          put(said, error instanceof TypeError ? filled(words.failed_load, { reason: error.message }) : error.message);
        });
    }

    function follow(told, job) {
      var words = told.words, place = card(words, lang, function (now) {
        // Said once a state, so that who listens is not told of every step.
        put(said, now.open ? (told.trouble || "") : now.words);
        note.hidden = !now.open;
        foot.hidden = now.open;
      });
      var note = make("p", "hint", words.leave), foot = make("p", "export-foot");
      var again = button(words.ask, "", function () { clearTimeout(timer); form(told); });
      var all = make("a", "more", words.all);
      all.href = "/exports" + (lang === "vi" ? "" : "?lang=" + lang);
      foot.append(again, all);
      body.textContent = "";
      body.append(make("p", "export-what-asked", job.title + " · " + job.forms.join(", ")), place.box, note, foot);
      place.update(job);
      dialog.querySelector(".export-head .act").focus();

      function look() {
        timer = setTimeout(function () {
          get("/exports/" + job.code + ".json?lang=" + lang).then(function (now) {
            place.update(now);
            if (now.open && dialog.isConnected) { look(); return; }
            var first = place.box.querySelector(".export-files a");
            if (first && document.activeElement.closest(".export-head")) { first.focus(); }
          }).catch(function (error) { put(said, error.message); look(); });
        }, EVERY);
      }
      look();
    }
  }

  document.addEventListener("click", function (event) {
    var asked = event.target.closest && event.target.closest("button.export-ask");
    if (!asked || document.querySelector("dialog.export-box")) { return; }
    var at = asked.dataset;
    open(at.lang || "vi", at.part || "", at.title || "", at.form || "");
  });

  // --- the page of exports ----------------------------------------------------------------------
  var home = null, cards = {}, due = 0, asking = false, lang = "vi";

  function row(words, job) {
    var made = card(words, lang), item = make("li", "export-item"), head = make("div", "export-item-head");
    var title = make("a", "export-name", job.title), facts = make("span", "export-facts");
    var again = button(words.again, "is-small", function () {
      again.disabled = true;
      window.iocSend("/exports?lang=" + lang, { again: job.code }).then(function () { due = 0; })
        .catch(function (error) { put(facts, error.message); })
        .then(function () { again.disabled = false; });
    });
    title.href = job.address || "/";
    head.append(title, facts);
    item.append(head, made.box);
    made.line.append(again);
    function update(now) {
      put(title, now.title);
      put(facts, now.forms.join(", ") + " · " + now.asked);
      again.hidden = !now.again;
      again.setAttribute("aria-label", words.again + ": " + now.title);
      made.update(now);
    }
    update(job);
    return { item: item, update: update };
  }

  function show(words, said) {
    var list = home.querySelector(".exports-list"), empty = home.querySelector(".exports-none");
    put(home.querySelector(".exports-queue"), said.queue);
    put(home.querySelector(".exports-trouble"), said.trouble);
    home.querySelector(".exports-loading").hidden = true;
    empty.hidden = said.jobs.length > 0;
    said.jobs.forEach(function (job, at) {
      if (cards[job.code]) { cards[job.code].update(job); } else { cards[job.code] = row(words, job); }
      var item = cards[job.code].item;
      if (list.children[at] !== item) { list.insertBefore(item, list.children[at] || null); }
    });
    notices(words, said.notices);
  }

  function notices(words, all) {
    var place = home.querySelector(".exports-notices"), key = JSON.stringify(all);
    if (place.dataset.shown === key) { return; }
    place.dataset.shown = key;
    place.textContent = "";
    if (!all.length) { place.append(make("p", "hint", words.notices_none)); return; }
    var list = make("ul", "exports-notice-list");
    all.forEach(function (one) {
      var item = make("li", one.new ? "is-new" : ""), link = make("a", "more", words.notice_see);
      link.href = one.href;
      if (one.new) { item.append(make("span", "chip export-new", words.notice_new)); }
      item.append(make("span", "", one.words + " "), link);
      list.append(item);
    });
    place.append(list);
    if (all.some(function (one) { return one.new; })) {
      place.append(button(words.notice_seen, "is-small", function () {
        window.iocSend("/exports/seen").then(function () { due = 0; });
      }));
    }
  }

  function tick() {
    var found = document.getElementById("exports");
    if (!found) { home = null; return; }
    if (found !== home) {
      home = found;
      lang = found.dataset.lang;
      cards = {};
      due = 0;
    }
    if (asking || document.hidden || performance.now() < due) { return; }
    asking = true;
    Promise.all([spoken(lang), get("/exports.json?lang=" + lang)]).then(function (both) {
      asking = false;
      due = performance.now() + (both[1].jobs.some(function (one) { return one.open; }) ? EVERY : REST);
      if (home && home.isConnected) { show(both[0].words, both[1]); }
    }).catch(function (error) {
      asking = false;
      due = performance.now() + 5000;
      if (home && home.isConnected) { put(home.querySelector(".exports-trouble"), error.message); }
    });
  }

  setInterval(tick, 250);
})();
