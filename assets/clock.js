// The wall's clock: the server's time in Vietnam, whatever this machine's clock and zone say.
"use strict";
(function () {
  var format = new Intl.DateTimeFormat("vi-VN", {
    timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hour12: false
  });
  setInterval(function () {
    var clock = document.getElementById("clock");
    if (clock) {
      var words = format.format(new Date(window.iocNow ? window.iocNow() : Date.now()));
      if (clock.textContent !== words) { clock.textContent = words; }
    }
  }, 1000);
})();
