// What a chart shows as a list of links: for keyboards and screen readers, and for anyone who wants
// the words. Made from the marks the chart already has, so it costs the server nothing.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var MOST = 2000;

  function first(value) {
    while (Array.isArray(value)) { value = value[0]; }
    return value;
  }

  // Charts say a mark in a little markup that the server escaped; a list says it in lines of text.
  function lines(markup) {
    var holder = document.createElement("textarea");
    return String(markup).split(/<br\s*\/?>/i).map(function (line) {
      holder.innerHTML = line.replace(/<\/?(?:b|i)>/gi, "");
      return holder.value.replace(/\u200b/g, "").trim();
    }).filter(Boolean);
  }

  function at(value, row, column) {
    var found = Array.isArray(value) ? value[row] : value;
    if (column !== undefined && Array.isArray(found)) { found = found[column]; }
    return found;
  }

  // Every mark once: what it says, and where it leads.
  function marks(chart) {
    var found = [], seen = {};
    function add(words, href) {
      var said = words.join(" · "), key = said + "|" + href;
      if (!said || seen[key] || found.length >= MOST) { return; }
      seen[key] = true;
      found.push({ words: words, href: typeof href === "string" && /^\/(?![\/\\])/.test(href) ? href : "" });
    }
    (chart.data || []).forEach(function (trace) {
      if (trace.type === "heatmap") {
        (trace.text || []).forEach(function (row, y) {
          row.forEach(function (text, x) {
            if (!text) { return; }
            var head = lines(trace.x[x]).join(" ").replace(/- /g, "");
            add(lines(trace.y[y]).concat(head, lines(text)), first(at(trace.customdata, y, x)));
          });
        });
      } else if (trace.hoveron === "fills" && trace.text) {
        add(lines(trace.text), first(trace.customdata));
      } else if (Array.isArray(trace.hovertext)) {
        trace.hovertext.forEach(function (text, row) {
          add(lines(text), first(at(trace.customdata, row)));
        });
      } else if (trace.type === "bar" && Array.isArray(trace.text)) {
        var ticks = ((chart.layout || {}).yaxis || {}).ticktext || [];
        trace.text.forEach(function (text, row) {
          add(lines(ticks[row] || "").concat(lines(text)), first(at(trace.customdata, row)));
        });
      }
    });
    return found;
  }

  function element(name, look, text) {
    var made = document.createElement(name);
    if (look) { made.className = look; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function show(button, chart) {
    var dialog = element("dialog", "listing-box"), head = element("div", "listing-head");
    var title = element("h2", "", button.dataset.title);
    var close = element("button", "listing-close", button.dataset.close);
    var said = chart.closest("[role=img]"), found = marks(chart);
    title.id = "listing-title";
    close.type = "button";
    close.addEventListener("click", function () { dialog.close(); });
    dialog.setAttribute("aria-labelledby", title.id);
    head.append(title, close);
    dialog.append(head);
    if (said) { dialog.append(element("p", "listing-said", said.getAttribute("aria-label"))); }
    if (!found.length) { dialog.append(element("p", "hint", button.dataset.none)); }
    var list = element("ol", "listing-marks");
    found.forEach(function (mark) {
      var item = element("li"), holder = item;
      if (mark.href) {
        holder = element("a");
        holder.href = mark.href;
        holder.addEventListener("click", function () { dialog.close(); });
        item.append(holder);
      }
      holder.append(element("b", "", mark.words[0]));
      if (mark.words.length > 1) { item.append(element("span", "", mark.words.slice(1).join(" · "))); }
      list.append(item);
    });
    if (found.length) { dialog.append(list); }
    dialog.addEventListener("close", function () {
      var menu = button.closest("details");
      dialog.remove();
      if (menu && menu.isConnected) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button.listing");
    var card = button && button.closest("section.chart");
    var chart = card && card.querySelector(".js-plotly-plot");
    if (chart) { show(button, chart); return; }
    // A menu closes when something else is chosen.
    document.querySelectorAll("details.export[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  // Escape closes an open menu and gives the focus back to its button.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.export[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
