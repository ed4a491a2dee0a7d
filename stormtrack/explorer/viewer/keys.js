// The keyboard, and the help that tells of it.

const KEYS = [
  ["\u2190 \u2192 \u2191 \u2193", "turn or move the map"], ["+ \u2212 0", "nearer, farther, first view"],
  ["1 2 3 4", "globe, North, South, flat"], ["Space", "play or pause"], [", .", "one step in time"], ["A", "all times"],
  ["N B", "next storm, the one before (by strength)"], ["J K", "next point of the storm, the one before"],
  ["F", "find a storm"], ["R", "reset the filters"], ["X", "draw a region"], ["S", "save the storms shown as CSV"],
  ["D", "dark or light"], ["Esc", "close"], ["?", "this help"],
];

const ACTIONS = {
  ArrowLeft: () => turnBy(-1, 0), ArrowRight: () => turnBy(1, 0), ArrowUp: () => turnBy(0, 1), ArrowDown: () => turnBy(0, -1),
  "+": () => zoomAt(1.3), "=": () => zoomAt(1.3), "-": () => zoomAt(1 / 1.3), 0: () => goHome(),
  1: () => useView("globe"), 2: () => useView("north"), 3: () => useView("south"), 4: () => useView("flat"),
  " ": () => togglePlay(), ",": () => stepTime(-1), ".": () => stepTime(1), a: () => showAllTimes(),
  n: () => stepStorm(1), b: () => stepStorm(-1), j: () => stepPoint(1), k: () => stepPoint(-1),
  f: () => element("find").focus(), r: () => resetFilter(), x: () => startBox(), s: () => app.found.length && element("save-csv").click(),
  d: () => switchTheme(), "?": () => showHelp(), Escape: () => leave(),
};

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || element("help").open) return;
    const tag = event.target.tagName;
    const typing = (tag === "INPUT" && event.target.type !== "range") || tag === "SELECT";
    const takes = { BUTTON: [" "], INPUT: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], TR: ["ArrowUp", "ArrowDown"] };
    if (event.key === "Escape" && typing) event.target.blur();
    if (typing || (takes[tag] ?? []).includes(event.key)) {
      if (tag === "TR") stepRow(event);
      return;
    }
    const action = ACTIONS[event.key] ?? ACTIONS[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function stepRow(event) {
  const next = event.key === "ArrowDown" ? event.target.nextElementSibling : event.target.previousElementSibling;
  event.preventDefault();
  if (next) next.focus();
}

function turnBy(x, y) {
  const { view } = app;
  const step = 12 / view.zoom;
  if (view.kind === "north" || view.kind === "south") {
    if (view.zoom > 1.001) {
      view.panX -= x * 0.1 / view.zoom;
      view.panY += y * 0.1 / view.zoom;
    } else view.lon += x * step;
  } else {
    view.lon += x * step;
    view.lat += y * step;
  }
  clamped(view);
  viewMoved();
}

function leave() {
  if (app.boxing) leaveBox();
  else if (app.selected >= 0) choose(-1);
}

function showHelp() {
  const dialog = element("help");
  const keys = make("dl");
  for (const [key, text] of KEYS) keys.append(make("dt", {}, ...key.split(" ").flatMap((one) => [make("kbd", {}, one), " "])), make("dd", {}, text));
  const { told } = app.set;
  dialog.replaceChildren(
    make("form", { method: "dialog", class: "top" }, make("h2", {}, "How to look at storms"), make("button", { class: "round", "aria-label": "Close" }, "\u00d7")),
    make("p", {}, "Drag turns the globe, the wheel or two fingers bring it nearer. A click on a track shows its life cycle; the ring is where it begins, "
      + "the cross where it ends. Filters keep whole storms. Play shows them as they move, with the trail that they left. The address of the page names "
      + "the storm and point chosen: kept as a bookmark, it leads back to them."),
    keys,
    make("p", {}, `Made by stormtrack; nothing is loaded from anywhere. Coastlines: Natural Earth. ${told.leftOut ? `${whole(told.leftOut)} weaker storms were left out of this page.` : ""}`));
  dialog.showModal();
}
