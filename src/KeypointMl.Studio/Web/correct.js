// @ts-check
import { colour, el, speak, toast } from "./dom.js";
import { Saving } from "./saving.js";

/** Corrects points, draws poses from nothing, and marks frames. */
export class Corrections {
  /**
   * @param {import("./stage.js").Stage} stage @param {import("./labels.js").Labels} labels
   * @param {() => { source: string, frame: number, isExact: boolean, hasPoses: boolean }} where isExact: the frame itself is seen;
   * hasPoses: its poses are there too.
   * @param {() => void} change
   */
  constructor(stage, labels, where, change) {
    this.stage = stage;
    this.where = where;
    this.change = change;
    this.labels = labels;
    this.toggleButton = el("button", { type: "button", "aria-pressed": "false", onclick: () => this.toggle() }, "Correct points");
    this.wrongButton = el("button", { type: "button", "aria-pressed": "false", onclick: () => this.mark() }, "Mark as wrong");
    this.points = el("div", { className: "parts", role: "group", "aria-label": "Choose a point to move by the arrow keys" });
    this.editing = el(
      "div",
      { className: "field", hidden: true },
      el(
        "p",
        { className: "faint" },
        "Drag a point, or choose one and use the arrow keys. A click on no point places the chosen one where it is missing.",
      ),
      this.points,
      el(
        "div",
        { className: "row" },
        el("button", { type: "button", onclick: () => this.drawNew() }, "Draw a new pose"),
        el("button", { type: "button", onclick: () => this.remove() }, "Take point away"),
        el("button", { type: "button", className: "quiet", onclick: () => this.undo() }, "Undo this frame"),
      ),
    );
    this.saving = new Saving(this.labels, () => this.stage.skeleton);
    this.element = el(
      "div",
      { className: "field" },
      el("h2", {}, "Correct and save"),
      el("div", { className: "row" }, this.toggleButton, this.wrongButton),
      this.editing,
      this.saving.element,
    );
    stage.onEdit = (kind) => this.#edited(kind);
    stage.onPlace = (point) => this.#place(point);
  }

  get isOn() {
    return this.stage.canEdit;
  }

  /** @param {boolean} [isOn] */
  toggle(isOn = !this.isOn) {
    this.stage.canEdit = isOn;
    if (!isOn) this.stage.chosen = null;
    this.editing.hidden = !isOn;
    this.toggleButton.setAttribute("aria-pressed", String(isOn));
    this.refresh();
    speak(isOn ? "Correcting points" : "Not correcting any more");
  }

  /** Puts what was corrected over what was detected. @param {import("./skeleton.js").Pose[]} poses */
  over(poses) {
    const { source, frame } = this.where();
    for (const row of this.labels.in(source, frame, this.stage.skeleton)) {
      if (row.points === null) continue;
      const points = row.points.map((point) => point && [...point, 1]);
      const known = poses.find((pose) => pose.track === row.track);
      if (known) Object.assign(known, { points, edited: true });
      else poses.push({ track: row.track, box: row.box, points, edited: true });
    }
    return poses;
  }

  /** Shows the points of the frame that is there now. */
  refresh() {
    const { poses, skeleton, chosen } = this.stage;
    this.points.replaceChildren(
      ...poses.flatMap((pose, number) =>
        (skeleton?.keypoints ?? []).map((name, k) => {
          const swatch = el("i", { className: "swatch" });
          swatch.style.background = colour(k);
          return el(
            "button",
            { type: "button", "aria-pressed": String(chosen?.pose === number && chosen.k === k), onclick: () => this.choose(number, k) },
            swatch,
            `${pose.track === "" ? "" : `${pose.track}: `}${name}${pose.points[k] === null ? " (missing)" : ""}`,
          );
        }),
      ),
    );
    const { source, frame } = this.where();
    this.wrongButton.setAttribute("aria-pressed", String(this.labels.marks(source, frame).length > 0));
    this.stage.draw();
  }

  /** @param {number} pose @param {number} k */
  choose(pose, k) {
    this.stage.chosen = { pose, k };
    this.refresh();
    this.stage.canvas.focus();
    speak(`${this.stage.skeleton?.keypoints[k]} chosen`);
  }

