// The basket of meeting packs: puts the shown page, or one chart of it, aside; counts in the bar.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }
  var asked = false;

  function counter() { return document.getElementById("basket"); }

  window.iocBasket = function (count) {
    var place = counter();
    if (!place) { return; }
    var words = place.dataset.words.replace("{count}", String(count));
    var number = place.querySelector(".basket-count");
    number.textContent = String(count);
    number.hidden = !count;
    place.setAttribute("aria-label", words);
    place.title = words;
    place.dataset.known = String(count);
  };

  function ask() {
    var place = counter();
    if (!place || asked || place.dataset.known !== undefined) { return; }
    asked = true;
    fetch("/basket", { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.json() : { items: [] };
    }).then(function (said) {
      asked = false;
      window.iocBasket(said.items.length);
    }).catch(function () { asked = false; });
  }

  function tell(text, bad) {
    var place = document.getElementById("basket-said");
    if (!place) { return; }
    place.textContent = text;
    place.classList.toggle("is-bad", Boolean(bad));
    place.classList.add("on");
    clearTimeout(tell.timer);
    tell.timer = setTimeout(function () { place.classList.remove("on"); place.textContent = ""; }, 4000);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest(".basket-add");
    if (!button) { return; }
    var card = button.closest(".card-box.chart"), shown = window.iocShown || {}, place = counter();
    var page = shown.title || document.title;
    var one = { address: shown.href || location.pathname + location.search, title: page, part: null };
    if (card) {
      one.part = card.dataset.name;
      one.title = card.dataset.title;
    }
    var lang = shown.lang || document.documentElement.lang || "vi";
    window.iocSend("/basket?lang=" + lang, { add: one }).then(function (said) {
      window.iocBasket(said.items.length);
      tell(place.dataset.added.replace("{title}", one.title));
      var menu = button.closest("details");
      if (menu) { menu.open = false; }
    }).catch(function (error) { tell(error.message, true); });
  });

  setInterval(ask, 700);
})();
