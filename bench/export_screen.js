// What is on a page, as it stands: rows of cells with the addresses they lead to, tiles, traces of
// charts; null while something is not drawn yet. What is no figure is left out: ages, what only
// opens on demand, what nobody sees.
() => {
  var main = document.querySelector("main"), found = [];
  if (!main) { return null; }
  var silent = ".age, time, button, .visually-hidden, .sign, .revised-now";
  function seen(node) { return node.checkVisibility() && !node.closest("dialog, .export, .visually-hidden, [aria-hidden=true]"); }
  // What is written there for eyes; a line for each element, as names and figures are.
  function words(node) {
    var walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), said = [], last = null, text;
    while ((text = walk.nextNode())) {
      var holder = text.parentElement;
      if (holder.closest(silent) || !holder.checkVisibility()) { continue; }
      said.push(last === holder || last === null ? "" : "\n", text.data);
      last = holder;
    }
    return said.join("");
  }
  function links(node) {
    return Array.from(node.querySelectorAll("a[href]")).map(function (a) { return a.getAttribute("href"); });
  }
  function card(node) {
    var box = node.closest("section");
    var head = box && box.querySelector("h2, h3");
    return head ? head.textContent : "";
  }
  var grids = Array.from(main.querySelectorAll(".ag-theme-quartz")).filter(seen);
  for (var at = 0; at < grids.length; at += 1) {
    var api = null;
    try { api = dash_ag_grid.getApi(grids[at].id); } catch (error) { return null; }
    if (!api) { return null; }
    var columns = api.getAllDisplayedColumns().filter(function (column) {
      return ["picked", "record"].indexOf(column.getColId()) < 0;
    });
    var rows = [];
    api.forEachNodeAfterFilterAndSort(function (node) {
      rows.push({ links: [node.data && node.data.href || ""], cells: columns.map(function (column) {
        var value = api.getCellValue({ rowNode: node, colKey: column, useFormatter: true });
        return { head: column.getColId() === "name", words: value === null || value === undefined ? "" : String(value), links: [] };
      }) });
    });
    found.push({ kind: "table", card: card(grids[at]), rows: rows,
      heads: columns.map(function (column) { return column.getColDef().headerName || ""; }) });
  }
  main.querySelectorAll("table").forEach(function (table) {
    if (!seen(table) || table.closest(".ag-theme-quartz, .js-plotly-plot")) { return; }
    var heads = [], rows = [];
    Array.from(table.rows).forEach(function (row) {
      if (row.closest("thead")) {
        heads = Array.from(row.cells).map(function (cell) { return words(cell); });
      } else if (seen(row)) {
        rows.push({ links: links(row), cells: Array.from(row.cells).map(function (cell) {
          return { head: cell.tagName === "TH", words: words(cell), links: links(cell) };
        }) });
      }
    });
    found.push({ kind: "table", card: card(table), heads: heads, rows: rows });
  });
  main.querySelectorAll(".tile").forEach(function (tile) {
    if (!seen(tile)) { return; }
    var name = tile.querySelector(".tile-name");
    found.push({ kind: "tile", card: tile.id, name: name ? name.textContent : "",
      code: tile.id.replace("tile-", ""),
      words: Array.from(tile.querySelectorAll(".tile-figure, .tile-target, .change, .coverage"))
        .map(function (one) { return words(one); }) });
  });
  // A page as known then also says what the figure is now; a sheet is of the moment asked about.
  var now = Array.from(main.querySelectorAll(".revised-now")).filter(seen);
  found.push({ kind: "now", card: "", words: now.map(function (one) { return one.textContent; }) });
  // Figures of cards and of scenes stand by themselves: what names them is the whole card.
  var loose = Array.from(main.querySelectorAll(".figure, dd, .count, b")).filter(function (one) {
    return seen(one) && !one.closest("table, .tile, .revised-now, .ag-theme-quartz, .js-plotly-plot")
      && !one.querySelector(".figure, dd, b") && !one.parentElement.closest(".figure, .count, b");
  });
  found.push({ kind: "loose", card: "", words: loose.map(words) });
  var plots = Array.from(main.querySelectorAll(".dash-graph")).filter(seen);
  for (var place = 0; place < plots.length; place += 1) {
    var gd = plots[place].classList.contains("js-plotly-plot") ? plots[place] : plots[place].querySelector(".js-plotly-plot");
    if (!gd || !gd._fullData || !gd.querySelector(".main-svg")) { return null; }
    var box = gd.closest("section.chart");
    found.push({ kind: "chart", card: card(gd), part: box ? box.dataset.name : "",
      written: Array.from(gd.querySelectorAll(".bartext, .textpoint text, .heatmap-label, .annotation-text"))
        .filter(function (one) { return one.getClientRects().length > 0; })
        .map(function (one) { return one.textContent; }),
      traces: gd._fullData.map(function (full, index) {
        var trace = gd.data[index] || {};
        function list(values) { return values && values.length !== undefined && typeof values !== "string" ? Array.from(values, function (one) { return one && one.length !== undefined && typeof one !== "string" ? Array.from(one) : one; }) : null; }
        return { type: full.type, orientation: full.orientation || "v", x: list(full.x), y: list(full.y),
          z: list(full.z), text: list(full.text) || full.text || null,
          hover: list(trace.hovertext) || trace.hovertext || (trace.hoverinfo === "text" ? trace.text : null),
          custom: list(trace.customdata) };
      }) });
  }
  return found;
}
