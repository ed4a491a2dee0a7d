// The life cycle of a storm: one value over time.

const CHART = { width: 340, height: 150, left: 44, right: 8, top: 8, bottom: 24 };

// Round numbers that divide a range.
function ticks(low, high, about) {
  const rough = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

function chartAxes(track, variable) {
  const { set, clock } = app;
  const points = Array.from({ length: set.start[track + 1] - set.start[track] }, (_, k) => set.start[track] + k);
  const dated = points.every((i) => Number.isFinite(clock.at[i])) && clock.at[points.at(-1)] > clock.at[points[0]];
  const time = (i) => (dated ? clock.at[i] : i);
  const values = points.map((i) => variable.values[i]).filter(Number.isFinite);
  let low = Math.min(...values), high = Math.max(...values);
  if (!values.length) [low, high] = [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  [low, high] = [low - room, high + room];
  const inner = CHART.width - CHART.left - CHART.right;
  const span = time(points.at(-1)) - time(points[0]) || 1;
  const tall = CHART.height - CHART.top - CHART.bottom;
  return {
    points, low, high, known: values.length > 0,
    x: (i) => CHART.left + (points.length > 1 ? ((time(i) - time(points[0])) / span) * inner : inner / 2),
    y: (value) => CHART.top + (1 - (value - low) / (high - low)) * tall,
  };
}

function chartOf(track, variable) {
  const axes = chartAxes(track, variable);
  const { points, x, y } = axes;
  const svg = drawn("svg", { class: "chart", viewBox: `0 0 ${CHART.width} ${CHART.height}`, role: "img", "aria-label": `${variable.name} over time` });
  for (const value of ticks(axes.low, axes.high, 4)) {
    svg.append(drawn("line", { class: "axis", x1: CHART.left, x2: CHART.width - CHART.right, y1: y(value), y2: y(value) }));
    svg.append(drawn("text", { x: CHART.left - 6, y: y(value) + 4, "text-anchor": "end" }, short(value)));
  }
  const ends = points.length > 1 ? [[points[0], "start"], [points.at(-1), "end"]] : [[points[0], "middle"]];
  for (const [point, anchor] of ends) {
    svg.append(drawn("text", { x: x(point), y: CHART.height - 6, "text-anchor": anchor }, when(app.clock, point)));
  }
  if (!axes.known) svg.append(drawn("text", { x: CHART.width / 2, y: CHART.height / 2, "text-anchor": "middle" }, "no values"));
  let path = "", pen = "M";
  for (const i of points) {
    const value = variable.values[i];
    if (!Number.isFinite(value)) pen = "M";
    else {
      path += `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  }
  svg.append(drawn("path", { class: "curve", d: path || "M0 0" }));
  const radius = points.length > 60 ? 1.8 : 2.8;
  for (const i of points) {
    if (!Number.isFinite(variable.values[i])) continue;
    const fill = app.colours[variable === app.variable ? binOf(app.scale, variable.values[i]) : BINS];
    svg.append(drawn("circle", { cx: x(i), cy: y(variable.values[i]), r: radius, fill }));
  }
  const here = drawn("g", {});
  svg.append(here);
  const choosing = (event) => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * CHART.width;
    choosePoint(points.reduce((best, i) => (Math.abs(x(i) - at) < Math.abs(x(best) - at) ? i : best)));
  };
  svg.addEventListener("pointerdown", choosing);
  svg.addEventListener("pointermove", (event) => event.buttons && choosing(event));
  return { svg, mark: (point) => markChart(here, axes, variable, point) };
}

function markChart(here, { points, x, y }, variable, point) {
  here.replaceChildren();
  if (!points.includes(point)) return;
  here.append(drawn("line", { class: "here", x1: x(point), x2: x(point), y1: CHART.top, y2: CHART.height - CHART.bottom }));
  if (Number.isFinite(variable.values[point])) here.append(drawn("circle", { class: "mark", cx: x(point), cy: y(variable.values[point]), r: 5.5 }));
}
