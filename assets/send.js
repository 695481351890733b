// Sends what a person writes (names, saved views, notes) to the server, with the page's token.
"use strict";
(function () {
  if (typeof document === "undefined") { return; }

  function token() {
    var config = document.getElementById("_dash-config");
    var name = config && JSON.parse(config.textContent).csrf_token_name;
    var found = document.cookie.split("; ").filter(function (one) {
      return name && one.indexOf(name + "=") === 0;
    })[0];
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  // Resolves with the answer's JSON; rejects with an Error whose message is the server's reason.
  // A form with files goes as it is: the browser knows its type.
  window.iocSend = function (address, value, method) {
    var form = value instanceof FormData, headers = { "X-CSRFToken": token() };
    if (!form) { headers["Content-Type"] = "application/json"; }
    return fetch(address, {
      method: method || "POST",
      credentials: "same-origin",
      headers: headers,
      body: form ? value : JSON.stringify(value || {})
    }).then(function (answer) {
      if (answer.ok) { return answer.json(); }
      return answer.text().then(function (reason) { throw new Error(reason); });
    });
  };
})();
