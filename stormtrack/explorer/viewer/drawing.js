// Drawing: the ground, the tracks, and what lies over them, each on a canvas of its own.
//
// While the map moves, as many tracks are drawn as the machine manages in a frame (the others follow when it rests, piece by
// piece, so that the page never stands still).

const FRAME = 1000 / 60;
const MANY = 1000; // tracks that hide coastlines
const FADES = [1, 0.6, 0.3];
const REST = 160; // milliseconds without a movement
const LEAST = 4000; // segments, however slow
const layers = {};
const pace = { budget: 40000, moved: -1e9, last: 0, took: 0, size: 0, job: null, frames: [] };
const stale = { base: true, tracks: true, over: true };

function makeLayers() {
  for (const name of ["base", "tracks", "over"]) {
    const canvas = element(name);
    layers[name] = { canvas, context: canvas.getContext("2d") };
  }
  layers.back = { canvas: document.createElement("canvas") };
  layers.back.context = layers.back.canvas.getContext("2d");
  new ResizeObserver(fitLayers).observe(element("stage"));
  fitLayers();
}

function fitLayers() {
  const { clientWidth: width, clientHeight: height } = element("over");
  app.width = width;
  app.height = height;
  const density = Math.min(2, window.devicePixelRatio || 1);
  for (const { canvas, context } of Object.values(layers)) {
    canvas.width = Math.max(1, Math.round(width * density));
    canvas.height = Math.max(1, Math.round(height * density));
    context.setTransform(density, 0, 0, density, 0, 0);
    context.lineJoin = "round";
    context.lineCap = "round";
  }
  redraw("base", "tracks", "over");
}

function redraw(...names) {
  for (const name of names) stale[name] = true;
  if (!pace.asked) {
    pace.asked = true;
    requestAnimationFrame(frame);
  }
}

// Something moves: for a moment speed counts more than completeness.
function moving() {
  pace.moved = performance.now();
}

const isMoving = () => app.playing || app.held || performance.now() - pace.moved < Math.max(REST, 2 * pace.took);

function frame(now) {
  pace.asked = false;
  learnPace(now);
  if (app.playing) advance(now);
  if (pace.rest && !isMoving()) stale.tracks = stale.over = true;
  const project = (app.project = new Projector(app.view, app.width, app.height));
  if (stale.base) drawBase(project);
  if (stale.tracks) {
    pace.job = null;
    drawTracks(project);
  } else if (pace.job) goOn();
  if (stale.over) drawOver(project);
  stale.base = stale.tracks = stale.over = false;
  if (app.playing || pace.job || pace.rest) redraw();
}

// How many segments fit a frame: learnt from how long frames take while something moves.
function learnPace(now) {
  const took = now - pace.last;
  pace.last = now;
  if (!isMoving()) {
    pace.took = 0;
    return;
  }
  if (took > 2000) return;
  pace.took = took;
  pace.frames.push(took);
  if (pace.frames.length > 240) pace.frames.shift();
  if (app.moment) return;
  if (took > 1.9 * FRAME) pace.budget = Math.max(LEAST, Math.min(pace.budget, pace.size) * Math.max(0.6, (1.7 * FRAME) / took));
  else if (took < 1.15 * FRAME && pace.limited) pace.budget = Math.min(1e6, pace.budget * 1.05);
}

function cleared({ context }) {
  context.clearRect(0, 0, app.width, app.height);
  return context;
}

function drawBase(project) {
  const context = cleared(layers.base);
  project.border(context);
  context.fillStyle = style("sea");
  context.fill();
  context.save();
  clipped(context, project);
  strokeLines(context, project, app.grid, style("grid"), 1);
  strokeLines(context, project, app.coast, style("coast"), app.view.zoom > 3 ? 1.4 : 1);
  context.restore();
  project.border(context);
  context.strokeStyle = style("edge");
  context.lineWidth = 1;
  context.stroke();
}

