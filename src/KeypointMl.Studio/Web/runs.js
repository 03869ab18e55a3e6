// @ts-check
import { address, get, post } from "./api.js";
import { chart } from "./chart.js";
import { colour, command, el, empty, toast, tryTo } from "./dom.js";
import { detailOf, fill, PHASES, RunState } from "./runrows.js";

/** @typedef {import("./runrows.js").Watched} Watched */

/** Training runs: over each other, and as they go on. */
export class Runs {
  /** @param {HTMLElement} element @param {any} session */
  constructor(element, session) {
    this.session = session;
    /** @type {Map<string, Watched>} */
    this.watched = new Map();
    /** How often a run was chosen or left: an answer to an earlier question is void. @type {Map<string, number>} */
    this.turns = new Map();
    /** @type {Map<string, RunState>} */
    this.rows = new Map();
    this.isOpen = false;
    /** One for all runs that are watched: a browser keeps few connections. @type {EventSource | null} */
    this.source = null;
    /** Which runs, and since which turn, it tells of. */
    this.heard = "";
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

  async enter() {
    if (this.isOpen || this.session.runs.length === 0) return;
    this.isOpen = true;
    await Promise.all(this.session.runs.map((/** @type {any} */ run) => this.#watch(run.id)));
    this.#listen();
  }

  leave() {
    for (const run of this.session.runs) this.#forget(run.id);
    this.isOpen = false;
    this.#listen();
    for (const box of this.choice.querySelectorAll("input")) box.checked = true;
  }

  /** Watches a run no more, also where that was only asked for. @param {string} id */
  #forget(id) {
    const turn = (this.turns.get(id) ?? 0) + 1;
    this.turns.set(id, turn);
    this.watched.delete(id);
    return turn;
  }

  /** @param {string} id @param {boolean} isOn */
  async #choose(id, isOn) {
    if (isOn) await this.#watch(id);
    else {
      this.#forget(id);
      this.#show();
    }
    this.#listen();
  }

  /** @param {string} id */
  async #watch(id) {
    const turn = this.#forget(id);
    const run = await tryTo(() => get("/api/run", { run: id }));
    // Meanwhile it may have been chosen again, or left.
    if (!run || turn !== this.turns.get(id)) return;
    const { process, samples } = run;
    /** @type {Watched} */
    const watched = { run, lines: [], process, failure: null, samples, fault: "", detail: detailOf(run) };
    this.watched.set(id, watched);
    watched.detail.update(samples);
    this.#show();
  }

  #show() {
    this.#draw();
    fill(this.details, this.shown.map((one) => one.detail.element));
  }

  /** Listens to the runs that are watched now; all that they have logged comes again. */
  #listen() {
    const ids = this.shown.map((one) => one.run.id).join(",");
    const heard = this.shown.map((one) => `${one.run.id}:${this.turns.get(one.run.id)}`).join();
    if (heard === this.heard) return;
    this.heard = heard;
    this.source?.close();
    this.source = ids ? new EventSource(address("/api/run/events", { run: ids })) : null;
    this.#on("lines", (watched, { from, lines }) => {
      watched.lines.length = from;
      watched.lines.push(...lines);
      watched.fault = "";
    });
    this.#on("fault", (watched, { error }) => {
      watched.fault = error;
    });
    this.#on("state", (watched, { process, failure, samples }) => {
      const before = watched.process;
      Object.assign(watched, { process, failure, samples });
      watched.detail.update(watched.samples);
      // What is measured at the end is there when the process is gone.
      if (before !== null && process === null) this.#choose(watched.run.id, true);
    });
  }

  /** @param {string} name @param {(watched: Watched, news: any) => void} take */
  #on(name, take) {
    this.source?.addEventListener(name, (event) => {
      const news = JSON.parse(event.data);
      const watched = this.watched.get(news.run);
      if (!watched) return;
      take(watched, news);
      this.#draw();
    });
  }

  get shown() {
    return [...this.watched.values()].toSorted((a, b) => Number(a.run.id) - Number(b.run.id));
  }

  #draw() {
    const runs = this.shown;
    fill(this.states, runs.map((watched) => this.#state(watched)));
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

  /** A run's row, made once: what has the focus keeps it. @param {Watched} watched */
  #state(watched) {
    const { run } = watched;
    let row = this.rows.get(run.id);
    if (!row) {
      row = new RunState(run.name, () => this.#stop(run), () => this.#resume(run));
      this.rows.set(run.id, row);
    }
    row.update(watched);
    return row.element;
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
}

/** At most some hundred points, so that a long run is drawn as fast as a short one. @param {number[][]} points */
function thin(points) {
  const step = Math.ceil(points.length / 600);
  return step === 1 ? points : points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
