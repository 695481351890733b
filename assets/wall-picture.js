// A small picture of the scene on screen, for operators: the page is drawn again from its content
// and styles. It is no photo of the screen, and where the browser forbids drawing it is an outline.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var WIDTH = 480, QUALITY = 0.72, WITHIN = 4000;

  function styles(page) {
    var found = [];
    Array.prototype.forEach.call(page.styleSheets, function (sheet) {
      try {
        Array.prototype.forEach.call(sheet.cssRules, function (rule) {
          if (!(rule instanceof page.defaultView.CSSFontFaceRule)) { found.push(rule.cssText); }
        });
      } catch (error) { /* a sheet that cannot be read is not ours */ }
    });
    return found.join("\n");
  }

  // The page inside an SVG: its elements, its style sheets, nothing that would have to be fetched.
  function packed(page, width, height) {
    var box = page.createElement("div"), sheet = page.createElement("style");
    sheet.textContent = styles(page);
    box.className = page.documentElement.className;
    box.setAttribute("style", "width:" + width + "px;height:" + height + "px;background:" +
      page.defaultView.getComputedStyle(page.body).backgroundColor);
    box.appendChild(sheet);
    var copy = page.getElementById("page").cloneNode(true);
    Array.prototype.forEach.call(copy.querySelectorAll("script, iframe, canvas, video"), function (one) {
      one.remove();
    });
    box.appendChild(copy);
    var inner = new XMLSerializer().serializeToString(box);
    // Characters that XML knows no spelling for would break the whole picture.
    inner = inner.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
    return '<svg xmlns="http://www.w3.org/2000/svg" width="' + width + '" height="' + height +
      '"><foreignObject x="0" y="0" width="100%" height="100%">' + inner + "</foreignObject></svg>";
  }

  function canvas(ratio) {
    var made = document.createElement("canvas");
    made.width = WIDTH;
    made.height = Math.max(1, Math.min(WIDTH, Math.round(WIDTH * ratio)));
    return made;
  }

  function drawn(frame) {
    var page = frame.contentDocument, width = frame.clientWidth, height = frame.clientHeight;
    var image = new Image();
    return new Promise(function (done, failed) {
      setTimeout(function () { failed(new Error("slow")); }, WITHIN);
      image.onerror = function () { failed(new Error("not drawn")); };
      image.onload = function () {
        try {
          var target = canvas(height / width), pen = target.getContext("2d");
          pen.drawImage(image, 0, 0, target.width, target.height);
          var data = target.toDataURL("image/jpeg", QUALITY);
          done({ data: data, form: "drawn" });
        } catch (error) { failed(error); }
      };
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(packed(page, width, height));
    });
  }

  // Boxes where cards are, and the words of headings and figures.
  function outline(frame) {
    var stage = window.iocWall.stage(), page = frame ? frame.contentDocument : document;
    var area = frame || stage, scale = WIDTH / Math.max(1, area.clientWidth);
    var target = canvas(area.clientHeight / Math.max(1, area.clientWidth)), pen = target.getContext("2d");
    var look = getComputedStyle(document.documentElement);
    pen.fillStyle = look.getPropertyValue("--wall-ground");
    pen.fillRect(0, 0, target.width, target.height);
    pen.strokeStyle = look.getPropertyValue("--wall-faint");
    var where = frame ? page.body : stage;
    Array.prototype.forEach.call(where.querySelectorAll(".card-box, .tile"), function (one) {
      var box = one.getBoundingClientRect();
      pen.strokeRect(box.x * scale, box.y * scale, box.width * scale, box.height * scale);
    });
    pen.fillStyle = look.getPropertyValue("--wall-ink");
    Array.prototype.forEach.call(where.querySelectorAll("h1, h2, .figure, .wall-card.on"), function (one) {
      var box = one.getBoundingClientRect();
      pen.font = Math.max(6, Math.min(16, box.height * scale * 0.7)) + "px sans-serif";
      pen.fillText(one.textContent.slice(0, 80), box.x * scale, (box.y + box.height * 0.75) * scale);
    });
    return { data: target.toDataURL("image/jpeg", QUALITY), form: "outline" };
  }

  // wall.js is read after this file.
  document.addEventListener("ioc-wall-stage", function () {
    window.iocWall.picture = function () {
      var frame = window.iocWall.frame();
      if (!frame) { return Promise.resolve(outline(null)); }
      return Promise.resolve().then(function () { return drawn(frame); })
        .catch(function () { return outline(frame); });
    };
  });
})();
