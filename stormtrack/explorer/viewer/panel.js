// Filters, the list of storms, the legend.

const LISTED = 100;
const BARS = 60;
const GROUPS = [["DJF", [12, 1, 2]], ["MAM", [3, 4, 5]], ["JJA", [6, 7, 8]], ["SON", [9, 10, 11]]];
const controls = {};

function buildPanel() {
  const box = element("filters");
  controls.count = make("div", { class: "count" }, make("b"), make("span"), make("button", { class: "quiet", id: "reset", onclick: resetFilter }, "Reset"));
  const { clock } = app;
  controls.lifetime = rangeControl("lifetime", "Lifetime", clock.kind === "date" ? "days" : "frames");
  controls.intensity = app.variable ? rangeControl("intensity", "Strongest value", "") : null;
  box.replaceChildren(controls.count, controls.lifetime.box, ...(controls.intensity ? [controls.intensity.box] : []),
    ...(clock.kind === "date" ? [monthControl()] : []), regionControl(), savingControl(), listControl());
}

function resetFilter() {
  app.filter = noFilter();
  refilter();
}

// Lifetime or intensity: how many storms have it, two handles, and two numbers.
function rangeControl(name, title, units) {
  const canvas = make("canvas", { class: "histogram", "aria-hidden": "true" });
  const ends = ["least", "most"].map((end, k) => ({
    slider: make("input", { type: "range", min: 0, max: 1000, step: 1, "aria-label": `${title}, ${end}` }),
    number: make("input", { type: "text", inputmode: "decimal", "aria-label": `${title}, ${end}`, id: `${name}-${end}` }),
    k,
  }));
  const heading = make("h3", {}, title, make("span", {}, units));
  const box = make("div", { class: "group" }, heading, canvas, make("div", { class: "double" }, ends[0].slider, ends[1].slider),
    make("div", { class: "ends" }, ends[0].number, ends[1].number));
  const control = { name, canvas, ends, box, heading, units };
  for (const { slider, number, k } of ends) {
    slider.addEventListener("input", () => setEnd(control, k, Number(slider.value)));
    number.addEventListener("change", () => typedEnd(control, k, number));
  }
  return control;
}

// The values of all storms, and the range of the handles.
function measureRange(control) {
  const all = control.name === "lifetime" ? app.traits.lifetime : app.traits.strength;
  const known = Float64Array.from(all.filter(Number.isFinite)).sort();
  [control.low, control.high] = known.length ? [known[0], known[known.length - 1]] : [0, 0];
  control.values = all;
  if (control.name === "intensity") control.heading.lastChild.textContent = variableTitle(app.variable);
}

function setEnd(control, k, step) {
  const { low, high, name } = control;
  const other = app.filter[name][1 - k];
  let value = step === (k ? 1000 : 0) ? null : Number((low + ((high - low) * step) / 1000).toPrecision(4));
  if (value !== null && other !== null && (k ? value < other : value > other)) value = other;
  app.filter[name] = app.filter[name].map((before, end) => (end === k ? value : before));
  refilter();
}

// What is typed: a number, null if it is nothing, NaN if it is no number.
function numberIn(input) {
  const text = input.value.trim().replace(",", ".").replace("\u2212", "-");
  return text === "" ? null : Number(text);
}

function typedEnd(control, k, input) {
  const value = numberIn(input);
  const wrong = value !== null && !Number.isFinite(value);
  input.classList.toggle("wrong", wrong);
  if (wrong) return;
  app.filter[control.name] = app.filter[control.name].map((before, end) => (end === k ? value : before));
  refilter();
}

function showRange(control) {
  const { low, high, name, ends } = control;
  const given = app.filter[name];
  for (const { slider, number, k } of ends) {
    const value = given[k] ?? (k ? high : low);
    slider.value = high > low ? Math.round((1000 * (value - low)) / (high - low)) : k * 1000;
    slider.disabled = high <= low;
    if (document.activeElement !== number) {
      number.value = short(value);
      number.classList.remove("wrong");
    }
  }
  showHistogram(control);
}

function showHistogram({ canvas, values, low, high, name }) {
  const width = canvas.clientWidth, height = canvas.clientHeight, density = Math.min(2, devicePixelRatio || 1);
  if (!width) return;
  canvas.width = width * density;
  canvas.height = height * density;
  const context = canvas.getContext("2d");
  context.scale(density, density);
  const { bars, wide: span } = barsOf(name, low, high);
  const all = new Float64Array(bars), shown = new Float64Array(bars);
  values.forEach((value, k) => {
    if (!Number.isFinite(value)) return;
    const bar = Math.min(bars - 1, Math.floor((value - low) / span + 1e-6));
    all[bar]++;
    if (app.shown[k]) shown[bar]++;
  });
  const most = Math.max(1, ...all);
  const line = style("line"), accent = style("accent");
  for (let b = 0; b < bars; b++) {
    const value = low + (b + 0.5) * span;
    const tall = (count) => (count ? Math.max(1.5, (count / most) * (height - 4)) : 0);
    const left = 8 + (b * (width - 16)) / bars, wide = (width - 16) / bars - 1;
    context.fillStyle = line;
    context.fillRect(left, height - tall(all[b]), wide, tall(all[b]));
    context.fillStyle = name === "intensity" ? app.colours[binOf(app.scale, value)] : accent;
    context.fillRect(left, height - tall(shown[b]), wide, tall(shown[b]));
  }
}

