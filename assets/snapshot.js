// A chart as PNG or SVG, with its title, its filters in words, the as-of date, the source and the
// illustrative mark drawn around it. Made in the browser; nothing is sent anywhere. The browser of
// the server asks for the same by window.iocPicture, with a strip and a code of its own.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var SPACE = "http://www.w3.org/2000/svg", MARGIN = 28, SCALE = 2, CODE = 84, FAMILY = "Inter, sans-serif";
  var DRAWN = ".js-plotly-plot, .smalls";
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
    ["ink", "soft", "line", "surface", "sea", "made-up-text"].forEach(function (name) {
      read[name] = style.getPropertyValue("--" + name).trim();
    });
    probe.remove();
    return read;
  }

  function onPaper(layout, transparent) {
    var look = colours();
    var paper = JSON.parse(JSON.stringify(layout || {}));
    var sea = /^#/.test(paper.plot_bgcolor || "") ? look.sea : look.surface;
    paper.paper_bgcolor = transparent ? "rgba(0,0,0,0)" : look.surface;
    paper.plot_bgcolor = transparent ? "rgba(0,0,0,0)" : sea;
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

  // What stands around the chart, line by line, and how high that is. `wish` may hold width and
  // height of the whole, a strip ({lines, mark, qr, invitation}), `bare` (the chart alone) and
  // `transparent`; without one the chart is as large as on the screen, with the card's own strip.
  function planned(card, wish) {
    var box = card.querySelector(DRAWN).getBoundingClientRect();
    var edge = wish.bare ? 0 : MARGIN;
    var least = card.querySelector(".smalls") ? 0 : 480;
    var width = wish.width ? wish.width - 2 * edge : Math.max(least, Math.round(box.width));
    var look = colours(), top = [], low = [], code = wish.strip && wish.strip.qr ? CODE : 0;
    function add(to, text, size, weight, colour, within) {
      wrapped(text, size, weight, within).forEach(function (line) {
        to.push({ text: line, size: size, weight: weight, colour: colour });
      });
    }
    if (!wish.bare) {
      var mark = wish.strip ? wish.strip.mark :
        card.dataset.illustrative || (card.querySelector(".illustrative") || {}).textContent;
      add(top, card.dataset.title || "", 20, 700, look.ink, width);
      if (card.dataset.subtitle) { add(top, card.dataset.subtitle, 14, 400, look.soft, width); }
      if (mark) { add(top, mark.toLocaleUpperCase("vi"), 16, 700, look["made-up-text"], width); }
      var small = wish.strip ? 11 : 13, room = width - (code ? code + 16 : 0);
      (wish.strip ? wish.strip.lines.concat(wish.strip.invitation || []) : strip(card)).forEach(
        function (line) { add(low, line, small, 400, look.soft, room); });
    }
    var plan = { edge: edge, width: width, top: top, low: low, code: code, look: look };
    plan.signs = wish.bare ? [] : signs(card, width);
    plan.rows = plan.signs.length ? 20 * (plan.signs[plan.signs.length - 1].row + 1) + 8 : 0;
    plan.before = edge + tall(top) + (wish.bare ? 0 : 12);
    plan.after = (wish.bare ? 0 : 12) + plan.rows + Math.max(tall(low), code) + edge;
    plan.height = wish.height ? Math.max(160, wish.height - plan.before - plan.after) :
      Math.max(240, Math.round(box.height));
    // Never laid out smaller than on the screen, where labels would overlap or be left out: in less
    // room the whole chart is smaller.
    plan.share = Math.min(1, width / (box.width || 1), plan.height / (box.height || 1));
    return plan;
  }

  // What the signs and colours of the chart mean, as its card says it: [colour or "", words, x, row].
  function signs(card, width) {
    var pen = document.createElement("canvas").getContext("2d"), x = 0, row = 0, found = [];
    pen.font = "400 13px " + FAMILY;
    Array.prototype.forEach.call(card.querySelectorAll(".legend > *"), function (one) {
      var swatch = one.querySelector(".swatch"), words = Array.from(one.childNodes).map(function (part) {
        return part.textContent.trim();
      }).filter(Boolean).join(" ");
      var colour = swatch ? getComputedStyle(swatch).backgroundColor : "";
      var room = pen.measureText(words).width + (colour ? 18 : 0) + 20;
      if (x && x + room > width) { x = 0; row += 1; }
      found.push({ colour: colour, words: words, x: x, row: row });
      x += room;
    });
    return found;
  }

  function tall(lines) {
    return lines.reduce(function (sum, one) { return sum + one.size * 1.35; }, 0);
  }

  // Small multiples are pictures and words beside each other: one SVG of all of them, as they stand.
  function together(list) {
    var whole = document.createElementNS(SPACE, "svg"), from = list.getBoundingClientRect();
    function put(name, box, given) {
      var one = document.createElementNS(SPACE, name);
      [["x", box.left - from.left], ["y", box.top - from.top], ["width", box.width],
        ["height", box.height]].concat(given).forEach(function (pair) {
        one.setAttribute(pair[0], pair[1]);
      });
      whole.appendChild(one);
      return one;
    }
    Array.prototype.forEach.call(list.querySelectorAll(".small"), function (small) {
      var box = small.getBoundingClientRect(), look = getComputedStyle(small);
      put("rect", box, [["rx", 6], ["fill", "none"], ["stroke", look.borderTopColor]]);
      put("rect", { left: box.left, top: box.top, width: 3, height: box.height },
        [["fill", look.borderLeftColor]]);
    });
    Array.prototype.forEach.call(list.querySelectorAll("img"), function (image) {
      put("image", image.getBoundingClientRect(), [["preserveAspectRatio", "none"], ["href", image.src]]);
    });
    var texts = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      var holder = texts.currentNode.parentElement, range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      var at = range.getBoundingClientRect(), style = getComputedStyle(holder);
      if (!at.width || holder.closest(".visually-hidden")) { continue; }
      put("text", { left: at.left, top: at.top + at.height / 2, width: at.width, height: at.height },
        [["font-family", FAMILY], ["font-size", style.fontSize], ["font-weight", style.fontWeight],
          ["font-style", style.fontStyle], ["fill", style.color], ["dominant-baseline", "central"]]
      ).textContent = texts.currentNode.data;
    }
    whole.setAttribute("xmlns", SPACE);
    return "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(whole));
  }

  function picture(card, asked) {
    var chart = card.querySelector(DRAWN), wish = asked || {}, many = chart && chart.matches(".smalls");
    if (!chart || (!many && !window.Plotly)) { return Promise.reject(new Error("no chart")); }
    var plan = planned(card, wish);
    var drawn = many ? Promise.resolve(together(chart)) :
      window.Plotly.toImage({ data: chart.data, layout: onPaper(chart.layout, wish.transparent) },
        { format: "svg", width: plan.width / plan.share, height: plan.height / plan.share });
    return Promise.all([drawn, embedded()]).then(function (parts) {
      var inner = decodeURIComponent(parts[0].replace(/^data:image\/svg\+xml,/, ""));
      return framed(plan, inner, parts[1], wish);
    });
  }

  function framed(plan, inner, styles, wish) {
    var svg = document.createElementNS(SPACE, "svg");
    function write(lines, x, y) {
      lines.forEach(function (one) {
        var element = document.createElementNS(SPACE, "text");
        y += one.size * 1.35;
        element.setAttribute("x", x);
        element.setAttribute("y", y);
        element.setAttribute("font-family", FAMILY);
        element.setAttribute("font-size", one.size);
        element.setAttribute("font-weight", one.weight);
        element.setAttribute("fill", one.colour);
        element.textContent = one.text;
        svg.appendChild(element);
      });
    }
    var style = document.createElementNS(SPACE, "style");
    style.textContent = styles;
    svg.appendChild(style);
    if (!wish.transparent) {
      var ground = document.createElementNS(SPACE, "rect");
      ground.setAttribute("width", "100%");
      ground.setAttribute("height", "100%");
      ground.setAttribute("fill", plan.look.surface);
      svg.appendChild(ground);
    }
    write(plan.top, plan.edge, plan.edge);
    var chart = new DOMParser().parseFromString(inner, "image/svg+xml").documentElement;
    if (chart.nodeName !== "svg") { throw new Error("the chart gave no picture"); }
    chart.setAttribute("x", plan.edge);
    chart.setAttribute("y", plan.before);
    chart.setAttribute("width", plan.width);
    chart.setAttribute("height", plan.height);
    chart.setAttribute("viewBox", "0 0 " + plan.width / plan.share + " " + plan.height / plan.share);
    svg.appendChild(document.importNode(chart, true));
    var under = plan.before + plan.height + (wish.bare ? 0 : 12);
    plan.signs.forEach(function (one) {
      var y = under + 20 * one.row, x = plan.edge + one.x;
      if (one.colour) {
        var square = document.createElementNS(SPACE, "rect");
        [["x", x], ["y", y + 5], ["width", 12], ["height", 12], ["fill", one.colour]].forEach(
          function (pair) { square.setAttribute(pair[0], pair[1]); });
        svg.appendChild(square);
      }
      write([{ text: one.words, size: 13, weight: 400, colour: plan.look.ink }],
        x + (one.colour ? 18 : 0), y - 2);
    });
    under += plan.rows;
    if (plan.code) {
      var code = new DOMParser().parseFromString(wish.strip.qr, "image/svg+xml").documentElement;
      [["x", plan.edge], ["y", under], ["width", plan.code], ["height", plan.code]].forEach(function (one) {
        code.setAttribute(one[0], one[1]);
      });
      svg.appendChild(document.importNode(code, true));
    }
    write(plan.low, plan.edge + (plan.code ? plan.code + 16 : 0), under);
    var whole = { width: plan.width + 2 * plan.edge,
      height: Math.round(plan.before + plan.height + plan.after),
      box: [plan.edge, plan.before, plan.width, plan.height] };
    svg.setAttribute("xmlns", SPACE);
    svg.setAttribute("width", whole.width);
    svg.setAttribute("height", whole.height);
    svg.setAttribute("viewBox", "0 0 " + whole.width + " " + whole.height);
    whole.text = new XMLSerializer().serializeToString(svg);
    return whole;
  }

  window.iocPicture = picture;

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
    var card = button && button.closest("section[data-title]");
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
