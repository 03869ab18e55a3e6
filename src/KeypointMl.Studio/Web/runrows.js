// @ts-check
import { address } from "./api.js";
import { short } from "./chart.js";
import { command, el, field } from "./dom.js";

/** What stands before the names of a phase's curves. */
export const PHASES = /** @type {Record<string, string>} */ ({
  training: "",
  articulation: "articulation: ",
  regressor_pretraining: "pre-training of η: ",
});

/**
 * A run that is watched.
 * @typedef {{ run: any, lines: any[], process: number | null, failure: string | null, samples: string[], fault: string,
 *   detail: { element: HTMLElement, update: (samples: string[]) => void } }} Watched
 */

/**
 * Puts elements into another, and leaves them alone where they are there already.
 * @param {HTMLElement} into @param {HTMLElement[]} elements
 */
export function fill(into, elements) {
  if (elements.length !== into.children.length || elements.some((element, i) => into.children[i] !== element))
    into.replaceChildren(...elements);
}

/** How a run goes, and what stops it or goes on with it. */
export class RunState {
  /** @param {string} name @param {() => void} stop @param {() => void} resume */
  constructor(name, stop, resume) {
    this.badge = el("span", {});
    this.words = el("span", { className: "faint grow" });
    this.stop = el("button", { type: "button", className: "bad", onclick: stop }, "Stop");
    this.resume = el("button", { type: "button", onclick: resume }, "Resume");
    this.steps = el("progress", { "aria-label": `${name}: steps` });
    this.fault = el("p", { className: "badge warn" });
    this.failure = el("pre", { role: "alert" });
    this.element = el(
      "div",
      { className: "field" },
      el("div", { className: "row" }, el("b", {}, name), this.badge, this.words, this.stop, this.resume),
      this.steps,
      this.fault,
      this.failure,
    );
  }

  /** @param {Watched} watched */
  update({ run, lines, process, failure, fault }) {
    const last = lines.at(-1);
    const total = last ? run.steps[last.phase] : 0;
    const isDone = last?.phase === "training" && last.step >= total;
    const parts = [last ? `${(PHASES[last.phase] ?? "").replace(": ", " ")}step ${last.step} of ${total}` : "nothing logged yet"];
    if (last?.imagesPerSecond) parts.push(`${short(last.imagesPerSecond)} images a second`);
    if (!isDone && process !== null) parts.push(`${remaining(lines, total)} left in this phase`);
    const numerics = lines.findLast((line) => line.numerics)?.numerics;
    if (numerics) parts.push(`numerics: ${numerics}`);
    this.badge.className = process !== null ? "badge live" : isDone ? "badge" : "badge warn";
    this.badge.textContent = process !== null ? "training" : isDone ? "finished" : "not training";
    this.words.textContent = parts.join(" · ");
    this.stop.hidden = process === null;
    this.resume.hidden = process !== null || isDone || !run.canResume;
    this.steps.hidden = !last;
    this.steps.max = Math.max(1, total);
    this.steps.value = last?.step ?? 0;
    this.fault.hidden = fault === "";
    this.fault.textContent = fault;
    this.failure.hidden = !failure;
    if (this.failure.textContent !== (failure ?? "")) this.failure.textContent = failure;
  }
}

/** What a run is and what it draws; samples that come later are added. @param {any} run */
export function detailOf(run) {
  /** @type {string[]} */
  let samples = [];
  const picture = el("img", { alt: `Samples of ${run.name}` });
  const slider = el("input", { type: "range", min: "0", max: "0", value: "0", id: `samples-${run.id}`, oninput: () => show() });
  const name = el("span", {});
  const show = () => {
    const sample = samples[Number(slider.value)];
    if (sample === undefined || sample === name.textContent) return;
    picture.src = address("/api/run/sample", { run: run.id, name: sample });
    name.textContent = sample;
  };
  const sample = el("div", { className: "sample field", hidden: true }, field("Samples over time", slider, name), picture);
  const rows = run.provenance.map((/** @type {any} */ line) =>
    el("tr", {}, el("th", { scope: "row" }, line.name), el("td", {}, line.text)),
  );
  const element = el(
    "div",
    { className: "panel" },
    el("h2", {}, run.title === run.name ? run.name : `${run.name} · ${run.title}`),
    el("p", {}, run.summary),
    el(
      "div",
      { className: "figures" },
      ...run.figures.map((/** @type {any} */ one) =>
        el("div", {}, el("b", {}, one.value), el("span", { className: "faint" }, one.label)),
      ),
    ),
    sample,
    el("h3", {}, "It goes on by"),
    command(run.resume),
    el("details", {}, el("summary", {}, "Recipe"), el("pre", {}, run.recipe)),
    el("details", {}, el("summary", {}, "Where it was computed"), el("table", {}, el("tbody", {}, ...rows))),
  );
  /** Who looks at the last one sees the new one. @param {string[]} now */
  const update = (now) => {
    const isLast = Number(slider.value) >= samples.length - 1;
    samples = now;
    sample.hidden = samples.length === 0;
    slider.max = String(Math.max(0, samples.length - 1));
    if (isLast) slider.value = slider.max;
    show();
  };
  return { element, update };
}

/** How long the phase takes at the speed of its last lines. @param {any[]} lines @param {number} total */
function remaining(lines, total) {
  const last = lines.at(-1);
  const before = lines.filter((line) => line.phase === last.phase).at(-10);
  if (!before || before === last || last.step === before.step) return "?";
  const seconds = ((total - last.step) * (last.seconds - before.seconds)) / (last.step - before.step);
  const minutes = Math.round(seconds / 60);
  return minutes < 2
    ? `${Math.round(seconds)} s`
    : minutes < 120
      ? `${minutes} min`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
