// Pointers on the map: drag, pinch, wheel, click, hover, boxes.

const CLICK = 5;
const REACH = 14;

function listenToPointers() {
  const canvas = element("over");
  const down = new Map();
  let from = null, far = false, apart = 0;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    from = place(event);
    far = down.size > 1;
    apart = 0;
    if (app.boxing) app.boxing.from = app.project.back(...from);
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = place(event);
    if (!down.has(event.pointerId)) {
      hoverAt(here);
      return;
    }
    const before = down.get(event.pointerId);
    down.set(event.pointerId, here);
    if (down.size === 2) {
      apart = pinched([...down.values()], apart);
      return;
    }
    if (Math.hypot(here[0] - from[0], here[1] - from[1]) > CLICK) far = true;
    if (!far) return;
    if (app.boxing) stretchBox(here);
    else {
      canvas.classList.add("turning");
      app.held = true;
      dragged(app.view, app.project, before, here);
      viewMoved();
    }
  });
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    app.held = false;
    redraw();
    canvas.classList.remove("turning");
    if (app.boxing) endBox();
    else if (!far && event.type === "pointerup") clickAt(place(event));
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => hoverAt(null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? 0.03 : 0.0015)), place(event));
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => zoomAt(1.6, place(event)));
}

function pinched([a, b], apart) {
  const now = Math.hypot(a[0] - b[0], a[1] - b[1]);
  if (apart > 0) zoomAt(now / apart, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  return now;
}

// The place under the pointer stays where it is.
function zoomAt(factor, at) {
  const before = at && app.project.back(...at);
  zoomed(app.view, factor);
  if (before) {
    const project = new Projector(app.view, app.width, app.height);
    if (project.at(places([before[0]], [before[1]]), 0)) {
      if (app.view.zoom > 1.001 || !project.polar) dragged(app.view, project, [project.x, project.y], at);
    }
  }
  viewMoved();
}

function viewMoved() {
  moving();
  hoverAt(null);
  redraw("base", "tracks", "over");
}

// The track, and its point, next to a place on the canvas, or null.
function nearestTo(at) {
  const center = app.project.back(...at);
  if (!center) return null;
  const { set, project, bounds } = app;
  const here = places([center[0]], [center[1]]);
  const [hx, hy, hz] = [here.x[0], here.y[0], here.z[0]];
  const slack = (project.flat ? RADIANS : 1) * (REACH / project.scale) * 3 + 0.01;
  let best = REACH, found = null;
  for (const k of app.found) {
    const dot = hx * bounds.x[k] + hy * bounds.y[k] + hz * bounds.z[k];
    if (dot < Math.cos(Math.min(Math.PI, bounds.radius[k] + slack))) continue;
    const near = nearestOnTrack(at, ...shownPart(k), best);
    if (near) {
      best = near.distance;
      found = { track: k, point: near.point };
    }
  }
  return found;
}

// First and last point of what is seen of a track; nothing if the last lies before the first.
function shownPart(k) {
  const { set, clock } = app;
  const first = set.start[k], end = set.start[k + 1];
  if (!app.moment) return [first, end - 1];
  if (!isSeen(first, end)) return [0, -1];
  if (app.trail === Infinity) return [first, end - 1];
  let from = first;
  while (from < end - 1 && clock.at[from] < app.time - app.trail) from++;
  return [from, Math.min(end - 1, lastNotAfter(clock.at, first, end, app.time) + 1)];
}

function nearestOnTrack([x, y], first, last, reach) {
  const { set, project } = app;
  let distance = reach, point = -1, px = NaN, py = NaN;
  for (let i = first; i <= last; i++) {
    if (!project.at(set.geo, i)) {
      px = NaN;
      continue;
    }
    const { x: qx, y: qy } = project;
    const whole = Math.hypot(qx - x, qy - y);
    if (whole < distance) [distance, point] = [whole, i];
    if (px === px && Math.abs(qx - px) < project.wrap / 2) {
      const dx = qx - px, dy = qy - py;
      const part = Math.min(1, Math.max(0, ((x - px) * dx + (y - py) * dy) / (dx * dx + dy * dy || 1)));
      const away = Math.hypot(px + part * dx - x, py + part * dy - y);
      if (away < distance - 1e-9) [distance, point] = [away, part > 0.5 ? i : i - 1];
    }
    px = qx;
    py = qy;
  }
  return point < 0 ? null : { distance, point };
}

// A cap around each track, so that far ones need no closer look.
function boundsOf(set) {
  const n = set.nTracks;
  const found = { x: new Float32Array(n), y: new Float32Array(n), z: new Float32Array(n), radius: new Float32Array(n) };
  const { x, y, z } = set.geo;
  for (let k = 0; k < n; k++) {
    let a = 0, b = 0, c = 0;
    for (let i = set.start[k]; i < set.start[k + 1]; i++) a += x[i], b += y[i], c += z[i];
    const length = Math.hypot(a, b, c);
    if (length > 1e-9) [a, b, c] = [a / length, b / length, c / length];
    let least = 1;
    for (let i = set.start[k]; i < set.start[k + 1]; i++) least = Math.min(least, a * x[i] + b * y[i] + c * z[i]);
    [found.x[k], found.y[k], found.z[k]] = [a, b, c];
    found.radius[k] = length > 1e-9 ? Math.acos(Math.max(-1, least)) + 0.02 : Math.PI;
  }
  return found;
}

function clickAt(at) {
  const near = nearestTo(at);
  if (near) choose(near.track, near.point);
  else if (app.selected >= 0) choose(-1);
}

function hoverAt(at) {
  app.pointer = at;
  if (!at) showTip(null);
  else if (!hoverAt.asked) {
    hoverAt.asked = true;
    requestAnimationFrame(() => {
      hoverAt.asked = false;
      if (app.pointer && !isMoving()) showTip(nearestTo(app.pointer));
    });
  }
}

function showTip(near) {
  const tip = element("tip");
  const track = near ? near.track : -1;
  element("over").classList.toggle("near", !!near && !app.boxing);
  if (track !== app.hover) redraw("over");
  app.hover = track;
  tip.hidden = !near;
  if (!near) return;
  tip.textContent = `Storm ${nameOf(app.set, track)}\n${when(app.clock, near.point)}\n${placeText(app.set, near.point)}${valueLine(near.point)}`;
  const [x, y] = app.pointer;
  const left = x + 16 + tip.offsetWidth > app.width ? x - 12 - tip.offsetWidth : x + 14;
  tip.style.left = `${Math.max(0, left)}px`;
  tip.style.top = `${Math.max(0, Math.min(app.height - tip.offsetHeight - 4, y + 12))}px`;
}

const valueLine = (point) => (app.variable ? `\n${app.variable.name}: ${valueText(app.variable, point)}` : "");

// Boxes: the region of the filter, drawn on the map.
function startBox() {
  app.boxing = { from: null, region: null };
  element("hint").textContent = "Drag a box on the map (Esc to leave)";
  element("hint").hidden = false;
  element("over").classList.add("boxing");
}

function stretchBox(here) {
  const to = app.project.back(...here), { from } = app.boxing;
  if (!to || !from) return;
  const east = turned(to[0] - from[0]);
  const west = east < 0 ? to[0] : from[0];
  const round = (value) => Math.round(value * 10) / 10;
  app.boxing.region = [round(west), round(turned(west + Math.abs(east))), round(Math.min(from[1], to[1])), round(Math.max(from[1], to[1]))];
  redraw("over");
}

function endBox() {
  const region = app.boxing.region;
  leaveBox();
  if (region) {
    app.filter.region = region;
    refilter();
  }
}

function leaveBox() {
  app.boxing = null;
  element("hint").hidden = true;
  element("over").classList.remove("boxing");
  redraw("over");
}
