// Data of the page: what is told of them is JSON, arrays are base64 of zlib, bytes of equal significance together.

const element = (id) => document.getElementById(id);

const ARRAYS = { f4: Float32Array, f8: Float64Array, i4: Int32Array, i2: Int16Array };
const RADIANS = Math.PI / 180;

async function inflated() {
  const text = atob(element("data").textContent.trim());
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function arrayOf(bytes, told) {
  const width = Number(told.type[1]);
  const plain = new Uint8Array(told.n * width);
  for (let k = 0; k < width; k++) {
    let from = told.at + k * told.n;
    for (let i = k; i < plain.length; i += width) plain[i] = bytes[from++];
  }
  return new ARRAYS[told.type](plain.buffer);
}

// Places on the sphere: degrees, and unit vectors for globes.
function places(lon, lat) {
  const n = lon.length;
  const found = { lon, lat, x: new Float32Array(n), y: new Float32Array(n), z: new Float32Array(n) };
  for (let i = 0; i < n; i++) {
    const a = lon[i] * RADIANS, b = lat[i] * RADIANS, c = Math.cos(b);
    found.x[i] = c * Math.cos(a);
    found.y[i] = c * Math.sin(a);
    found.z[i] = Math.sin(b);
  }
  return found;
}

// A column with its array; `defined` has NaN where a value is missing.
function columnOf(bytes, told) {
  const column = { ...told, raw: arrayOf(bytes, told.data) };
  column.defined = column.raw;
  if (told.missing !== undefined) {
    const gone = column.raw instanceof Float32Array ? Math.fround(told.missing) : told.missing;
    if (column.raw.includes(gone)) {
      column.gone = gone;
      column.defined = Float32Array.from(column.raw, (value) => (value === gone ? NaN : value));
    }
  }
  return column;
}

function unpackedSet(bytes, told) {
  const columns = told.columns.map((one) => columnOf(bytes, one));
  const named = Object.fromEntries(columns.map((one) => [one.name, one]));
  const start = arrayOf(bytes, told.start);
  const owner = new Int32Array(start[told.nTracks]);
  for (let k = 0; k < told.nTracks; k++) owner.fill(k, start[k], start[k + 1]);
  return {
    told, columns, named, start, owner,
    nTracks: told.nTracks,
    nPoints: owner.length,
    geo: places(named.lon.raw, named.lat.raw),
    variables: told.variables.map((one) => ({ ...one, values: named[one.column].defined })),
  };
}

function unpackedCoast(bytes, told) {
  const [lon, lat] = [told.lon, told.lat].map((one) => Float32Array.from(arrayOf(bytes, one), (v) => v * told.step));
  return { geo: places(lon, lat), start: arrayOf(bytes, told.start) };
}

// What a column says of a point, as text: of tracks stored once, of texts by number.
function cell(set, column, point) {
  const at = column.perTrack ? set.owner[point] : point;
  return column.texts ? column.texts[column.raw[at]] : column.raw[at];
}

function nameOf(set, track) {
  const point = set.start[track];
  const id = String(cell(set, set.named[set.told.naming.id], point));
  const name = set.told.naming.name ? String(cell(set, set.named[set.told.naming.name], point)).trim() : "";
  return name && name !== id ? `${name} (${id})` : id;
}
