// The wall's clock: Vietnamese time, whatever the machine's zone is.
"use strict";
(function () {
  var format = new Intl.DateTimeFormat("vi-VN", {
    timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hour12: false
  });
  setInterval(function () {
    var clock = document.getElementById("clock");
    if (clock) {
      var words = format.format(new Date());
      if (clock.textContent !== words) { clock.textContent = words; }
    }
  }, 1000);
})();
