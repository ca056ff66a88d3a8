"use strict";
// Steps through the film: each step lists the parts of the figure that change, and with which text.
(() => {
  const film = JSON.parse(document.getElementById("film").textContent);
  const byId = (id) => document.getElementById(id);
  const last = film.steps.length - 1;
  if (last < 1) return;
  const slider = byId("at");
  let at = last;
  const shown = [];

  // What every part shows at a step: the last change at or before it.
  const goTo = (wanted) => {
    const target = Math.max(0, Math.min(last, wanted));
    const from = target >= at && shown.length ? at + 1 : 0;
    const parts = new Map();
    for (let step = from; step <= target; step++) {
      const changes = film.steps[step][1];
      for (let n = 0; n < changes.length; n += 2) parts.set(changes[n], changes[n + 1]);
    }
    for (const [part, text] of parts) {
      if (shown[part] === text) continue;
      shown[part] = text;
      byId("part" + part).innerHTML = film.texts[text];
    }
    at = target;
    slider.value = at;
    byId("place").textContent = film.steps[at][0] + " / " + film.steps[last][0];
    byId("said").textContent = film.steps[at][2];
    byId("first").disabled = byId("back").disabled = at === 0;
    byId("last").disabled = byId("next").disabled = at === last;
  };

  const moves = { first: () => 0, back: () => at - 1, next: () => at + 1, last: () => last };
  for (const [id, to] of Object.entries(moves)) byId(id).addEventListener("click", () => goTo(to()));
  slider.addEventListener("input", () => goTo(Number(slider.value)));
  const keys = { Home: "first", ArrowLeft: "back", ArrowRight: "next", End: "last" };
  document.addEventListener("keydown", (event) => {
    const move = keys[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    goTo(moves[move]());
  });
  byId("steps").hidden = false;
  goTo(0);
})();
