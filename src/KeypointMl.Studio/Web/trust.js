// @ts-check
import { address, get } from "./api.js";
import { chart } from "./chart.js";
import { colour, command, el, empty, field, tryTo } from "./dom.js";

/** What to trust: how confidences were calibrated, and the frames that most likely are wrong. */
export class Trust {
  /** @param {HTMLElement} element @param {any} session @param {(file: string, frame: number) => Promise<void>} open */
  constructor(element, session, open) {
    this.session = session;
    this.open = open;
    this.runs = el("div", { className: "wide" });
    this.sets = el("select", { onchange: () => this.#worst() });
    this.worst = el("div", { className: "cards" });
    this.setPanel = el("div", { className: "panel" });
    element.append(el("div", { className: "wide" }, this.runs, this.setPanel, this.worst));
  }

  async enter() {
    await Promise.all([this.#confidence(), this.#loadSets()]);
  }

  async #confidence() {
    if (this.session.runs.length === 0) {
      this.runs.replaceChildren(
        el(
          "div",
          { className: "panel" },
          el("h2", {}, "Confidence"),
          el("p", { className: "faint" }, "Start the studio with a run to see its reliability diagram and risk–coverage curves:"),
          command("keypointml studio --run RUN"),
        ),
      );
      return;
    }
    const runs = await Promise.all(this.session.runs.map((/** @type {any} */ run) => tryTo(() => get("/api/run", { run: run.id }))));
    this.runs.replaceChildren(...runs.filter(Boolean).map((run) => this.#run(run)));
  }

  /** @param {any} run */
  #run(run) {
    const charts = run.confidence.map((/** @type {any} */ one) =>
      chart(
        one.title,
        one.series.map((/** @type {any} */ series, /** @type {number} */ i) => ({
          name: series.name,
          points: series.points,
          colour: colour(i),
          isIdeal: series.name === "ideal",
        })),
        one.along,
      ),
    );
    const most = Math.max(...run.breakdowns.flatMap((/** @type {any} */ one) => one.bars.map((/** @type {any} */ bar) => bar.value)), 0);
    return el(
      "div",
      { className: "panel" },
      el("h2", {}, `Confidence of ${run.name}`),
      run.protocol !== "" && el("p", { className: "faint" }, run.protocol),
      charts.length > 0
        ? el("div", { className: "charts" }, ...charts)
        : el(
            "p",
            { className: "faint" },
            "This run has no measured confidences yet: they come with its final measurement, or by ",
            el("code", {}, "keypointml calibrate"),
            ".",
          ),
      ...run.breakdowns
        .slice(0, 1)
        .map((/** @type {any} */ one) =>
          el(
            "details",
            {},
            el("summary", {}, one.title),
            el(
              "div",
              { className: "bars" },
              ...one.bars.flatMap((/** @type {any} */ bar) => [
                el("span", {}, bar.name),
                el("meter", { max: most, value: bar.value, "aria-label": bar.name }),
                el("span", {}, bar.value.toFixed(2)),
              ]),
            ),
          ),
        ),
    );
  }

  async #loadSets() {
    const session = await tryTo(() => get("/api/session"));
    const sets = session?.predictions ?? [];
    const before = this.sets.value;
    this.sets.replaceChildren(
      ...sets.map((/** @type {any} */ set) => el("option", { value: String(set.id) }, `${set.name} · ${set.rows} rows`)),
    );
    if (before !== "" && sets[Number(before)]) this.sets.value = before;
    this.setPanel.replaceChildren(
      el("h2", {}, "Frames that most likely are wrong"),
      ...(sets.length > 0
        ? [field("Predictions", this.sets)]
        : [
            el("p", { className: "faint" }, "Score a video under Look, or start the studio with predictions or a finished job:"),
            command("keypointml studio VIDEO --predictions poses.parquet"),
          ]),
    );
    if (sets.length > 0) await this.#worst();
    else this.worst.replaceChildren();
  }

  async #worst() {
    const set = this.sets.value;
    const worst = await tryTo(() => get("/api/worst", { set }));
    this.worst.replaceChildren(
      ...(worst ?? []).map((/** @type {any} */ one) => {
        const where = `Frame ${one.frame}${one.track === "" ? "" : ` · ${one.track}`}`;
        return el(
          "button",
          {
            type: "button",
            className: "card",
            disabled: one.file === null,
            onclick: () => this.open(one.file, one.frame),
            title: one.file === null ? "None of the files that the studio was started with has its name, or several have." : "Look at it",
          },
          one.file !== null &&
            el("img", {
              alt: "",
              loading: "lazy",
              src: address("/api/thumbnail", { set, file: one.file, frame: one.frame, track: one.track }),
            }),
          el(
            "span",
            { className: "text" },
            el("b", {}, where),
            el("span", { className: "faint" }, one.source.split("/").at(-1)),
            ...one.reasons.map((/** @type {any} */ reason) => el("span", {}, reason.words)),
          ),
        );
      }),
    );
    if (worst?.length === 0) this.worst.append(el("p", { className: "faint" }, "Nothing looks wrong."));
  }
}
