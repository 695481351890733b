// A chart as PNG or SVG, with its title, its filters in words, the as-of date, the source and the
// illustrative mark drawn around it. Made in the browser; nothing is sent anywhere.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var SPACE = "http://www.w3.org/2000/svg", MARGIN = 28, SCALE = 2, FAMILY = "Inter, sans-serif";
  var fonts = null;

  function base64(buffer) {
    var bytes = new Uint8Array(buffer), text = "";
    for (var i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192));
    }
    return btoa(text);
  }

  // The page's own @font-face rules, their files embedded: a picture takes its letters along.
  function embedded() {
    if (fonts) { return fonts; }
    var rules = [];
    Array.prototype.forEach.call(document.styleSheets, function (sheet) {
      try {
        Array.prototype.forEach.call(sheet.cssRules, function (rule) {
          if (rule instanceof CSSFontFaceRule) { rules.push([rule, sheet.href || location.href]); }
        });
      } catch (error) { /* a sheet that cannot be read has no font of ours */ }
    });
    fonts = Promise.all(rules.map(function (pair) {
      var found = /url\("?([^")]+)"?\)/.exec(pair[0].style.getPropertyValue("src"));
      if (!found) { return ""; }
      return fetch(new URL(found[1], pair[1])).then(function (answer) {
        if (!answer.ok) { throw new Error("font " + answer.status); }
        return answer.arrayBuffer();
      }).then(function (buffer) {
        return pair[0].cssText.replace(/src:[^;]+;/,
          'src: url("data:font/woff2;base64,' + base64(buffer) + '") format("woff2");');
      });
    })).then(function (texts) { return texts.join("\n"); });
    fonts.catch(function () { fonts = null; });
    return fonts;
  }

  // Paper is light, whatever the screen is: the colours are those of the light theme.
  function colours() {
    var probe = document.createElement("div"), read = {};
    probe.dataset.bsTheme = "light";
    document.body.appendChild(probe);
    var style = getComputedStyle(probe);
    ["ink", "soft", "line", "surface", "made-up-text"].forEach(function (name) {
      read[name] = style.getPropertyValue("--" + name).trim();
    });
    probe.remove();
    return read;
  }

  function onPaper(layout) {
    var look = colours();
    var paper = JSON.parse(JSON.stringify(layout || {}));
    paper.paper_bgcolor = paper.plot_bgcolor = look.surface;
    if (document.documentElement.dataset.bsTheme === "dark") {
      paper.font = Object.assign({}, paper.font, { color: look.ink });
      Object.keys(paper).forEach(function (key) {
        if (/^[xy]axis\d*$/.test(key)) {
          paper[key].gridcolor = paper[key].linecolor = look.line;
          paper[key].tickfont = Object.assign({}, paper[key].tickfont, { color: look.soft });
        }
      });
      (paper.annotations || []).forEach(function (one) {
        one.font = Object.assign({}, one.font, { color: look.ink });
      });
    }
    delete paper.width;
    delete paper.height;
    return paper;
  }

  function wrapped(text, size, weight, width) {
    var pen = document.createElement("canvas").getContext("2d");
    pen.font = weight + " " + size + "px " + FAMILY;
    var lines = [], line = "";
    String(text).split(/\s+/).forEach(function (word) {
      var longer = line ? line + " " + word : word;
      if (line && pen.measureText(longer).width > width) { lines.push(line); line = word; }
      else { line = longer; }
    });
    if (line) { lines.push(line); }
    return lines;
  }

  function strip(card) {
    var text = card.dataset.strip || "";
    try {
      var read = JSON.parse(text);
      if (Array.isArray(read)) { return read.map(String); }
    } catch (error) { /* one line of words */ }
    return text ? [text] : [];
  }

  function picture(card) {
    var chart = card.querySelector(".js-plotly-plot");
    if (!chart || !window.Plotly) { return Promise.reject(new Error("no chart")); }
    var box = chart.getBoundingClientRect();
    var width = Math.max(480, Math.round(box.width)), height = Math.max(240, Math.round(box.height));
    var drawn = window.Plotly.toImage({ data: chart.data, layout: onPaper(chart.layout) },
      { format: "svg", width: width, height: height });
    return Promise.all([drawn, embedded()]).then(function (parts) {
      var inner = decodeURIComponent(parts[0].replace(/^data:image\/svg\+xml,/, ""));
      return framed(card, inner, parts[1], width, height);
    });
  }

  function framed(card, inner, styles, width, height) {
    var svg = document.createElementNS(SPACE, "svg"), y = MARGIN, look = colours();
    function write(text, size, weight, colour) {
      wrapped(text, size, weight, width).forEach(function (line) {
        var element = document.createElementNS(SPACE, "text");
        y += size * 1.35;
        element.setAttribute("x", MARGIN);
        element.setAttribute("y", y);
        element.setAttribute("font-family", FAMILY);
        element.setAttribute("font-size", size);
        element.setAttribute("font-weight", weight);
        element.setAttribute("fill", colour);
        element.textContent = line;
        svg.appendChild(element);
      });
    }
    var style = document.createElementNS(SPACE, "style");
    style.textContent = styles;
    svg.appendChild(style);
    var ground = document.createElementNS(SPACE, "rect");
    ground.setAttribute("width", "100%");
    ground.setAttribute("height", "100%");
    ground.setAttribute("fill", look.surface);
    svg.appendChild(ground);
    var mark = card.dataset.illustrative || (card.querySelector(".illustrative") || {}).textContent;
    write(card.dataset.title || "", 20, 700, look.ink);
    if (card.dataset.subtitle) { write(card.dataset.subtitle, 14, 400, look.soft); }
    if (mark) { write(mark.toLocaleUpperCase("vi"), 16, 700, look["made-up-text"]); }
    var chart = new DOMParser().parseFromString(inner, "image/svg+xml").documentElement;
    if (chart.nodeName !== "svg") { throw new Error("the chart gave no picture"); }
    chart.setAttribute("x", MARGIN);
    chart.setAttribute("y", y + 12);
    svg.appendChild(document.importNode(chart, true));
    y += 12 + height;
    strip(card).forEach(function (line) { write(line, 13, 400, look.soft); });
    var whole = { width: width + 2 * MARGIN, height: Math.round(y + MARGIN) };
    svg.setAttribute("xmlns", SPACE);
    svg.setAttribute("width", whole.width);
    svg.setAttribute("height", whole.height);
    svg.setAttribute("viewBox", "0 0 " + whole.width + " " + whole.height);
    whole.text = new XMLSerializer().serializeToString(svg);
    return whole;
  }

  function toPng(whole) {
    var image = new Image();
    image.src = URL.createObjectURL(new Blob([whole.text], { type: "image/svg+xml" }));
    return image.decode().then(function () {
      // Embedded fonts of a picture may be one frame late; a picture in the wrong letters is worse.
      return new Promise(function (done) { setTimeout(done, 150); });
    }).then(function () {
      var canvas = document.createElement("canvas");
      canvas.width = whole.width * SCALE;
      canvas.height = whole.height * SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(image.src);
      return new Promise(function (done, fail) {
        canvas.toBlob(function (blob) {
          if (blob) { done(blob); } else { fail(new Error("no picture")); }
        }, "image/png");
      });
    });
  }

  function slug(text) {
    return text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "chart";
  }

  function save(blob, name) {
    var anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    document.body.appendChild(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(function () { URL.revokeObjectURL(anchor.href); }, 10000);
  }

  function today() {
    return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date())
      .replace(/-/g, "");
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button.snap[data-form]");
    var card = button && button.closest("section.chart");
    if (!card || button.disabled) { return; }
    var form = button.dataset.form, name = slug(card.dataset.title || "") + "-" + today() + "." + form;
    button.disabled = true;
    button.classList.remove("failed");
    picture(card).then(function (whole) {
      return form === "svg" ? new Blob([whole.text], { type: "image/svg+xml" }) : toPng(whole);
    }).then(function (blob) { save(blob, name); }).catch(function (error) {
      button.classList.add("failed");
      window.console.warn("snapshot: " + error.message);
    }).then(function () {
      button.disabled = false;
      var menu = button.closest("details");
      if (menu) { menu.open = false; }
    });
  });
})();
