// A day or a moment, typed as it is written here: 20/11/2026 17:00. A native date field follows the
// language of the browser, so that 11/12 is another day on the next desk; it only lends its calendar.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var DAY = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
  var TIME = /^(\d{1,2})(?:[:h](\d{2})?|\s*giờ(?:\s*(\d{1,2}))?)$/;

  function words() {
    return JSON.parse(document.documentElement.dataset.days)[document.documentElement.lang === "en" ? "en" : "vi"];
  }

  function two(number) { return ("0" + number).slice(-2); }

  // "17:00" of 17:00, 17h, 17h05 or 17 giờ 5; null where that is no time of the day.
  function clock(text) {
    var found = TIME.exec(text.trim());
    var hour = found && Number(found[1]), minute = found && Number(found[2] || found[3] || 0);
    return found && hour < 24 && minute < 60 ? two(hour) + ":" + two(minute) : null;
  }

  // "2026-11-20" or "2026-11-20T17:00" of what was typed; null where that is no day. A moment without
  // a time is the end of its day, as in an address.
  function read(text, moment) {
    var parts = text.trim().replace(/[Tt,]/, " ").split(/\s+/), day = null, time = null;
    var left = parts.filter(function (one) {
      var found = DAY.exec(one), iso = found ? null : ISO.exec(one);
      if (!found && !iso) { return true; }
      day = day === null ? (found ? [found[3], found[2], found[1]] : [iso[1], iso[2], iso[3]]) : false;
      return false;
    }).join(" ");
    if (left) {
      time = clock(left);
      if (!time || !moment) { return null; }
    }
    if (!day) { return null; }
    var date = new Date(Date.UTC(Number(day[0]), Number(day[1]) - 1, Number(day[2])));
    if (date.getUTCMonth() !== Number(day[1]) - 1) { return null; }
    var told = day[0] + "-" + two(day[1]) + "-" + two(day[2]);
    return moment ? told + "T" + (time || "23:59") : told;
  }

  function written(iso) {
    var found = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?/.exec(iso || "");
    return found ? found[3] + "/" + found[2] + "/" + found[1] + (found[4] ? " " + found[4] : "") : "";
  }

  function icon() {
    var drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawn.setAttribute("viewBox", "0 0 16 16");
    drawn.setAttribute("aria-hidden", "true");
    var path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M2 4h12v10H2zM2 7h12M5 2v3M11 2v3");
    drawn.appendChild(path);
    return drawn;
  }

  window.iocClock = clock;

  // A field of `given.id` for a day, or for a moment where `given.moment`; `given.changed` is called
  // when one was chosen in the calendar. `get` is its value, "" without one and null while what stands
  // there is none, which is then said beside it.
  window.iocDay = function (given) {
    var element = document.createElement("span"), input = document.createElement("input");
    var open = document.createElement("button"), native = document.createElement("input");
    var said = document.createElement("span"), most = given.max || "", told = words();
    element.className = given.moment ? "day-field is-moment" : "day-field";
    input.type = "text";
    input.id = given.id;
    input.autocomplete = "off";
    input.maxLength = 30;
    input.placeholder = given.moment ? told.moment : told.day;
    if (given.title) { input.title = given.title; }
    said.className = "day-said";
    said.id = given.id + "-said";
    said.setAttribute("role", "alert");
    input.setAttribute("aria-describedby", said.id);
    open.type = "button";
    open.className = "day-open";
    open.title = told.open;
    open.setAttribute("aria-label", told.open);
    open.appendChild(icon());
    native.type = given.moment ? "datetime-local" : "date";
    native.className = "day-native";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");

    function complain(text) {
      said.textContent = text;
      if (text) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
    }
    function get() {
      var text = input.value.trim(), now = words();
      var value = text ? read(text, given.moment) : "";
      if (value === null) {
        complain((given.moment ? now.bad_moment : now.bad_day).replace("{text}", text));
      } else if (value && most && value > most) {
        complain(now.late.replace("{day}", written(most.slice(0, 10))));
        value = null;
      } else if (value && value < "2000") {
        complain(now.early);
        value = null;
      } else {
        complain("");
      }
      return value;
    }
    function set(iso) {
      input.value = written(iso);
      complain("");
    }

    input.addEventListener("input", function () { complain(""); });
    open.addEventListener("click", function () {
      native.max = most;
      native.min = given.moment ? "2000-01-01T00:00" : "2000-01-01";
      native.value = read(input.value, given.moment) || "";
      native.showPicker();
    });
    native.addEventListener("change", function () {
      set(native.value);
      if (given.changed) { given.changed(); }
    });
    [input, open, native, said].forEach(function (one) { element.appendChild(one); });
    return { element: element, input: input, get: get, set: set, limit: function (iso) { most = iso || ""; } };
  };
})();
