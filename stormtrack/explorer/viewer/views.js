// From the sphere to the canvas and back: globe (orthographic), poles (stereographic), flat (plate carree).

const NEAREST = 40;
const turned = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

// A view on a canvas of some size. `at(geo, i)` projects a place to `x`, `y` and says whether it is seen.
class Projector {
  constructor(view, width, height) {
    const tall = Math.min(width, height);
    this.cx = width / 2;
    this.cy = height / 2;
    this.x = 0;
    this.y = 0;
    this.flat = view.kind === "flat";
    this.polar = view.kind === "north" || view.kind === "south";
    this.lon = view.lon;
    this.lat = this.flat ? view.lat : view.kind === "north" ? 90 : view.kind === "south" ? -90 : view.lat;
    this.scale = view.zoom * (this.flat ? Math.max(0.01, Math.min((width - 24) / 360, (height - 24) / 180)) : Math.max(1, tall / 2 - 14));
    if (this.polar) {
      this.cx += view.panX * this.scale;
      this.cy += view.panY * this.scale;
    }
    const a = this.lon * RADIANS, b = this.lat * RADIANS;
    this.east = [-Math.sin(a), Math.cos(a), 0];
    this.north = [-Math.sin(b) * Math.cos(a), -Math.sin(b) * Math.sin(a), Math.cos(b)];
    this.front = [Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b)];
    this.wrap = this.flat ? 360 * this.scale : Infinity;
    const [e, n, f] = [this.east, this.north, this.front];
    [this.e0, this.e1, this.n0, this.n1, this.n2, this.f0, this.f1, this.f2] = [e[0], e[1], ...n, ...f];
  }

  at(geo, i) {
    if (this.flat) {
      let away = geo.lon[i] - this.lon;
      away -= 360 * Math.floor((away + 180) / 360);
      this.x = this.cx + away * this.scale;
      this.y = this.cy - (geo.lat[i] - this.lat) * this.scale;
      return true;
    }
    return this.vector(geo.x[i], geo.y[i], geo.z[i]);
  }

  vector(x, y, z) {
    const depth = this.f0 * x + this.f1 * y + this.f2 * z;
    if (depth < -1e-6) return false;
    const size = this.polar ? this.scale / (1 + depth) : this.scale;
    this.x = this.cx + size * (this.e0 * x + this.e1 * y);
    this.y = this.cy - size * (this.n0 * x + this.n1 * y + this.n2 * z);
    return true;
  }

  // Longitude and latitude of a place on the canvas, or null.
  back(px, py) {
    let x = (px - this.cx) / this.scale, y = (this.cy - py) / this.scale;
    if (this.flat) {
      const lat = y + this.lat;
      return Math.abs(x) > 180 || Math.abs(lat) > 90 ? null : [turned(x + this.lon), lat];
    }
    const square = x * x + y * y;
    if (square > 1) return null;
    let depth = Math.sqrt(1 - square);
    if (this.polar) {
      depth = (1 - square) / (1 + square);
      x *= 1 + depth;
      y *= 1 + depth;
    }
    const place = [0, 1, 2].map((k) => x * this.east[k] + y * this.north[k] + depth * this.front[k]);
    return [Math.atan2(place[1], place[0]) / RADIANS, Math.asin(Math.min(1, Math.max(-1, place[2]))) / RADIANS];
  }

  // The border of the world, as a path.
  border(context) {
    context.beginPath();
    if (!this.flat) {
      context.arc(this.cx, this.cy, this.scale, 0, 2 * Math.PI);
      return;
    }
    const half = 180 * this.scale;
    context.rect(this.cx - half, this.cy - (90 - this.lat) * this.scale, 2 * half, 180 * this.scale);
  }
}

function clamped(view) {
  view.zoom = Math.min(NEAREST, Math.max(1, view.zoom));
  view.lon = turned(view.lon);
  const most = view.kind === "flat" ? 90 * (1 - 1 / view.zoom) : 90;
  view.lat = Math.min(most, Math.max(-most, view.lat));
  const away = 1 - 1 / view.zoom;
  view.panX = Math.min(away, Math.max(-away, view.panX));
  view.panY = Math.min(away, Math.max(-away, view.panY));
}

// Moves a view as a drag by some pixels does: the place under the pointer goes along.
function dragged(view, projector, from, to) {
  const dx = to[0] - from[0], dy = to[1] - from[1];
  if (projector.polar && view.zoom <= 1.001) {
    const angle = ([x, y]) => Math.atan2(y - projector.cy, x - projector.cx) / RADIANS;
    view.lon += (view.kind === "north" ? 1 : -1) * turned(angle(to) - angle(from));
  } else if (projector.polar) {
    view.panX += dx / projector.scale;
    view.panY += dy / projector.scale;
  } else {
    const degrees = projector.flat ? 1 / projector.scale : 1 / (RADIANS * projector.scale);
    const slower = projector.flat ? 1 : Math.max(0.35, Math.cos(view.lat * RADIANS));
    view.lon -= (dx * degrees) / slower;
    view.lat += dy * degrees;
  }
  clamped(view);
}

function zoomed(view, factor) {
  view.zoom *= factor;
  clamped(view);
}
