// The wall's clocks: the server's time in Vietnam, whatever this machine's clock and zone say.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var zone = "Asia/Ho_Chi_Minh", formats = {};

  function format(lang) {
    var place = lang === "en" ? "en-GB" : "vi-VN";
    formats[place] = formats[place] || {
      clock: new Intl.DateTimeFormat("vi-VN", {
        timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false
      }),
      day: new Intl.DateTimeFormat(place, {
        timeZone: zone, weekday: "long", day: "2-digit", month: "2-digit", year: "numeric"
      })
    };
    return formats[place];
  }

  function fill(selector, words) {
    document.querySelectorAll(selector).forEach(function (one) {
      if (one.textContent !== words) { one.textContent = words; }
    });
  }

  function tick() {
    var now = new Date(window.iocNow ? window.iocNow() : Date.now());
    var said = format(document.documentElement.lang);
    fill(".clock", said.clock.format(now));
    fill(".clock-day", said.day.format(now));
  }

  setInterval(tick, 1000);
  document.addEventListener("ioc-shown", tick);
})();