  /** Chooses the next point, or the one before. @param {number} by */
  next(by) {
    const { poses, skeleton, chosen } = this.stage;
    const each = skeleton?.keypoints.length ?? 0;
    const all = poses.length * each;
    if (all === 0) return;
    const now = chosen === null ? (by > 0 ? -1 : 0) : chosen.pose * each + chosen.k;
    const then = (now + by + all) % all;
    this.choose(Math.floor(then / each), then % each);
  }

  /** Moves the chosen point. @param {number} x @param {number} y @returns {boolean} Whether there is one. */
  nudge(x, y) {
    const { chosen, poses, size } = this.stage;
    if (!this.isOn || chosen === null) return false;
    const point = poses[chosen.pose]?.points[chosen.k] ?? [size.width / 2, size.height / 2];
    this.stage.moveChosen([point[0] + x, point[1] + y]);
    this.#edited("end");
    return true;
  }

  /** Takes the chosen point away: it is not to be seen in this frame. */
  remove() {
    const { chosen, poses } = this.stage;
    if (chosen === null || !poses[chosen.pose]) return void toast("Choose a point first.");
    poses[chosen.pose].points[chosen.k] = null;
    poses[chosen.pose].edited = true;
    this.#edited("end");
  }

  /** Begins a pose of which no point is placed; each click places one. */
  drawNew() {
    const { skeleton, poses } = this.stage;
    const { frame, isExact, hasPoses } = this.where();
    if (frame < 0) return void toast("No frame is shown.", true);
    if (!isExact) return void toast("The frame is still being decoded; a frame nearby is seen.", true);
    if (!hasPoses) return void toast("The frame's poses are not there yet.", true);
    if (skeleton === null) return void toast("There is no skeleton: start the studio with --model or --skeleton.", true);
    const taken = new Set(poses.map((pose) => pose.track));
    let track = "";
    for (let i = 0; taken.has(track); i++) track = `new ${i + 1}`;
    poses.push({ track, box: null, points: skeleton.keypoints.map(() => null), edited: true });
    this.choose(poses.length - 1, 0);
    toast(`Click where ${skeleton.keypoints[0]} is; then the other points in turn.`);
  }

  undo() {
    const { source, frame } = this.where();
    for (const row of this.labels.in(source, frame, this.stage.skeleton)) this.labels.forget(row);
    this.stage.chosen = null;
    this.change();
  }

  mark() {
    const { source, frame } = this.where();
    if (frame < 0) return void toast("No frame is shown.", true);
    const { chosen, poses, skeleton, filter } = this.stage;
    const track = chosen && poses[chosen.pose] ? poses[chosen.pose].track : filter.track;
    // Also what was marked before the poses came, and so has none of their tracks.
    const marked = this.labels
      .marks(source, frame)
      .filter((row) => track === null || row.track === track || !poses.some((pose) => pose.track === row.track));
    for (const row of marked) this.labels.unmark(row);
    if (marked.length === 0) this.labels.mark(source, frame, track ?? (poses.length === 1 ? poses[0].track : ""), skeleton);
    speak(marked.length === 0 ? `Frame ${frame} is marked as wrong` : `Frame ${frame} is not marked any more`);
    this.refresh();
  }

  /** @param {"move" | "end" | "choose"} kind */
  #edited(kind) {
    const { chosen, poses, skeleton } = this.stage;
    if (kind === "end" && chosen !== null && poses[chosen.pose] && skeleton !== null) {
      const { source, frame } = this.where();
      this.labels.correct(source, frame, poses[chosen.pose], skeleton);
    }
    if (kind !== "move") this.refresh();
  }

  /** Places the chosen point where it is missing, and goes to the next that is. @param {number[]} point */
  #place(point) {
    const { chosen, poses } = this.stage;
    if (chosen === null || poses[chosen.pose]?.points[chosen.k] !== null) return false;
    this.stage.moveChosen(point);
    this.#edited("end");
    const missing = poses[chosen.pose].points.indexOf(null);
    if (missing >= 0) this.choose(chosen.pose, missing);
    return true;
  }
}
