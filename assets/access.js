"use strict";
(function () {
  var byId = function (id) { return document.getElementById(id); };
  var table = document.querySelector("table");
  var heads = Array.from(table.tHead.rows[0].cells).slice(3);
  var rows = Array.from(table.tBodies[0].rows);
  var FIRST = 3; // cells of a row before the operations
  var form = byId("filter");
  var links = table.querySelectorAll("td a");
  var here = null;
  var inputs = ["member", "scope", "operation", "yes", "conditional", "none"].map(byId);
  var fold = function (text) { return text.trim().toLowerCase(); };

  function filter() {
    var member = fold(inputs[0].value), scope = fold(inputs[1].value), operation = fold(inputs[2].value);
    var yes = inputs[3].checked, conditional = inputs[4].checked, none = inputs[5].checked;
    var columns = heads.map(function (head) {
      var fits = fold(head.textContent).includes(operation);
      head.hidden = !fits;
      return fits;
    });
    var shown = 0;
    rows.forEach(function (row) {
      var fits = fold(row.cells[0].textContent).includes(member) && fold(row.cells[1].textContent).includes(scope);
      var any = false;
      if (fits) {
        columns.forEach(function (visible, index) {
          var cell = row.cells[FIRST + index], link = cell.firstElementChild;
          cell.hidden = !visible;
          if (!link) { return; }
          var wanted = cell.className === "y" ? yes : conditional;
          link.hidden = !wanted;
          any = any || (visible && wanted);
        });
      }
      row.hidden = !fits || !(any || none);
      if (!row.hidden) { shown += 1; }
    });
    byId("count").textContent = shown + " of " + rows.length + " lines";
    stop();
  }

  // One stop for the Tab key, always a cell that is shown; arrow keys go on from there.
  function stop() {
    var isShown = function (link) {
      return !link.hidden && !link.parentNode.hidden && !link.closest("tr").hidden;
    };
    var first = here && isShown(here) ? here : Array.from(links).find(isShown);
    links.forEach(function (link) { link.tabIndex = link === first ? 0 : -1; });
  }

  // The ways of the selected cell, at the foot of the window.
  var way = document.createElement("aside");
  way.id = "way";
  way.hidden = true;
  way.setAttribute("aria-live", "polite");
  var title = document.createElement("h2"), text = document.createElement("div");
  way.append(title, text);
  byId("scroll").after(way);

  function select(link) {
    if (here) { here.className = ""; here.tabIndex = -1; }
    here = link;
    link.className = "here";
    link.tabIndex = 0;
    var row = link.closest("tr"), head = heads[link.parentNode.cellIndex - FIRST];
    title.textContent = row.cells[0].textContent + ", " + row.cells[1].textContent + ": " + head.textContent;
    text.replaceChildren.apply(text, Array.from(byId(link.hash.slice(1)).cloneNode(true).childNodes));
    way.hidden = false;
  }

  // The next link from a cell in one direction, past cells without one.
  function next(cell, down, right) {
    var line = rows.indexOf(cell.parentNode), column = cell.cellIndex;
    for (;;) {
      line += down;
      column += right;
      var row = rows[line];
      if (!row || column < FIRST || column >= row.cells.length) { return null; }
      var link = row.cells[column].firstElementChild;
      if (!row.hidden && !row.cells[column].hidden && link && !link.hidden) { return link; }
    }
  }

  var STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", function (event) {
    var step = STEPS[event.key], cell = event.target.closest("td");
    if (!step || !cell) { return; }
    event.preventDefault();
    var link = next(cell, step[0], step[1]);
    if (link) { link.focus(); }
  });
  table.addEventListener("focusin", function (event) {
    if (event.target.tagName === "A") { select(event.target); }
  });
  table.addEventListener("click", function (event) {
    var link = event.target.closest("td a");
    if (link) { event.preventDefault(); link.focus(); select(link); }
  });

  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  filter();
})();
