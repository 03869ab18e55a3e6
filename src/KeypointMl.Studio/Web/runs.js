// @ts-check
import { address, get, post } from "./api.js";
import { chart, short } from "./chart.js";
import { colour, command, el, empty, field, toast, tryTo } from "./dom.js";

const PHASES = /** @type {Record<string, string>} */ ({
  training: "",
  articulation: "articulation: ",
  regressor_pretraining: "pre-training of η: ",
});

/** Training runs: over each other, and as they go on. */
export class Runs {
  /** @param {HTMLElement} element @param {any} session */
  constructor(element, session) {
    this.session = session;
    /**
     * @type {Map<string, { run: any, lines: any[], process: number | null, failure: string | null, samples: string[], source: EventSource | null, fault: string }>}
     */
    this.watched = new Map();
    this.isOpen = false;
    this.choice = el(
      "div",
      { className: "legend", role: "group", "aria-label": "Runs that are drawn" },
      ...session.runs.map((/** @type {any} */ run, /** @type {number} */ i) => {
        const swatch = el("i", { className: "swatch" });
        swatch.style.background = colour(i);
        const box = el("input", { type: "checkbox", checked: true, onchange: () => this.#choose(run.id, box.checked) });
        return el("label", { className: "row" }, box, swatch, run.name);
      }),
    );
    this.states = el("div", { className: "wide" });
    this.charts = el("div", { className: "charts" });
    this.details = el("div", { className: "wide" });
    element.append(
      session.runs.length === 0
        ? empty(
            "No run is watched",
            "Start the studio with one or several; a run that still trains is drawn as it goes on:",
            command("keypointml studio --run runs/flies --run runs/flies-2"),
          )
        : el(
            "div",
            { className: "wide" },
            el("div", { className: "panel" }, el("h2", {}, "Runs"), this.choice, this.states),
            this.charts,
            this.details,
          ),
    );
  }

  enter() {
    if (this.isOpen || this.session.runs.length === 0) return;
    this.isOpen = true;
    for (const run of this.session.runs) this.#choose(run.id, true);
  }

  leave() {
    for (const watched of this.watched.values()) watched.source?.close();
    this.watched.clear();
    this.isOpen = false;
    for (const box of this.choice.querySelectorAll("input")) box.checked = true;
  }

  /** @param {string} id @param {boolean} isOn */
  async #choose(id, isOn) {
    this.watched.get(id)?.source?.close();
    this.watched.delete(id);
    if (isOn) {
      const run = await tryTo(() => get("/api/run", { run: id }));
      if (!run) return;
      const watched = {
        run,
        lines: /** @type {any[]} */ ([]),
        process: run.process,
        failure: null,
        samples: run.samples,
        fault: "",
        source: new EventSource(address("/api/run/events", { run: id })),
      };
      this.watched.set(id, watched);
      watched.source.addEventListener("lines", (event) => {
        const { from, lines } = JSON.parse(event.data);
        watched.lines.length = from;
        watched.lines.push(...lines);
        watched.fault = "";
        this.#draw();
      });
      watched.source.addEventListener("state", (event) => {
        const before = watched.process;
        Object.assign(watched, JSON.parse(event.data));
        this.#draw();
        // What is measured at the end is there when the process is gone.
        if (before !== null && watched.process === null) this.#choose(id, true);
      });
      watched.source.addEventListener("fault", (event) => {
        watched.fault = JSON.parse(event.data).error;
        this.#draw();
      });
    }
    this.#draw();
    this.#drawDetails();
  }

  get shown() {
    return [...this.watched.values()].toSorted((a, b) => Number(a.run.id) - Number(b.run.id));
  }

  #draw() {
    const runs = this.shown;
    this.states.replaceChildren(...runs.map((watched) => this.#state(watched)));
    /** @type {Map<string, import("./chart.js").Series[]>} */
    const curves = new Map();
    for (const { run, lines } of runs) {
      const own = new Map();
      for (const line of lines) {
        for (const [kind, values] of [
          ["", line.evaluation],
          ["loss: ", line.losses],
        ]) {
          for (const [name, value] of Object.entries(values)) {
            const title = `${PHASES[line.phase] ?? ""}${kind}${name.replaceAll("_", " ")}`;
            if (!own.has(title)) own.set(title, []);
            own.get(title).push([line.step, Number(value)]);
          }
        }
      }
      for (const [title, points] of own) {
        if (!curves.has(title)) curves.set(title, []);
        curves.get(title)?.push({ name: run.name, points: thin(points), colour: colour(Number(run.id)) });
      }
    }
    const order = (/** @type {string} */ title) =>
      (title.includes("η:") ? 4 : title.includes("articulation:") ? 2 : 0) + (title.includes("loss:") ? 1 : 0);
    this.charts.replaceChildren(
      ...[...curves].toSorted((a, b) => order(a[0]) - order(b[0])).map(([title, series]) => chart(title, series, "step")),
    );
  }

  /** @param {{ run: any, lines: any[], process: number | null, failure: string | null, fault: string }} watched */
  #state({ run, lines, process, failure, fault }) {
    const last = lines.at(-1);
    const total = last ? run.steps[last.phase] : 0;
    const isDone = last?.phase === "training" && last.step >= total;
    const parts = [last ? `${(PHASES[last.phase] ?? "").replace(": ", " ")}step ${last.step} of ${total}` : "nothing logged yet"];
    if (last?.imagesPerSecond) parts.push(`${short(last.imagesPerSecond)} images a second`);
    if (!isDone && process !== null) parts.push(`${remaining(lines, total)} left in this phase`);
    const numerics = lines.findLast((line) => line.numerics)?.numerics;
    if (numerics) parts.push(`numerics: ${numerics}`);
    return el(
      "div",
      { className: "field" },
      el(
        "div",
        { className: "row" },
        el("b", {}, run.name),
        el(
          "span",
          { className: process !== null ? "badge live" : isDone ? "badge" : "badge warn" },
          process !== null ? "training" : isDone ? "finished" : "not training",
        ),
        el("span", { className: "faint grow" }, parts.join(" · ")),
        process !== null && el("button", { type: "button", className: "bad", onclick: () => this.#stop(run) }, "Stop"),
        process === null && !isDone && run.canResume && el("button", { type: "button", onclick: () => this.#resume(run) }, "Resume"),
      ),
      last ? el("progress", { max: Math.max(1, total), value: last.step, "aria-label": `${run.name}: steps` }) : null,
      fault !== "" && el("p", { className: "badge warn" }, fault),
      failure && el("pre", { role: "alert" }, failure),
    );
  }

  /** @param {any} run */
  async #stop(run) {
    if (!confirm(`Stop training ${run.name}? It writes a checkpoint first, and can go on later.`)) return;
    const stopped = await tryTo(() => post("/api/run/stop", { run: run.id }));
    if (stopped) toast(`${run.name} was asked to stop; it writes a checkpoint first.`);
  }

  /** @param {any} run */
  async #resume(run) {
    const resumed = await tryTo(() => post("/api/run/resume", { run: run.id }));
    if (resumed) toast(`${run.name} goes on from its last checkpoint, until it is stopped or the studio ends.`);
  }

  #drawDetails() {
    this.details.replaceChildren(...this.shown.map((watched) => this.#detail(watched)));
  }

  /** @param {{ run: any, samples: string[] }} watched */
  #detail({ run, samples }) {
    const picture = el("img", { alt: `Samples of ${run.name}` });
    const slider = el("input", {
      type: "range",
      min: "0",
      max: String(samples.length - 1),
      value: String(samples.length - 1),
      id: `samples-${run.id}`,
      oninput: () => show(),
    });
    const name = el("span", {});
    const show = () => {
      const sample = samples[Number(slider.value)];
      picture.src = address("/api/run/sample", { run: run.id, name: sample });
      name.textContent = sample;
    };
    if (samples.length > 0) show();
    const rows = run.provenance.map((/** @type {any} */ line) =>
      el("tr", {}, el("th", { scope: "row" }, line.name), el("td", {}, line.text)),
    );
    return el(
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
      samples.length > 0 && el("div", { className: "sample field" }, field("Samples over time", slider, name), picture),
      el("h3", {}, "It goes on by"),
      command(run.resume),
      el("details", {}, el("summary", {}, "Recipe"), el("pre", {}, run.recipe)),
      el("details", {}, el("summary", {}, "Where it was computed"), el("table", {}, el("tbody", {}, ...rows))),
    );
  }
}

/** At most some hundred points, so that a long run is drawn as fast as a short one. @param {number[][]} points */
function thin(points) {
  const step = Math.ceil(points.length / 600);
  return step === 1 ? points : points.filter((_, i) => i % step === 0 || i === points.length - 1);
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