// Bars of a histogram: of lifetimes, whole steps of time each.
function barsOf(name, low, high) {
  if (high <= low) return { bars: 1, wide: 1 };
  if (name !== "lifetime") return { bars: BARS, wide: (high - low) / BARS };
  const step = app.clock.kind === "date" ? app.clock.step / DAY : 1;
  const wide = step * Math.ceil((high - low + step) / step / BARS);
  return { bars: Math.ceil((high - low) / wide + 1e-6), wide };
}

function monthControl() {
  const buttons = [];
  const groups = GROUPS.map(([name, months]) => {
    const group = make("button", { onclick: () => toggleMonths(months) }, name);
    buttons.push([group, months]);
    return make("div", {}, group, ...months.map((month) => {
      const one = make("button", { onclick: () => toggleMonths([month]), "aria-label": MONTHS[month - 1], title: MONTHS[month - 1] }, MONTHS[month - 1][0]);
      buttons.push([one, [month]]);
      return one;
    }));
  });
  controls.months = buttons;
  return make("div", { class: "group" }, make("h3", {}, "Season"), make("div", { class: "months", id: "months" }, ...groups), ...yearControl());
}

// The first and the last year; nothing if there is one only.
function yearControl() {
  const { first, last } = yearsOf(app.clock);
  if (first === last) return [];
  controls.years = [first, last].map((year, k) => {
    const input = make("input", { type: "text", inputmode: "numeric", id: k ? "year-last" : "year-first", placeholder: year,
      "aria-label": k ? "Last year" : "First year", title: "A season that goes on after December is that of the year in which it ends" });
    input.addEventListener("change", () => typedYear(k, input));
    return input;
  });
  return [make("div", { class: "row years" }, make("span", {}, "Years"), controls.years[0], make("span", {}, "to"), controls.years[1])];
}

function typedYear(k, input) {
  const value = numberIn(input);
  const wrong = value !== null && !Number.isInteger(value);
  input.classList.toggle("wrong", wrong);
  if (wrong) return;
  app.filter.years = app.filter.years.map((before, end) => (end === k ? value : before));
  refilter();
}

function toggleMonths(months) {
  const now = new Set(app.filter.months ?? []);
  const all = months.every((month) => now.has(month));
  for (const month of months) all ? now.delete(month) : now.add(month);
  app.filter.months = now.size && now.size < 12 ? now : null;
  refilter();
}

function regionControl() {
  const limits = ["West", "East", "South", "North"];
  controls.region = limits.map((name) => make("input", { type: "text", inputmode: "decimal", id: `region-${name.toLowerCase()}` }));
  controls.region.forEach((input) => input.addEventListener("change", typedRegion));
  controls.clear = make("button", { class: "quiet", id: "everywhere", onclick: () => { app.filter.region = null; refilter(); } }, "Everywhere");
  controls.at = make("select", { id: "at", "aria-label": "Which point lies there" });
  for (const [value, text] of Object.entries(PLACES)) controls.at.append(make("option", { value }, text));
  controls.at.addEventListener("change", () => {
    app.filter.at = controls.at.value;
    refilter();
  });
  const season = app.clock.kind !== "date" ? "" : controls.years ? ", season and years" : " and season";
  return make("div", { class: "group" }, make("h3", {}, "Region", make("span", {}, "degrees")),
    make("div", { class: "row" }, make("button", { id: "draw-box", onclick: startBox }, "Draw on the map"), controls.clear),
    make("div", { class: "box" }, ...controls.region.map((input, k) => make("label", {}, limits[k], input))),
    make("label", { class: "row" }, `In region${season}: `, controls.at));
}

function typedRegion() {
  const values = controls.region.map(numberIn);
  const right = values.every(Number.isFinite) && values[2] >= -90 && values[2] <= values[3] && values[3] <= 90;
  const none = values.every((value) => value === null);
  controls.region.forEach((input, k) => input.classList.toggle("wrong", !none && !right && (!Number.isFinite(values[k]) || k > 1)));
  if (!right && !none) return;
  app.filter.region = none ? null : values;
  refilter();
}

