// One storm: what is known of it, its life cycle, its points.

const KM = 6371;
const shownStorm = { chart: null, rows: [] };

function pathLength(track) {
  const { set } = app;
  let sum = 0;
  for (let i = set.start[track]; i + 1 < set.start[track + 1]; i++) {
    const { x, y, z } = set.geo;
    const chord = Math.hypot(x[i] - x[i + 1], y[i] - y[i + 1], z[i] - z[i + 1]);
    sum += 2 * Math.asin(Math.min(1, chord / 2));
  }
  return sum * KM;
}

// The peak of a track, else its first point.
function mainPoint(track) {
  const peak = app.traits.peak[track];
  return peak >= 0 ? peak : app.set.start[track];
}

function factsOf(track) {
  const { set, clock, traits, variable } = app;
  const first = set.start[track], last = set.start[track + 1] - 1, peak = traits.peak[track];
  const facts = [
    ["Begins", `${when(clock, first)}, ${placeText(set, first)}`],
    ["Ends", `${when(clock, last)}, ${placeText(set, last)}`],
    ["Lasts", `${lifetimeText(track)}, ${last - first + 1} point${last === first ? "" : "s"}, ${whole(Math.round(pathLength(track)))} km`],
  ];
  if (peak >= 0) facts.push(["Strongest", `${valueText(variable, peak)}, ${when(clock, peak)}`]);
  const naming = Object.values(set.told.naming);
  for (const column of set.columns) {
    if (column.role !== "more" || !column.perTrack || naming.includes(column.name)) continue;
    const text = String(cell(set, column, first));
    if (text) facts.push([column.name, text]);
  }
  return facts;
}

function showStorm() {
  const box = element("chosen"), track = app.selected;
  box.hidden = track < 0;
  shownStorm.chart = null;
  shownStorm.rows = [];
  if (track < 0) {
    box.replaceChildren();
    showPoint();
    return;
  }
  const facts = make("dl");
  for (const [name, text] of factsOf(track)) facts.append(make("dt", {}, name), make("dd", {}, text));
  const chart = make("div");
  box.replaceChildren(stormHead(track), facts, ...(app.variable ? [chartChoice(chart), chart] : []), pointTable(track));
  if (app.variable) showChart(chart, app.charted ?? app.variable);
  showPoint();
}

function stormHead(track) {
  const place = app.order.indexOf(track);
  const rank = place >= 0 ? `No. ${whole(place + 1)} of ${whole(app.order.length)} shown` : "not among those shown";
  const button = (text, label, action) => make("button", { class: "round", "aria-label": label, title: label, onclick: action }, text);
  return make("div", { class: "top" },
    make("div", { "aria-live": "polite" }, make("h2", {}, `Storm ${nameOf(app.set, track)}`), make("span", { class: "soft" }, rank)),
    make("div", {},
      button("\u2039", "Stronger storm (B)", () => stepStorm(-1)),
      button("\u203a", "Weaker storm (N)", () => stepStorm(1)),
      button("\u00d7", "Close (Esc)", () => choose(-1))));
}

function chartChoice(chart) {
  const { variables } = app.set;
  if (variables.length < 2) return make("h3", {}, variableTitle(app.variable));
  const select = make("select", { "aria-label": "Value of the chart" });
  variables.forEach((one, k) => select.append(make("option", { value: k, selected: one === (app.charted ?? app.variable) }, variableTitle(one))));
  select.addEventListener("change", () => {
    app.charted = variables[select.value];
    showChart(chart, app.charted);
    showPoint();
  });
  return select;
}

function showChart(box, variable) {
  shownStorm.chart = chartOf(app.selected, variable);
  box.replaceChildren(shownStorm.chart.svg);
}

function pointTable(track) {
  const { set, clock } = app;
  const { variables } = set;
  const head = make("tr", {}, make("th", {}, clock.kind === "date" ? "Date" : "Frame"),
    ...variables.map((one) => make("th", { class: "number" }, one.name, make("small", {}, one.units))), make("th", { class: "number" }, "Place"));
  const body = make("tbody");
  for (let i = set.start[track]; i < set.start[track + 1]; i++) {
    const row = make("tr", { tabindex: 0, "data-point": i },
      make("td", {}, when(clock, i)), ...variables.map((one) => make("td", { class: "number" }, short(one.values[i]))),
      make("td", { class: "number" }, briefPlace(set, i)));
    row.addEventListener("click", () => choosePoint(i));
    row.addEventListener("focus", () => choosePoint(i));
    shownStorm.rows.push(row);
    body.append(row);
  }
  return make("div", { class: "scroll", id: "points" }, make("table", {}, make("thead", {}, head), body));
}

// The point that is chosen, in the table, the chart and the map, and in the address of the page.
function showPoint() {
  const { set, selected, point } = app;
  shownStorm.rows.forEach((row) => row.removeAttribute("aria-current"));
  if (shownStorm.chart) shownStorm.chart.mark(point);
  const row = point >= 0 ? shownStorm.rows[point - set.start[selected]] : null;
  if (row) {
    row.setAttribute("aria-current", "true");
    const box = element("points");
    const top = row.offsetTop - box.clientHeight / 2;
    if (row.offsetTop < box.scrollTop + 30 || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top;
  }
  clearTimeout(shownStorm.addressed); // browsers refuse many changes of the address at once
  shownStorm.addressed = setTimeout(showAddress, 150);
  redraw("over");
}

function showAddress() {
  const { set, selected, point } = app;
  const hash = selected < 0 ? "" : `#storm=${selected + 1}${point >= 0 ? `&point=${point - set.start[selected] + 1}` : ""}`;
  if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
}

function fromAddress() {
  const [, storm, point] = /^#storm=(\d+)(?:&point=(\d+))?$/.exec(location.hash) ?? [];
  if (!storm || Number(storm) < 1 || Number(storm) > app.set.nTracks) return;
  const track = Number(storm) - 1, first = app.set.start[track];
  const at = point ? first + Number(point) - 1 : -1;
  choose(track, at >= first && at < app.set.start[track + 1] ? at : -1);
  lookAt(at >= first ? at : mainPoint(track));
}

// Turns the map so that a point is seen.
function lookAt(point) {
  const { view, set } = app;
  view.lon = turned(set.geo.lon[point]);
  if (view.kind === "globe" || view.kind === "flat") view.lat = set.geo.lat[point];
  clamped(view);
  viewMoved();
}

function stepStorm(step) {
  const { order, selected } = app;
  if (!order.length) return;
  const place = order.indexOf(selected);
  const next = place < 0 ? 0 : (place + step + order.length) % order.length;
  choose(order[next]);
  lookAt(mainPoint(order[next]));
}

function stepPoint(step) {
  const { set, selected, point } = app;
  if (selected < 0) return;
  const first = set.start[selected], last = set.start[selected + 1] - 1;
  choosePoint(point < 0 ? (step > 0 ? first : last) : Math.min(last, Math.max(first, point + step)));
}
