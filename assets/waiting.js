// Says that an answer is under way, and after ten seconds that it is late and what one can do:
// nothing spins for ever.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var LATE = 10000, SOON = 350;
  var root = document.documentElement, soon = null, late = null;

  function begin() {
    end();
    soon = setTimeout(function () { root.classList.add("waiting"); }, SOON);
    late = setTimeout(tell, LATE);
  }

  function end() {
    clearTimeout(soon);
    clearTimeout(late);
    root.classList.remove("waiting");
    var strip = document.getElementById("slow-strip");
    if (strip) { strip.remove(); }
  }

  function tell() {
    var words = document.getElementById("slow-words");
    if (!words || document.getElementById("slow-strip")) { return; }
    var strip = document.createElement("div"), button = document.createElement("button");
    strip.id = "slow-strip";
    strip.setAttribute("role", "alert");
    strip.textContent = words.dataset.slow + " ";
    button.type = "button";
    button.textContent = words.dataset.retry;
    button.addEventListener("click", function () { location.reload(); });
    strip.appendChild(button);
    document.body.appendChild(strip);
  }

  // News of the page left behind may still be drawn; only the page asked for ends the waiting.
  function shown(event) {
    var facts = event.detail || {}, asked = new URL(facts.asked || location.href, location.href);
    if (asked.pathname + asked.search === location.pathname + location.search) { end(); }
  }

  document.addEventListener("ioc-went", begin);
  window.addEventListener("popstate", begin);
  document.addEventListener("ioc-shown", shown);
})();