// Lines leave the flat map at its sides; on the others the horizon ends them.
function clipped(context, project) {
  if (!project.flat) return;
  project.border(context);
  context.clip();
}

function strokeLines(context, project, lines, colour, width) {
  context.beginPath();
  for (let k = 0; k + 1 < lines.start.length; k++) addLine(context, project, lines.geo, null, lines.start[k], lines.start[k + 1] - 1);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

// A line through places: where it leaves the flat map on one side, it comes back on the other.
function addLine(context, project, geo, index, from, to) {
  let pen = false, x = 0, y = 0, outside = true;
  const right = app.width + 30, below = app.height + 30, wrap = project.wrap;
  for (let j = from; j <= to; j++) {
    if (!project.at(geo, index ? index[j] : j)) {
      pen = false;
      outside = true;
      continue;
    }
    const px = project.x, py = project.y;
    const away = px < -30 || py < -30 || px > right || py > below;
    if (!pen || (away && outside)) context.moveTo(px, py);
    else if (Math.abs(px - x) > wrap / 2) {
      const shift = px > x ? -wrap : wrap;
      context.lineTo(px + shift, py);
      context.moveTo(x - shift, y);
      context.lineTo(px, py);
    } else context.lineTo(px, py);
    x = px;
    y = py;
    pen = true;
    outside = away;
  }
  if (from === to && pen) context.lineTo(x + 0.01, y);
}

function lookOf(count) {
  const many = Math.log10(Math.max(1, count));
  return { width: Math.max(0.8, 2.2 - 0.36 * many), alpha: Math.min(0.95, Math.max(0.26, 1.4 - 0.265 * many)) };
}

function drawTracks(project) {
  pace.limited = pace.rest = false;
  if (app.moment) {
    drawMoment(cleared(layers.tracks), project);
    return;
  }
  const [all, fewer] = app.levels;
  const size = (level) => app.found.reduce((sum, k) => sum + level.start[k + 1] - level.start[k], 0);
  app.sizes ??= [size(all), size(fewer)];
  const [full, less] = app.sizes;
  const fast = isMoving();
  pace.size = Math.min(full, pace.budget);
  if (full <= pace.budget) {
    runThrough(pieces(cleared(layers.tracks), project, all, app.set.nTracks));
  } else if (fast) {
    pace.limited = pace.rest = true;
    const most = Math.min(1, pace.budget / less) * app.set.nTracks;
    runThrough(pieces(cleared(layers.tracks), project, fewer, most));
  } else pace.job = pieces(cleared(layers.back), project, all, app.set.nTracks);
}

function runThrough(job) {
  while (!job.next().done);
}

function goOn() {
  const until = performance.now() + 8;
  while (performance.now() < until) {
    if (!pace.job.next().done) continue;
    pace.job = null;
    const context = layers.tracks.context;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, layers.tracks.canvas.width, layers.tracks.canvas.height);
    context.drawImage(layers.back.canvas, 0, 0);
    context.restore();
    return;
  }
}

// Draws the tracks that are shown and have a rank below `most`; yields now and then.
function* pieces(context, project, level, most) {
  const { shown, rank } = app;
  const { owner, geo } = app.set;
  const { index, from, to, first } = level;
  const drawn = (app.found.length * Math.min(most, app.set.nTracks)) / app.set.nTracks;
  const { width } = lookOf(app.found.length), { alpha } = lookOf(drawn); // fewer lines are drawn more strongly
  const colours = app.colours;
  context.save();
  clipped(context, project);
  context.lineWidth = width;
  context.globalAlpha = alpha * (app.selected >= 0 ? 0.4 : 1);
  for (const bin of [BINS, ...Array(BINS).keys()]) {
    context.strokeStyle = colours[bin];
    let count = 0;
    context.beginPath();
    for (let r = first[bin]; r < first[bin + 1]; r++) {
      const track = owner[index[from[r]]];
      if (!shown[track] || rank[track] >= most) continue;
      addLine(context, project, geo, index, from[r], to[r]);
      count += to[r] - from[r] + 1;
      if (count > 300) {
        context.stroke();
        context.beginPath();
        count = 0;
        yield;
      }
    }
    context.stroke();
    yield;
  }
  context.restore();
}

