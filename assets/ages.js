// Lets ages grow while nothing is drawn anew: "3 minutes ago" must not stand for an hour.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var EVERY = 10000, root = document.documentElement, words = null;

  function said(seconds, lang) {
    var own = words[lang] || words.vi;
    if (seconds < 60) { return own.now; }
    for (var i = 0; i < own.steps.length; i++) {
      var step = own.steps[i];
      if (seconds >= step[0] && (step[1] === null || seconds < step[1])) {
        var length = step[2].replace("{number}", String(Math.floor(seconds / step[0])));
        return own.ago.replace("{duration}", length);
      }
    }
    return null;
  }

  function tick() {
    if (document.hidden || !window.iocNow) { return; }
    words = words || JSON.parse(root.dataset.ages || "{}");
    if (!words.vi) { return; }
    var now = window.iocNow();
    document.querySelectorAll("time.age[datetime]:not(.is-moment)").forEach(function (one) {
      var text = said((now - Date.parse(one.getAttribute("datetime"))) / 1000, root.lang);
      // Only the letters of the text that is there: the element stays the renderer's own.
      var node = one.firstChild;
      if (text && node && node.nodeType === 3 && node === one.lastChild && node.nodeValue !== text) {
        node.nodeValue = text;
      }
    });
  }

  setInterval(tick, EVERY);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("ioc-shown", function () { setTimeout(tick, 0); });
})();