function listControl() {
  controls.find = make("input", { type: "search", id: "find", placeholder: "Find a storm by its name or number", "aria-label": "Find a storm" });
  controls.find.addEventListener("input", showList);
  controls.list = make("div", { class: "scroll", id: "list" });
  return make("div", { class: "group" }, make("h3", {}, "Storms", make("span", { id: "list-about" })), make("div", { class: "row find" }, controls.find), controls.list);
}

function showList() {
  const { set, traits, variable, clock } = app;
  const wanted = controls.find.value.trim().toLowerCase();
  const found = wanted ? app.order.filter((k) => nameOf(set, k).toLowerCase().includes(wanted)) : app.order;
  element("list-about").textContent = found.length > LISTED ? `${LISTED} strongest of ${whole(found.length)}` : variable ? "strongest first" : "";
  if (!found.length) {
    controls.list.replaceChildren(make("p", { class: "empty" }, "No storm is like this."));
    return;
  }
  const head = make("tr", {}, make("th", {}, "Storm"), make("th", {}, "Begins"), make("th", { class: "number" }, "Lasts"),
    ...(variable ? [make("th", { class: "number" }, "Peak")] : []));
  const body = make("tbody");
  for (const k of found.slice(0, LISTED)) {
    const row = make("tr", { tabindex: 0, "data-track": k, "aria-current": k === app.selected },
      make("td", {}, nameOf(set, k)), make("td", {}, when(clock, set.start[k])), make("td", { class: "number" }, lifetimeText(k)),
      ...(variable ? [make("td", { class: "number" }, short(traits.strength[k]))] : []));
    const take = () => {
      choose(k);
      lookAt(mainPoint(k));
    };
    row.addEventListener("click", take);
    row.addEventListener("keydown", (event) => event.key === "Enter" && take());
    body.append(row);
  }
  controls.list.replaceChildren(make("table", {}, make("thead", {}, head), body));
}

function showFilter() {
  const { filter, found, set } = app;
  const [count, about, reset] = controls.count.children;
  count.textContent = whole(found.length);
  about.textContent = found.length === set.nTracks ? (found.length === 1 ? "storm" : "storms") : `of ${whole(set.nTracks)} storms`;
  const none = JSON.stringify({ ...filter, months: filter.months && [...filter.months] }) === JSON.stringify(noFilter());
  reset.disabled = none;
  for (const control of [controls.lifetime, controls.intensity]) if (control) showRange(control);
  for (const [button, months] of controls.months ?? []) {
    button.setAttribute("aria-pressed", String(!!filter.months && months.every((month) => filter.months.has(month))));
  }
  (controls.years ?? []).forEach((input, k) => {
    input.value = filter.years[k] ?? "";
    input.classList.remove("wrong");
  });
  controls.region.forEach((input, k) => {
    input.value = filter.region ? String(filter.region[k]) : "";
    input.classList.remove("wrong");
  });
  controls.clear.disabled = !filter.region;
  controls.at.value = filter.at;
  for (const button of controls.saving) button.disabled = !found.length;
  showList();
}

function showLegend() {
  const box = element("legend"), { variable, scale } = app;
  if (!variable || !scale.known) {
    box.replaceChildren(...(variable ? [make("b", {}, variable.name), make("div", {}, "no values")] : []));
    return;
  }
  const ramp = make("div", { class: "ramp" });
  ramp.style.background = `linear-gradient(to right, ${app.colours.slice(0, BINS).join(", ")})`;
  const [weak, strong] = variable.lowIsStrong ? [scale.high, scale.low] : [scale.low, scale.high];
  const parts = [variableTitleNode(), ramp, make("div", { class: "ends" }, make("span", {}, endText(weak)), make("span", {}, endText(strong)))];
  if (variable.values.some((value) => !Number.isFinite(value))) parts.push(make("div", { class: "missing" }, make("i"), "missing"));
  box.replaceChildren(...parts);
}

// An end of the colours; values beyond it have the same colour.
function endText(value) {
  const { low, high, least, most } = app.scale;
  const sign = value === low && least < low ? "\u2264\u202f" : value === high && most > high ? "\u2265\u202f" : "";
  return sign + String(Number(value.toPrecision(3)));
}

function variableTitleNode() {
  const { variables } = app.set;
  const units = app.variable.units ? ` ${app.variable.units}` : "";
  if (variables.length < 2) return make("div", {}, make("b", {}, app.variable.name), units);
  const select = make("select", { id: "colour", "aria-label": "Value that colours the tracks" });
  select.style.pointerEvents = "auto";
  variables.forEach((one, k) => select.append(make("option", { value: k, selected: one === app.variable }, variableTitle(one))));
  select.addEventListener("change", () => colourBy(variables[select.value]));
  return select;
}

function colourBy(variable) {
  app.filter.intensity = [null, null];
  app.charted = null;
  useVariable(variable);
  measureRange(controls.intensity);
  changed("colours");
  refilter();
}