// Storms at one time, with the trail that they have left.
function drawMoment(context, project) {
  const { set, clock, time } = app;
  const oldest = time - app.trail;
  const groups = new Map();
  const heads = [];
  for (const k of app.found) {
    const first = set.start[k], end = set.start[k + 1];
    if (!isSeen(first, end)) continue;
    const here = trailOf(groups, first, end, oldest);
    if (clock.at[end - 1] >= time) heads.push(here);
  }
  const look = lookOf(Math.max(10, heads.length));
  context.save();
  clipped(context, project);
  context.lineWidth = look.width + 0.3;
  for (const [key, lines] of [...groups].sort((a, b) => a[0] - b[0])) {
    context.globalAlpha = FADES[Math.floor(key / 100)] * (app.selected >= 0 ? 0.5 : 1);
    context.strokeStyle = app.colours[key % 100];
    context.beginPath();
    for (const i of lines) addLine(context, project, set.geo, null, i, i + 1);
    context.stroke();
  }
  context.globalAlpha = 1;
  drawHeads(context, project, heads, Math.max(2, Math.min(4.5, 6 - Math.log10(heads.length + 1) * 1.3)));
  context.restore();
  app.heads = heads.length;
}

// Whether a storm is seen at the time: while it or its trail lasts; with whole tracks as trails, only while it lasts.
function isSeen(first, end) {
  const { clock, time, trail } = app;
  return clock.at[first] <= time && clock.at[end - 1] >= (trail === Infinity ? time : time - trail);
}

// Sorts the segments of a track up to the time by age and colour; gives the last point that is not after the time.
function trailOf(groups, first, end, oldest) {
  const { clock, time } = app;
  const here = lastNotAfter(clock.at, first, end, time), last = app.trail === Infinity ? end - 1 : here;
  for (let i = last - 1; i >= first && clock.at[i + 1] >= oldest; i--) {
    const age = app.trail === Infinity ? (clock.at[i] > time ? 1 : 0) : Math.min(2, Math.floor((3 * (time - clock.at[i + 1])) / app.trail));
    const key = age * 100 + segmentBin(i);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(i);
  }
  return here;
}

// Colour (its bin) of the segment that begins with a point.
function segmentBin(i) {
  const { variable, scale } = app;
  return variable ? binOf(scale, (variable.values[i] + variable.values[i + 1]) / 2) : BINS;
}

