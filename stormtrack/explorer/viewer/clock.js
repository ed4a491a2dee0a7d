// Time: the slider, play, trail and speed.

function buildClock() {
  const { clock } = app, slider = element("slider");
  if (!clock.moves) {
    element("time").hidden = true;
    return;
  }
  Object.assign(slider, { min: clock.first, max: clock.last, step: clock.kind === "date" ? Math.min(clock.step, 3600) : 1 });
  app.time = clock.first;
  const date = clock.kind === "date";
  const trails = date ? [0.5, 1, 2, 5, 10].map((d) => d * DAY) : [2, 4, 8, 20, 40].map((k) => k * clock.step);
  fill("trail", [...trails.map((span) => [span, spanText(clock, span)]), [Infinity, "whole track"]], trails[2]);
  const speeds = date ? [6, 12, 24, 72, 240, 720].map((h) => h * 3600) : [1, 2, 5, 10, 50].map((k) => k * clock.step);
  fill("speed", speeds.map((one) => [one, `${spanText(clock, one)}/s`]), speeds[date ? 2 : 1]);
  app.trail = trails[2];
  app.speed = speeds[date ? 2 : 1];
  slider.addEventListener("input", () => setTime(Number(slider.value)));
  element("trail").addEventListener("change", (event) => {
    app.trail = Number(event.target.value);
    changed("time");
  });
  element("speed").addEventListener("change", (event) => (app.speed = Number(event.target.value)));
  element("play").addEventListener("click", togglePlay);
  element("everything").addEventListener("click", showAllTimes);
}

function fill(id, options, chosen) {
  element(id).replaceChildren(...options.map(([value, text]) => make("option", { value, selected: value === chosen }, text)));
}

function setTime(time) {
  const { first, last } = app.clock;
  app.time = Math.min(last, Math.max(first, time));
  app.moment = true;
  changed("time");
}

function togglePlay() {
  if (!app.clock.moves) return;
  app.playing = !app.playing;
  app.played = null;
  if (app.playing && app.time >= app.clock.last) app.time = app.clock.first;
  app.moment = true;
  changed("time");
}

function advance(now) {
  const elapsed = app.played === null ? 0 : Math.min(0.25, (now - app.played) / 1000);
  app.played = now;
  app.time += elapsed * app.speed;
  if (app.time >= app.clock.last) {
    app.time = app.clock.last;
    app.playing = false;
  }
  changed("time");
}

function showAllTimes() {
  app.playing = false;
  app.moment = false;
  changed("time");
}

function stepTime(step) {
  if (!app.clock.moves) return;
  app.playing = false;
  setTime(app.time + step * app.clock.step);
}

function showTime() {
  const { clock } = app;
  if (!clock.moves) return;
  element("slider").value = app.time;
  element("now").textContent = app.moment ? timeText(clock, app.time) : "All times";
  element("everything").hidden = !app.moment;
  const mark = app.playing ? PAUSE : PLAY;
  if (showTime.mark !== mark) element("play").replaceChildren(icon(mark));
  showTime.mark = mark;
  element("play").setAttribute("aria-label", app.playing ? "Pause" : "Play");
  element("slider").setAttribute("aria-valuetext", timeText(clock, app.time));
  redraw("tracks", "over");
}
