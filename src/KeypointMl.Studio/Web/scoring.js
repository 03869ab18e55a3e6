// @ts-check
import { get, post } from "./api.js";
import { el, toast, tryTo } from "./dom.js";

/** Scores a whole video, and shows how that goes: one video at a time, whichever page began it. */
export class Scoring {
  /** @param {() => string} model The number of the model that is chosen. @param {(file: string) => void} done Is told which video was scored. */
  constructor(model, done) {
    this.model = model;
    this.done = done;
    this.file = "";
    this.media = /** @type {any} */ (null);
    /** Which of several loops is the one that goes on. */
    this.watch = 0;
    this.element = el("div", { className: "field", hidden: true });
  }

  /** Offers to score the file that is open now, or shows what is being scored. @param {string} file @param {any} media */
  async offer(file, media) {
    this.file = file;
    this.media = media;
    const watch = ++this.watch;
    const state = await tryTo(() => get("/api/scoring"));
    if (watch !== this.watch) return;
    if (state?.phase === "running") return void this.#follow();
    this.element.hidden = media.kind !== "video";
    const find = el("input", { type: "checkbox", checked: !media.hasBoxes, disabled: media.hasBoxes });
    const begin = async () => {
      const begun = await tryTo(() => post("/api/scoring", { file, model: this.model(), find: find.checked ? 1 : "" }));
      if (begun) this.#follow();
    };
    this.element.replaceChildren(
      el("button", { type: "button", onclick: begin }, "Score the whole video"),
      el("label", { className: "row faint" }, find, "look for moving subjects first"),
    );
  }

  async #follow() {
    const watch = ++this.watch;
    const bar = el("progress", { "aria-label": "Scoring" });
    const words = el("p", { className: "faint", role: "status" });
    this.element.hidden = false;
    this.element.replaceChildren(
      bar,
      words,
      el("button", { type: "button", onclick: () => tryTo(() => post("/api/scoring/stop")) }, "Stop"),
    );
    for (;;) {
      const state = await tryTo(() => get("/api/scoring"));
      if (!state || watch !== this.watch) return;
      if (state.total) bar.value = state.done / state.total;
      words.textContent = `${state.message}${state.done > 0 ? `: ${state.done}${state.total ? ` of ${state.total}` : ""} frames` : ""}`;
      if (state.phase !== "running") {
        toast(state.message, state.phase === "failed");
        this.offer(this.file, this.media);
        this.done(state.file);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  }
}
