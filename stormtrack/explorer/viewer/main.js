// Puts the parts together.

async function begin() {
  const told = JSON.parse(element("told").textContent);
  const bytes = await inflated();
  app.set = unpackedSet(bytes, told);
  app.clock = clockOf(bytes, told.clock, app.set.named.time.raw);
  app.coast = unpackedCoast(bytes, told.coast);
  app.grid = graticule();
  app.rank = ranksOf(app.set.nTracks);
  app.bounds = boundsOf(app.set);
  app.shown = new Uint8Array(app.set.nTracks);
  useVariable(app.set.variables.find((one) => one.name === told.value));
  firstView();
  build(told);
  connect();
  changed("colours", "view", "time");
  refilter();
  fromAddress();
}

function build(told) {
  element("app").hidden = false;
  element("title").textContent = told.title;
  element("summary").textContent = told.leftOut ? `${told.summary}; the ${whole(told.nTracks)} strongest` : told.summary;
  useTheme(matchMedia("(prefers-color-scheme: dark)").matches);
  buildPanel();
  buildClock();
  for (const control of [controls.lifetime, controls.intensity]) if (control) measureRange(control);
  makeLayers();
  listenToPointers();
  listenToKeys();
}

function connect() {
  on("filter", () => { app.sizes = null; showFilter(); redraw("tracks", "over"); });
  on("filter", () => app.selected >= 0 && showStorm());
  on("chosen", () => { showStorm(); showList(); redraw("tracks", "over"); });
  on("point", showPoint);
  on("time", showTime);
  on("view", showView);
  on("colours", () => {
    app.colours = [...palette(), app.variable ? style("missing") : style("plain")];
    app.sizes = null;
    showLegend();
    redraw("base", "tracks", "over");
  });
  for (const button of element("views").children) button.addEventListener("click", () => useView(button.dataset.view));
  element("theme").addEventListener("click", switchTheme);
  element("ask").addEventListener("click", showHelp);
  element("nearer").addEventListener("click", () => zoomAt(1.5));
  element("farther").addEventListener("click", () => zoomAt(1 / 1.5));
  element("home").addEventListener("click", goHome);
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("resize", () => [controls.lifetime, controls.intensity].forEach((one) => one && showHistogram(one)));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    useTheme(event.matches);
    changed("colours", "filter");
  });
}

// Where most storms are.
function firstView() {
  const { set } = app;
  let [x, y, z] = [0, 0, 0];
  for (let i = 0; i < set.nPoints; i++) {
    x += set.geo.x[i];
    y += set.geo.y[i];
    z += set.geo.z[i];
  }
  const level = Math.hypot(x, y, z) / set.nPoints;
  const lat = Math.atan2(z, Math.hypot(x, y)) / RADIANS;
  const flat = Math.hypot(x, y) / set.nPoints;
  app.first = { kind: "globe", lon: flat > 0.25 ? turned(Math.atan2(y, x) / RADIANS) : 0, lat: level > 0.2 ? Math.max(-60, Math.min(60, lat)) : 15, zoom: level > 0.2 ? zoomFor([x, y, z]) : 1, panX: 0, panY: 0 };
  Object.assign(app.view, app.first);
}

// Nearer if all lie close together.
function zoomFor(middle) {
  const { x, y, z } = app.set.geo;
  const length = Math.hypot(...middle);
  let least = 1;
  for (let i = 0; i < x.length; i++) least = Math.min(least, (x[i] * middle[0] + y[i] * middle[1] + z[i] * middle[2]) / length);
  const reach = Math.sqrt(Math.max(0, 1 - least * least));
  return least <= 0.5 ? 1 : Math.min(8, Math.max(1, 0.9 / Math.max(reach, 0.05)));
}

function goHome() {
  const { kind } = app.view;
  Object.assign(app.view, app.first, kind === "globe" ? {} : { kind, zoom: 1, lat: 0 });
  viewMoved();
}

function useView(kind) {
  Object.assign(app.view, { kind, zoom: kind === "globe" ? app.first.zoom : 1, panX: 0, panY: 0, lat: kind === "globe" ? app.first.lat : 0 });
  changed("view");
  viewMoved();
}

function showView() {
  for (const button of element("views").children) button.setAttribute("aria-pressed", String(button.dataset.view === app.view.kind));
}

function useTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  element("theme").replaceChildren(icon(dark ? SUN : MOON));
}

function switchTheme() {
  useTheme(!isDark());
  changed("colours", "filter");
}

function fail(problem) {
  const old = typeof DecompressionStream === "undefined";
  element("app").hidden = true;
  element("notice").hidden = false;
  element("notice").textContent = old
    ? "This browser is too old for this page: it needs DecompressionStream (Chrome 80, Firefox 113, Safari 16.4 or newer)."
    : `This page cannot be shown: ${problem.message}. The file may be damaged; make it again with stormtrack explore.`;
  console.error(problem);
}

// What tests ask: read only.
window.stormtrack = Object.freeze({
  state: () => ({
    tracks: app.set.nTracks, points: app.set.nPoints, found: [...app.found], selected: app.selected, point: app.point, hover: app.hover,
    view: { ...app.view }, filter: { ...app.filter, months: app.filter.months && [...app.filter.months] }, moment: app.moment, time: app.time,
    now: app.moment ? timeText(app.clock, app.time) : "", playing: app.playing, heads: app.heads ?? 0, theme: document.documentElement.dataset.theme,
    busy: !!pace.job || pace.rest || stale.tracks, budget: pace.budget, limited: !!pace.limited,
  }),
  place: (point) => (app.project.at(app.set.geo, point) ? [app.project.x, app.project.y] : null),
  frames: () => pace.frames.splice(0),
  csv: () => csvOf(app.found),
  geojson: () => geojsonOf(app.found),
});

begin().catch(fail);
