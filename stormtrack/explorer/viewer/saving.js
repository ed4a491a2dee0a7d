// What is shown, as files: CSV as stormtrack writes and reads it, every number exactly; GeoJSON for maps.

function savingControl() {
  const csv = make("button", { id: "save-csv", onclick: () => save("storms.csv", "text/csv", csvOf(app.found)) }, "CSV");
  const geojson = make("button", { id: "save-geojson", onclick: () => save("storms.geojson", "application/geo+json", geojsonOf(app.found)) }, "GeoJSON");
  controls.saving = [csv, geojson];
  return make("div", { class: "group" }, make("h3", {}, "Save the storms shown"), make("div", { class: "row" }, csv, geojson));
}

function save(name, type, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// The text of a column at a point, as stormtrack's own table has it: an empty cell is a missing value.
function exactCell(column, point) {
  const { set, clock } = app;
  if (column.role === "time") return clock.kind === "date" ? isoDate(clock, clock.number[point]) : String(clock.at[point]);
  const value = cell(set, column, point);
  if (typeof value === "string") return quoted(value);
  if (column.gone !== undefined && value === column.gone) return "";
  if (column.raw instanceof Float32Array) return exact(value);
  return column.raw instanceof Float64Array && Number.isNaN(value) ? "nan" : String(value);
}

function csvOf(tracks) {
  const { set } = app;
  const { columns, told } = set;
  const rows = [[...columns.map((one) => quoted(one.name)), "metadata"].join(",")];
  let metadata = quoted(told.metadata.join(String(tracks.length)));
  for (const k of tracks) {
    for (let i = set.start[k]; i < set.start[k + 1]; i++) {
      rows.push([...columns.map((one) => exactCell(one, i)), metadata].join(","));
      metadata = "";
    }
  }
  return rows.join("\n") + "\n";
}

// Lines cut at the date line (RFC 7946), longitudes from -180 to 180.
function linesOf(track) {
  const { lon, lat } = app.set.geo;
  const lines = [[]];
  for (let i = app.set.start[track]; i < app.set.start[track + 1]; i++) {
    const here = [turned(lon[i]), lat[i]];
    const line = lines.at(-1), before = line.at(-1);
    if (before && Math.abs(here[0] - before[0]) > 180) {
      const edge = before[0] > 0 ? 180 : -180;
      const width = 360 - Math.abs(here[0] - before[0]);
      const part = width ? Math.abs(edge - before[0]) / width : 0;
      const level = before[1] + part * (here[1] - before[1]);
      line.push([edge, level]);
      lines.push([[-edge, level]]);
    }
    lines.at(-1).push(here);
  }
  return lines;
}

function featureOf(track) {
  const { set, clock, variable, traits } = app;
  const first = set.start[track], last = set.start[track + 1] - 1;
  const lines = linesOf(track);
  const geometry = lines.length > 1 ? { type: "MultiLineString", coordinates: lines }
    : lines[0].length > 1 ? { type: "LineString", coordinates: lines[0] } : { type: "Point", coordinates: lines[0][0] };
  const properties = { storm: nameOf(set, track), begins: when(clock, first), ends: when(clock, last), lifetime: traits.lifetime[track],
    lifetime_units: clock.kind === "date" ? "days" : "frames" };
  if (variable) Object.assign(properties, { variable: variable.name, units: variable.units, peak: Number.isFinite(traits.strength[track]) ? Number(exact(traits.strength[track])) : null });
  return { type: "Feature", geometry, properties };
}

const geojsonOf = (tracks) => JSON.stringify({ type: "FeatureCollection", features: tracks.map(featureOf) });
