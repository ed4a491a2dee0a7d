// Values as text, and elements of the page. Texts of the data are only ever put in as text, never as HTML.

function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null));
  return made;
}

function drawn(tag, attributes = {}, ...inside) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

const whole = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

// The shortest text that gives the same float32 again.
function exact(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  for (let n = 1; n < 10; n++) {
    const text = value.toPrecision(n);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

function short(value) {
  if (!Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

const withUnits = (text, units) => (units ? `${text} ${/^[0-9]/.test(units) ? `(${units})` : units}` : text);
const valueText = (variable, point) => {
  const value = variable.values[point];
  return Number.isFinite(value) ? withUnits(short(value), variable.units) : "missing";
};
const variableTitle = (variable) => (variable.units ? `${variable.name} (${variable.units})` : variable.name);

const latText = (lat) => `${Math.abs(lat).toFixed(1)}\u00b0\u202f${lat < 0 ? "S" : "N"}`;
const lonText = (lon) => `${Math.abs(turned(lon)).toFixed(1)}\u00b0\u202f${turned(lon) < 0 ? "W" : "E"}`;
const briefPlace = (set, point) => {
  const lat = set.geo.lat[point], lon = turned(set.geo.lon[point]);
  return `${Math.abs(lat).toFixed(1)}\u00b0${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(1)}\u00b0${lon < 0 ? "W" : "E"}`;
};
const placeText = (set, point) => `${latText(set.geo.lat[point])}, ${lonText(set.geo.lon[point])}`;

function lifetimeText(track) {
  const value = app.traits.lifetime[track];
  if (app.clock.kind === "date") return Number.isFinite(value) ? spanText(app.clock, value * DAY) : "\u2013";
  return `${value} ${value === 1 ? "frame" : "frames"}`;
}

const icon = (path) => drawn("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, drawn("path", { d: path }));
const PLAY = "M5 3 L17 10 L5 17 Z";
const PAUSE = "M4 3h4v14h-4z M12 3h4v14h-4z";
const SUN = "M10 6.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6 M10 1.5v1.6 M10 16.9v1.6 M1.5 10h1.6 M16.9 10h1.6 M4 4l1.1 1.1 M14.9 14.9l1.1 1.1 M4 16l1.1-1.1 M14.9 5.1l1.1-1.1";
const MOON = "M16.5 11.8a7 7 0 1 1-8.3-8.3a5.6 5.6 0 0 0 8.3 8.3z";
