// What is going on: one object, which the parts of the page read and change.

const app = {
  view: { kind: "globe", lon: 0, lat: 25, zoom: 1, panX: 0, panY: 0 },
  filter: noFilter(),
  found: [],
  order: [],
  selected: -1,
  point: -1,
  hover: -1,
  moment: false,
  time: 0,
  trail: Infinity,
  speed: 1,
  playing: false,
  boxing: null,
  held: false,
};

// Tells every part that cares that something has changed: "view", "filter", "chosen", "time", "colours".
const listeners = {};
function on(what, action) {
  (listeners[what] ??= []).push(action);
}
function changed(...whats) {
  for (const what of whats) for (const action of listeners[what] ?? []) action();
}

function useVariable(variable) {
  app.variable = variable;
  app.scale = variable ? scaleOf(variable) : { low: 0, high: 1, known: false, part: () => 0 };
  app.traits = traitsOf(app.set, app.clock, variable);
  app.levels = levelsOf(app.set, variable, app.scale);
}

function refilter() {
  app.found = filtered(app.set, app.clock, app.traits, app.filter, app.shown);
  app.order = strongestFirst(app.found, app.traits, app.variable);
  changed("filter");
}

function choose(track, point = -1) {
  app.selected = track;
  app.point = track < 0 ? -1 : point;
  changed("chosen");
}

function choosePoint(point) {
  app.point = point;
  changed("point");
}