// Between two points a storm is where time has brought it.
function drawHeads(context, project, heads, radius) {
  const { set, clock, time, variable, scale } = app;
  const { x, y, z } = set.geo;
  const one = { lon: [0], lat: [0], x: [0], y: [0], z: [0] };
  context.lineWidth = 1.2;
  context.strokeStyle = style("ground");
  for (const i of heads) {
    const next = i + 1 < set.start[set.owner[i] + 1] ? i + 1 : i;
    const part = next > i ? (time - clock.at[i]) / (clock.at[next] - clock.at[i]) : 0;
    const at = [x[i] + part * (x[next] - x[i]), y[i] + part * (y[next] - y[i]), z[i] + part * (z[next] - z[i])];
    const length = Math.hypot(...at) || 1;
    [one.x[0], one.y[0], one.z[0]] = at.map((v) => v / length);
    one.lat[0] = Math.asin(Math.max(-1, Math.min(1, one.z[0]))) / RADIANS;
    one.lon[0] = Math.atan2(one.y[0], one.x[0]) / RADIANS;
    if (!project.at(one, 0)) continue;
    context.fillStyle = app.colours[variable ? binOf(scale, variable.values[i]) : BINS];
    context.beginPath();
    context.arc(project.x, project.y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function drawOver(project) {
  const context = cleared(layers.over);
  context.save();
  clipped(context, project);
  if (!app.moment && app.found.length > MANY && !pace.limited) {
    context.globalAlpha = 0.5;
    strokeLines(context, project, app.coast, style("ink"), 0.8);
    context.globalAlpha = 1;
  }
  if (app.filter.region) drawRegion(context, project, app.filter.region);
  if (app.boxing && app.boxing.region) drawRegion(context, project, app.boxing.region);
  if (app.hover >= 0 && app.hover !== app.selected) drawOne(context, project, app.hover, 2.6);
  if (app.selected >= 0) {
    drawOne(context, project, app.selected, 3.2);
    drawMarks(context, project, app.selected);
  }
  context.restore();
}

function drawOne(context, project, track, width) {
  const { set } = app;
  const first = set.start[track], last = set.start[track + 1] - 1;
  context.beginPath();
  addLine(context, project, set.geo, null, first, last);
  context.strokeStyle = style("panel");
  context.lineWidth = width + 3.5;
  context.stroke();
  context.lineWidth = width;
  for (let i = first; i < last; i++) {
    context.beginPath();
    addLine(context, project, set.geo, null, i, i + 1);
    context.strokeStyle = app.colours[segmentBin(i)];
    context.stroke();
  }
}

// Points, a ring where it begins, a cross where it ends, and the point that is chosen.
function drawMarks(context, project, track) {
  const { set } = app;
  const first = set.start[track], last = set.start[track + 1] - 1;
  context.fillStyle = style("ink");
  for (let i = first; i <= last; i++) if (project.at(set.geo, i)) dot(context, project, 1.6).fill();
  context.lineWidth = 1.8;
  context.strokeStyle = style("ink");
  context.fillStyle = style("panel");
  if (project.at(set.geo, first)) {
    dot(context, project, 4.5).fill();
    context.stroke();
  }
  if (project.at(set.geo, last)) {
    const { x, y } = project;
    context.beginPath();
    for (const s of [-1, 1]) {
      context.moveTo(x - 4.5, y - 4.5 * s);
      context.lineTo(x + 4.5, y + 4.5 * s);
    }
    context.strokeStyle = style("lysis");
    context.lineWidth = 2.2;
    context.stroke();
  }
  if (app.point >= first && app.point <= last && project.at(set.geo, app.point)) {
    context.strokeStyle = style("accent");
    context.lineWidth = 2.5;
    dot(context, project, 8).stroke();
  }
}

function dot(context, { x, y }, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  return context;
}

function drawRegion(context, project, region) {
  const lines = boxLines(region);
  context.setLineDash([5, 4]);
  strokeLines(context, project, lines, style("accent"), 1.6);
  context.setLineDash([]);
}

function boxLines([west, east, south, north]) {
  const width = Math.abs(east - west) >= 360 ? 360 : (((east - west) % 360) + 360) % 360;
  const lon = [], lat = [];
  const side = (a, b, c, d) => {
    for (let k = 0; k < 60; k++) {
      lon.push(a + ((b - a) * k) / 60);
      lat.push(c + ((d - c) * k) / 60);
    }
  };
  side(west, west + width, south, south);
  side(west + width, west + width, south, north);
  side(west + width, west, north, north);
  side(west, west, north, south);
  lon.push(west);
  lat.push(south);
  return { geo: places(lon, lat), start: [0, lon.length] };
}

function graticule() {
  const lon = [], lat = [], start = [0];
  for (let a = -180; a < 180; a += 30) {
    for (let b = -80; b <= 80; b += 2) lon.push(a), lat.push(b);
    start.push(lon.length);
  }
  for (let b = -60; b <= 60; b += 30) {
    for (let a = -180; a <= 180; a += 2) lon.push(a), lat.push(b);
    start.push(lon.length);
  }
  return { geo: places(lon, lat), start };
}
