// One meeting pack: its sections, ordered by dragging or by buttons, and all that is set about it.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var kit = window.iocBriefing;
  if (!kit) { return; }
  var FORMS = ["pptx", "pdf", "xlsx", "docx"];
  var KINDS = ["view", "text", "red", "register", "changes"];
  var HEADING = ["authority", "office", "symbol", "place", "signer_title", "signer"];
  var model = null, about = null, key = "", place = null, saved = "", fields = {}, listed = null;
  var dragged = null;

  function say(name, params) { return kit.say(name, params); }

  function unsaved() { return JSON.stringify(model) !== saved; }

  function changed() {
    if (fields.mark) { fields.mark.hidden = !unsaved(); }
  }

  window.addEventListener("beforeunload", function (event) {
    if (model && about && about.editable && document.contains(place) && unsaved()) { event.preventDefault(); }
  });

  // --- fields -----------------------------------------------------------------------------------
  function field(where, text, made, hint) {
    var box = kit.add(where, "div", "console-field");
    made.disabled = !about.editable;
    kit.label(box, text, made);
    box.appendChild(made);
    if (hint) {
      var line = kit.add(box, "span", "pack-hint", hint);
      line.id = made.id + "-hint";
      made.setAttribute("aria-describedby", line.id);
    }
    return made;
  }

  function input(where, text, value, set, given) {
    var made = document.createElement(given && given.rows ? "textarea" : "input");
    made.className = "console-input";
    made.autocomplete = "off";
    Object.keys(given || {}).forEach(function (name) { if (name !== "hint") { made[name] = given[name]; } });
    made.value = value === null || value === undefined ? "" : value;
    made.addEventListener("input", function () { set(made.value); changed(); });
    return field(where, text, made, given && given.hint);
  }

  function choice(where, text, value, options, set) {
    var made = document.createElement("select");
    made.className = "console-input";
    options.forEach(function (one) {
      var option = kit.add(made, "option", "", one[1]);
      option.value = one[0];
    });
    if (!options.some(function (one) { return one[0] === value; })) {
      kit.add(made, "option", "", value).value = value;
    }
    made.value = value;
    made.addEventListener("change", function () { set(made.value); changed(); });
    return field(where, text, made);
  }

  function lines(text) {
    return text.split("\n").map(function (one) { return one.trim(); }).filter(Boolean);
  }

  // --- sections ---------------------------------------------------------------------------------
  function named(one) { return one.title || one.address || say("kind_" + one.kind); }

  function move(from, to) {
    if (to < 0 || to >= model.sections.length || from === to) { return; }
    var one = model.sections.splice(from, 1)[0];
    model.sections.splice(to, 0, one);
    changed();
    sections();
    kit.said(say("section_moved", { title: named(one), number: to + 1, count: model.sections.length }));
    return one;
  }

  function section(one, at) {
    var row = kit.add(listed, "li", "pack-section"), open = about.editable;
    row.dataset.at = at;
    var head = kit.add(row, "div", "pack-section-head");
    if (open) {
      var grip = kit.add(head, "span", "pack-grip", "⠿");
      grip.setAttribute("aria-hidden", "true");
      grip.draggable = true;
      grip.addEventListener("dragstart", function (event) {
        dragged = at;
        event.dataTransfer.setData("text/plain", named(one));
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setDragImage(row, 12, 12);
        row.classList.add("is-dragged");
      });
      grip.addEventListener("dragend", function () { dragged = null; row.classList.remove("is-dragged"); });
      row.addEventListener("dragover", function (event) { event.preventDefault(); row.classList.add("is-over"); });
      row.addEventListener("dragleave", function () { row.classList.remove("is-over"); });
      row.addEventListener("drop", function (event) {
        event.preventDefault();
        row.classList.remove("is-over");
        var from = dragged;
        dragged = null;
        if (from !== null) { move(from, at); }
      });
    }
    kit.add(head, "span", "pack-number", String(at + 1));
    var words = kit.add(head, "div", "pack-section-words");
    var name = kit.add(words, "h3", "", named(one));
    kit.add(words, "p", "pack-kind", say("kind_" + one.kind) + (one.part ? " · " + one.part : ""));
    var acts = kit.add(head, "div", "pack-section-acts");
    function tool(sign, words_, run, off) {
      var made = kit.button(acts, sign, "is-quiet pack-tool", run);
      made.setAttribute("aria-label", words_ + ": " + named(one));
      made.title = words_;
      made.disabled = Boolean(off);
      return made;
    }
    if (open) {
      tool("↑", say("section_up"), function () { move(at, at - 1); focus(at - 1, 0); }, at === 0);
      tool("↓", say("section_down"), function () { move(at, at + 1); focus(at + 1, 1); },
        at === model.sections.length - 1);
      tool("✕", say("section_remove"), function () {
        model.sections.splice(at, 1);
        changed();
        sections();
        kit.said(say("section_removed", { title: named(one) }));
      });
    }
    var body = kit.add(row, "div", "pack-section-body");
    function set(name_) {
      return function (value) { one[name_] = value; name.textContent = named(one); };
    }
    input(body, say("section_title"), one.title, set("title"), {
      maxLength: 300, placeholder: one.kind === "view" || one.kind === "register" ? say("section_usual") : ""
    });
    if (one.kind === "view" || one.kind === "register") {
      input(body, say("section_address"), one.address, set("address"), { maxLength: 2000, spellcheck: false });
    }
    if (one.kind === "view" && one.part) {
      input(body, say("section_part"), one.part, function (value) { one.part = value || null; });
    }
    if (one.most !== undefined && one.most !== null) {
      input(body, say("section_most"), one.most, function (value) { one.most = Number(value) || 1; },
        { type: "number", min: 1, max: one.kind === "red" ? 100 : 200 });
    }
    if (one.kind === "text") {
      input(body, say("section_text"), one.text, set("text"), { rows: 7, maxLength: 4000 }).parentNode.classList.add("is-wide");
    }
    var foot = kit.add(row, "div", "pack-section-foot"), shown = kit.add(row, "div", "pack-preview");
    shown.hidden = true;
    var see = kit.button(foot, say("section_preview"), "is-quiet", function () {
      if (!shown.hidden) {
        shown.hidden = true;
        see.textContent = say("section_preview");
        see.setAttribute("aria-expanded", "false");
        return;
      }
      preview(shown, at).then(function () {
        see.textContent = say("section_hide");
        see.setAttribute("aria-expanded", "true");
      });
    });
    see.setAttribute("aria-label", say("section_preview") + ": " + named(one));
    see.setAttribute("aria-expanded", "false");
    if (one.kind === "text" && open) {
      kit.button(foot, say("check"), "is-quiet", function () { check(shown, one.text); });
    }
  }

  function focus(at, tool) {
    var row = listed.children[at];
    if (!row) { return; }
    var tools = row.querySelectorAll(".pack-tool");
    var wanted = tools[tool] && !tools[tool].disabled ? tools[tool] : tools[1 - tool];
    if (wanted) { wanted.focus(); }
  }

  function sections() {
    listed.textContent = "";
    if (!model.sections.length) { kit.add(listed, "li", "pack-none", say("sections_none")); }
    model.sections.forEach(section);
  }

  function problems(where, found) {
    if (!found.length) { return; }
    var box = kit.add(where, "div", "pack-problems");
    kit.add(box, "strong", "", say("preview_problems"));
    var list = kit.add(box, "ul", "");
    found.forEach(function (text) { kit.add(list, "li", "", text); });
  }

  function preview(where, at) {
    where.hidden = false;
    where.textContent = say("loading");
    return kit.send("/briefings/" + key + "/preview", {
      definition: about.editable ? model : null, section: at + 1
    }).then(function (one) {
      where.textContent = "";
      var line = kit.add(where, "p", "pack-known", one.known);
      if (one.mark) { kit.add(line, "span", "illustrative", one.mark); }
      problems(where, one.problems);
      one.paragraphs.forEach(function (text) { kit.add(where, "p", "pack-paragraph", text); });
      one.sheets.forEach(function (sheet) { table(where, sheet); });
    }).catch(function (error) {
      where.textContent = "";
      problems(where, [error.message]);
    });
  }

  function table(where, sheet) {
    kit.add(where, "h4", "", sheet.title);
    if (sheet.subtitle) { kit.add(where, "p", "pack-known", sheet.subtitle); }
    if (!sheet.rows.length) { kit.add(where, "p", "pack-known", say("preview_empty")); return; }
    var scroll = kit.add(where, "div", "scroll-x"), made = kit.add(scroll, "table", "pack-table");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", sheet.title);
    var top = kit.add(kit.add(made, "thead"), "tr"), rows = kit.add(made, "tbody");
    sheet.columns.forEach(function (text) { kit.add(top, "th", "", text).scope = "col"; });
    sheet.rows.forEach(function (cells) {
      var row = kit.add(rows, "tr");
      cells.forEach(function (text) {
        kit.add(row, "td", /^[−+-]?[\d.,]+%?$/.test(text) ? "figure" : "", text);
      });
    });
    if (sheet.count) { kit.add(where, "p", "pack-known", sheet.count); }
  }

  function check(where, text) {
    kit.send("/briefings/check", { text: text }).then(function (found) {
      where.hidden = false;
      where.textContent = "";
      if (found.problems.length) { problems(where, found.problems); }
      else { kit.add(where, "p", "pack-good", found.words); }
    }).catch(kit.failed);
  }

  function adding(where) {
    var box = kit.add(where, "div", "pack-adding");
    kit.add(box, "span", "pack-adding-words", say("add"));
    KINDS.forEach(function (kind) {
      kit.button(box, "+ " + say("add_" + kind), "", function () {
        var one = { kind: kind, title: "" };
        if (kind === "view") { one.address = "/"; one.part = null; }
        if (kind === "register") {
          var first = about.choices.registers[0];
          one.address = "/register/" + (first ? first.key : "task") + "?due=overdue";
          one.most = 40;
        }
        if (kind === "text") { one.text = "{OPS-01.sentence}"; }
        if (kind === "red") { one.most = 20; }
        if (kind === "changes") { one.most = 40; }
        model.sections.push(one);
        changed();
        sections();
        var last = listed.lastElementChild;
        last.scrollIntoView({ block: "center" });
        var where_ = last.querySelector(kind === "text" ? "textarea" : kind === "view" || kind === "register"
          ? ".console-field:nth-child(2) input" : "input");
        if (where_) { where_.focus(); }
      });
    });
  }

  // --- what is set about it ---------------------------------------------------------------------
  function general(where) {
    var box = kit.panel(where, say("edit_about"), say("edit_about_line")), to = kit.add(box.body, "div", "pack-fields");
    var title = input(to, say("field_title"), model.title, function (value) {
      model.title = value;
      document.getElementById("briefing-title").textContent = value;
    }, { maxLength: 200 });
    title.parentNode.classList.add("is-wide");
    choice(to, say("field_unit"), model.unit, about.choices.units.map(pair), function (value) { model.unit = value; });
    var periods = [["latest", say("period_latest")], ["previous", say("period_previous")]]
      .concat(about.choices.periods.map(pair));
    choice(to, say("field_period"), model.period, periods, function (value) { model.period = value; })
      .parentNode.classList.add("is-wide");
    choice(to, say("field_lang"), model.lang, [["vi", say("lang_vi")], ["en", say("lang_en")]],
      function (value) { model.lang = value; });
    if (about.choices.templates.length || model.template) {
      choice(to, say("field_template"), model.template || "", [["", say("template_none")]].concat(
        about.choices.templates.map(function (one) { return [one, one]; })
      ), function (value) { model.template = value || null; });
    }
    var forms = kit.add(to, "fieldset", "console-field is-wide");
    kit.add(forms, "legend", "", say("field_forms"));
    var picks = kit.add(forms, "div", "console-picks");
    FORMS.forEach(function (form) {
      var pick = kit.add(picks, "label", "console-pick"), box_ = document.createElement("input");
      box_.type = "checkbox";
      box_.checked = model.forms.indexOf(form) >= 0;
      box_.disabled = !about.editable;
      box_.addEventListener("change", function () {
        var kept = FORMS.filter(function (one) {
          return one === form ? box_.checked : model.forms.indexOf(one) >= 0;
        });
        if (!kept.length) { box_.checked = true; return; }
        model.forms = kept;
        changed();
      });
      pick.appendChild(box_);
      kit.add(pick, "span", "", say("form_" + form));
    });
  }

  function pair(one) { return [one.key, one.name]; }

  function schedule(where) {
    var box = kit.panel(where, say("schedule"), say("schedule_line")), to = kit.add(box.body, "div", "pack-fields");
    function draw() {
      to.textContent = "";
      var plan = model.schedule, every = ["week", "month", "quarter"];
      choice(to, say("every"), plan ? plan.every : "", [["", say("every_none")]].concat(
        every.map(function (one) { return [one, say("every_" + one)]; })
      ), function (value) {
        model.schedule = value ? { every: value, day: 1, at: plan ? plan.at : "07:00", working: "after" } : null;
        draw();
      });
      if (!plan) { return; }
      if (plan.every === "week" && plan.working !== "count") {
        choice(to, say("day"), String(plan.day), [1, 2, 3, 4, 5, 6, 7].map(function (day) {
          return [String(day), say("weekday_" + day)];
        }), function (value) { plan.day = Number(value); });
      } else {
        input(to, say(plan.working === "count" ? "day_count" : "day"), plan.day,
          function (value) { plan.day = Number(value) || 1; },
          { type: "number", min: 1, max: plan.every === "week" ? 5 : 31 });
      }
      // A native time field follows the language of the browser: 08:00 AM.
      var at = input(to, say("at"), plan.at, function (value) { plan.at = window.iocClock(value) || value; },
        { type: "text", maxLength: 12, placeholder: "07:30" });
      at.addEventListener("change", function () { at.value = plan.at; });
      choice(to, say("working"), plan.working, ["no", "before", "after", "count"].map(function (one) {
        return [one, say("working_" + one)];
      }), function (value) {
        plan.working = value;
        if (plan.every === "week" && value === "count" && plan.day > 5) { plan.day = 1; }
        draw();
      }).parentNode.classList.add("is-wide");
      choice(to, say("late"), model.waiting.late, ["say", "wait"].map(function (one) {
        return [one, say("late_" + one)];
      }), function (value) { model.waiting.late = value; draw(); }).parentNode.classList.add("is-wide");
      if (model.waiting.late === "wait") {
        input(to, say("hours"), model.waiting.hours, function (value) { model.waiting.hours = Number(value) || 1; },
          { type: "number", min: 1, max: 240 });
      }
    }
    draw();
  }

  function delivery(where) {
    var box = kit.panel(where, say("deliver"), say("deliver_line")), to = kit.add(box.body, "div", "pack-fields");
    input(to, say("folder"), model.deliver.folder, function (value) { model.deliver.folder = value || null; },
      { hint: say("folder_hint"), spellcheck: false }).parentNode.classList.add("is-wide");
    var mail = input(to, say("mail"), model.deliver.mail.join("\n"), function (value) { model.deliver.mail = lines(value); },
      { rows: 3, spellcheck: false,
        hint: about.choices.mail ? say("mail_domains", { domains: about.choices.domains }) : say("mail_closed") });
    mail.parentNode.classList.add("is-wide");
    mail.disabled = mail.disabled || !about.choices.mail;
  }

  function heading(where) {
    var box = kit.panel(where, say("heading"), say("heading_line")), to = kit.add(box.body, "div", "pack-fields");
    HEADING.forEach(function (name) {
      input(to, say("heading_" + name), model.heading[name], function (value) { model.heading[name] = value; },
        { maxLength: 300 });
    });
    input(to, say("heading_recipients"), model.heading.recipients.join("\n"),
      function (value) { model.heading.recipients = lines(value); }, { rows: 3 }).parentNode.classList.add("is-wide");
  }

  // --- what was made ----------------------------------------------------------------------------
  function runs(where, told) {
    where.textContent = "";
    if (!told.length) { kit.add(where, "p", "pack-none", say("runs_none")); return; }
    told.forEach(function (run) {
      var row = kit.add(where, "article", "pack-run"), head = kit.add(row, "div", "pack-run-head");
      kit.chip(head, run.state, run.words);
      kit.add(head, "b", "figure", run.moment);
      if (run.late) { kit.add(head, "span", "pack-mark", run.late); }
      if (run.waits) { kit.add(head, "span", "pack-mark", run.waits); }
      var files = kit.add(head, "span", "pack-files");
      run.files.forEach(function (one) { kit.link(files, one.form, one.href, "act pack-file").download = ""; });
      if (run.code) { kit.link(head, say("run_code", { code: run.code }), run.verify, "more"); }
      if (run.missing.length) {
        var list = kit.add(row, "ul", "pack-missing");
        list.setAttribute("aria-label", say("run_missing"));
        run.missing.forEach(function (text) { kit.add(list, "li", "", text); });
      }
      if (run.sent.length) {
        var sent = kit.add(row, "p", "pack-sent");
        run.sent.forEach(function (one) {
          kit.add(sent, "span", "is-" + one.state, one.channel + ": " + one.words);
        });
      }
    });
  }

  function renew() {
    kit.get("/briefings/" + key + "/runs.json").then(function (found) {
      if (fields.runs && document.contains(fields.runs)) { runs(fields.runs, found.runs); }
    }).catch(function () {});
  }

  // --- the page ---------------------------------------------------------------------------------
  function facts() {
    var where = document.getElementById("briefing-facts");
    where.textContent = "";
    [about.version || (about.editable ? "" : say("read_only")), about.next].forEach(function (text) {
      if (text) { kit.add(where, "span", "fact", text); }
    });
  }

  function keep() {
    return kit.send("/briefings/" + key, { seen: about.seen, definition: model }).then(function (done) {
      about.seen = done.seen;
      about.next = done.next;
      about.version = done.words;
      saved = JSON.stringify(model);
      changed();
      facts();
      kit.said(done.words);
    });
  }

  function bar() {
    var box = kit.add(place, "div", "card-box pack-bar"), acts = kit.add(box, "div", "pack-acts");
    if (about.editable) {
      kit.button(acts, say("save"), "is-first", function () { keep().catch(kit.failed); });
    } else {
      kit.button(acts, say(about.template ? "from_template" : "copy"), "is-first", function () {
        kit.send("/briefings", { from: key, title: model.title }).then(function (made) {
          location.assign(made.href);
        }).catch(kit.failed);
      });
    }
    if (!about.template) {
      kit.button(acts, say("make"), "", function () {
        var ready = about.editable && unsaved() ? keep() : Promise.resolve();
        ready.then(function () { kit.make(box, key, renew); }).catch(kit.failed);
      });
    }
    if (about.own) {
      kit.button(acts, say(about.shared ? "unshare" : "share"), "is-quiet", function () {
        kit.send("/briefings/" + key, { shared: !about.shared }).then(again).catch(kit.failed);
      });
      kit.button(acts, say("remove"), "is-quiet is-danger", function () {
        if (!window.confirm(say("remove_sure", { title: model.title }))) { return; }
        kit.send("/briefings/" + key, { removed: true }).then(function () {
          model = null;
          location.assign("/briefings?lang=" + kit.lang);
        }).catch(kit.failed);
      });
    }
    fields.mark = kit.add(acts, "span", "pack-mark", say("unsaved"));
    fields.mark.hidden = true;
  }

  function draw() {
    fields = {};
    place.textContent = "";
    document.getElementById("briefing-title").textContent = model.title;
    facts();
    bar();
    var two = kit.add(place, "div", "pack-two"), left = kit.add(two, "div", "pack-column");
    var right = kit.add(two, "div", "pack-column is-side");
    var box = kit.panel(left, say("sections"), about.editable ? say("sections_line") : "");
    listed = kit.add(box.body, "ol", "pack-sections");
    sections();
    if (about.editable) { adding(box.body); }
    if (!about.template) {
      var made = kit.panel(left, say("runs"), say("runs_line"));
      fields.runs = kit.add(made.body, "div", "pack-runs");
      runs(fields.runs, about.runs);
    }
    general(right);
    schedule(right);
    delivery(right);
    if (model.forms.indexOf("docx") >= 0 || about.editable) { heading(right); }
  }

  function again() { kit.edit(key); }

  kit.edit = function (given) {
    key = given;
    place = document.getElementById("briefing-place");
    var here = place;
    kit.get("/briefings/" + encodeURIComponent(key) + "/about.json").then(function (found) {
      if (!document.contains(here)) { return; }
      about = found;
      model = found.definition;
      saved = JSON.stringify(model);
      draw();
    }).catch(function (error) {
      here.textContent = "";
      if (error.status === 404) {
        var box = kit.add(here, "section", "card-box"), blank = kit.add(box, "div", "blank");
        kit.add(blank, "p", "blank-title", say("not_found"));
        kit.add(blank, "p", "blank-hint", say("not_found_hint"));
      } else { kit.failed(error); }
    });
  };
})();
