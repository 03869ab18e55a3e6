// @ts-check
import { get, Refused } from "./api.js";
import { Corrections } from "./correct.js";
import { el, empty, field, speak, store, toast, tryTo } from "./dom.js";
import { Files } from "./files.js";
import { Filters } from "./filters.js";
import { listenToKeys } from "./keys.js";
import { isThere, Labels } from "./labels.js";
import { Player } from "./player.js";
import { describe, PoseSource } from "./poses.js";
import { Scoring } from "./scoring.js";
import { Stage } from "./stage.js";
import { Timeline } from "./timeline.js";

/** The part of the page where frames are looked at and corrected. */
export class Look {
  /** @param {HTMLElement} element @param {any} session */
  constructor(element, session) {
    this.element = element;
    this.session = session;
    this.file = "";
    /** Counts what was opened, so that of several the last one is shown. */
    this.openings = 0;
    /** Whether the poses of the frame that is seen are there, or it is known that none come. */
    this.hasPoses = false;
    this.media = /** @type {any} */ (null);
    this.posesAsked = new AbortController();
    this.poses = new PoseSource();
    this.stage = new Stage("No file is open");
    this.player = new Player((frame, picture, isExact) => this.#show(frame, picture, isExact));
    this.timeline = new Timeline((frame) => this.player.step(frame - this.player.frame));
    this.filters = new Filters((filter) => this.#filter(filter));
    this.files = new Files(session.maxUploadBytes, async (file) => {
      await this.open(file);
      this.stage.canvas.focus({ preventScroll: true });
    });
    this.corrections = new Corrections(
      this.stage,
      new Labels(session.place, session.start),
      () => ({ source: this.file, frame: this.player.asked, isExact: !this.player.standsIn, hasPoses: this.hasPoses }),
      () => this.#askPoses(),
    );
    this.model = el(
      "select",
      { onchange: () => this.#askPoses() },
      ...session.models.map((/** @type {any} */ model, /** @type {number} */ i) =>
        el("option", { value: String(i) }, `${model.name} · ${model.width}×${model.height}`),
      ),
    );
    this.boxButton = el("button", { type: "button", "aria-pressed": "false", onclick: () => this.#drawBox() }, "Draw a box");
    this.wholeButton = el("button", { type: "button", hidden: true, onclick: () => this.#useBox(null) }, "No box");
    this.scoring = new Scoring(
      () => this.model.value,
      (file) => this.#scored(file),
    );
    this.from = el("p", { className: "faint" });
    const hint = empty("Nothing is open yet", "Choose a file on the left, or drop an image or a video anywhere on this page.");
    this.middle = el("div", { className: "wide middle" }, hint);
    this.view = el(
      "div",
      { className: "panel view" },
      el("h2", {}, "View"),
      session.models.length > 0 && field("Model", this.model),
      session.models.length > 0 && el("div", { className: "row" }, this.boxButton, this.wholeButton),
      this.from,
      this.scoring.element,
      this.filters.element,
      this.corrections.element,
    );
    element.append(el("div", { className: "desk" }, this.files.element, this.middle, this.view));
    // Whoever takes hold of something means what he sees.
    this.stage.canvas.addEventListener("pointerdown", () => this.corrections.isOn && this.player.stay());
    this.stage.onBox = (box) => this.#useBox(box);
    this.stage.skeleton = session.models[0]?.skeleton ?? session.skeleton ?? null;
    this.filters.setSkeleton(this.stage.skeleton);
    listenToKeys(this);
  }

  async start() {
    const roots = await this.files.load();
    const single = roots.length === 1 && roots[0].kind !== "folder" ? roots[0] : null;
    const kept = JSON.parse(sessionStorage.getItem(`keypointml-studio-open-${this.session.place}`) ?? "null");
    const [file, frame] = kept && isThere(kept[0], kept[2], this.session.start) ? kept : [single?.id, 0];
    if (file) await this.open(file, frame);
  }

  leave() {
    this.player.pause();
  }

  /** @param {string} file @param {number} [frame] */
  async open(file, frame = 0) {
    const opening = ++this.openings;
    const media = await tryTo(() => get("/api/media", { file }));
    if (!media || opening !== this.openings) return;
    this.file = file;
    this.media = media;
    this.files.mark(file);
    this.middle.replaceChildren(this.stage.element, this.player.element, this.timeline.element);
    this.stage.picture = null;
    this.stage.poses = [];
    this.hasPoses = false;
    this.stage.chosen = null;
    this.poses.clear();
    this.timeline.show(null);
    this.filters.forgetTracks();
    this.stage.isFitted = true;
    this.stage.box = null;
    this.wholeButton.hidden = true;
    await this.player.open(file, media, Math.min(frame, media.frames - 1));
    await this.#askTimeline();
    if (opening !== this.openings) return;
    if (this.session.models.length > 0) this.scoring.offer(file, media);
  }

  /** The place that other parts take a picture from: the file, the frame, and a subject's box. */
  current() {
    const pose = this.stage.poses[this.stage.chosen?.pose ?? 0];
    return { file: this.file, frame: Math.max(this.player.shown, 0), box: (this.stage.box ?? pose?.box)?.join(",") };
  }

  /** @param {number} frame @param {import("./frames.js").Picture} picture @param {boolean} isExact */
  #show(frame, picture, isExact) {
    const known = isExact ? this.poses.peek(this.#posesAt(frame)) : undefined;
    // Never the poses of another frame.
    this.hasPoses = false;
    this.stage.setPoses(known ? this.corrections.over(known.poses) : []);
    this.stage.show(picture.bitmap, picture);
    this.stage.note.hidden = isExact;
    this.stage.note.textContent = "a frame nearby, while this one is decoded";
    this.timeline.at(frame);
    if (!isExact) return;
    store(`keypointml-studio-open-${this.session.place}`, [this.file, frame, this.session.start]);
    if (this.player.isPlaying) {
      for (let next = frame + 1; next <= Math.min(frame + 3, this.player.count - 1); next++) {
        this.poses.read(this.#posesAt(next)).catch(() => {});
      }
    }
    this.#askPoses();
  }

  /** What is asked for a frame's poses. @param {number} frame */
  #posesAt(frame) {
    return { file: this.file, frame, model: this.model.value, box: this.stage.box?.join(",") };
  }

  async #askPoses() {
    const { file, media } = this;
    const frame = this.player.shown;
    if (file === "" || frame < 0 || this.player.standsIn) return;
    this.posesAsked.abort();
    this.posesAsked = new AbortController();
    this.hasPoses = false;
    try {
      const answer = await this.poses.read(this.#posesAt(frame), this.posesAsked.signal);
      if (file === this.file && frame === this.player.shown) this.#setPoses(answer, frame, media);
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError" || file !== this.file || frame !== this.player.shown) return;
      this.hasPoses = true;
      // Without a model there is only what is drawn by hand.
      if (error instanceof Refused && error.status === 409)
        this.#setPoses({ skeleton: this.stage.skeleton, poses: [], from: "" }, frame, media);
      else if (error instanceof Refused) toast(error.message, true);
    }
  }

  /** @param {{ skeleton: any, poses: any[], from: string }} answer @param {number} frame @param {any} media */
  #setPoses(answer, frame, media) {
    this.stage.skeleton = answer.skeleton;
    this.filters.setSkeleton(answer.skeleton);
    this.hasPoses = true;
    this.stage.setPoses(this.corrections.over(answer.poses));
    if (this.stage.chosen?.pose === -1) this.stage.chosen = null;
    this.filters.setTracks([
      ...(this.timeline.times?.tracks ?? []).map((track) => track.track),
      ...(this.timeline.times?.otherTracks ?? []),
      ...answer.poses.map((pose) => pose.track),
    ]);
    this.filters.setPoses(this.stage.poses);
    this.from.textContent =
      answer.from === "predictions" ? "From predictions." : answer.from === "" ? "No model: draw poses by hand." : this.#boxWords();
    this.stage.canvas.setAttribute("aria-label", describe(frame, media, this.stage));
    if (!this.player.isPlaying) speak(describe(frame, media, this.stage));
    this.corrections.refresh();
  }

  #boxWords() {
    const where = this.stage.box !== null ? "in the box" : this.media.hasBoxes ? "in the boxes" : "in the whole frame";
    return `Detected now, ${where}.`;
  }

  async #askTimeline() {
    const { file } = this;
    const has = this.media.kind === "video" && (await tryTo(() => get("/api/media", { file })))?.hasPredictions;
    const times = has && file === this.file ? ((await tryTo(() => get("/api/timeline", { file }))) ?? null) : null;
    if (file !== this.file) return;
    this.timeline.show(times);
    this.timeline.at(this.player.frame);
  }

  /** @param {string} file The video that was scored. */
  async #scored(file) {
    this.poses.clear();
    if (file !== this.file) return;
    this.filters.forgetTracks();
    await this.#askTimeline();
    if (file === this.file) this.#askPoses();
  }

  #drawBox() {
    this.stage.drawsBox = !this.stage.drawsBox;
    this.boxButton.setAttribute("aria-pressed", String(this.stage.drawsBox));
  }

  /** @param {number[] | null} box */
  #useBox(box) {
    this.stage.box = box;
    this.stage.drawsBox = false;
    this.boxButton.setAttribute("aria-pressed", "false");
    this.wholeButton.hidden = box === null;
    this.#askPoses();
  }

  /** @param {import("./skeleton.js").Filter} filter */
  #filter(filter) {
    this.stage.filter = filter;
    this.timeline.filter = filter;
    this.stage.draw();
    this.timeline.show(this.timeline.times);
    this.filters.setPoses(this.stage.poses);
  }
}
