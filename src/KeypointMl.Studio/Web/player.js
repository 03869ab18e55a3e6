// @ts-check
import { Refused } from "./api.js";
import { el, svg, toast } from "./dom.js";
import { Frames } from "./frames.js";

const AHEAD = 4;
const NEAR = 16;
const SCREEN_RATE = 60;
const UNKNOWN_RATE = 25;
const ICONS = {
  first: "M2 2h2v12H2zM14 2v12L5 8z",
  back: "M10 3v10L3 8zM11 3h2v10h-2z",
  play: "M4 2l10 6-10 6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  on: "M6 3l7 5-7 5zM3 3h2v10H3z",
  last: "M12 2h2v12h-2zM2 2l9 6-9 6z",
};

/** Goes through a video's frames: play, step, seek. */
export class Player {
  /** @param {(frame: number, picture: import("./frames.js").Picture, isExact: boolean) => void} show */
  constructor(show) {
    this.show = show;
    /** @type {Frames | null} */
    this.frames = null;
    this.count = 1;
    this.rate = 0;
    this.frame = 0;
    /** The frame whose picture is seen; -1 for none yet. */
    this.shown = -1;
    /** Whether a picture nearby is seen while the frame itself is decoded. */
    this.standsIn = false;
    this.isPlaying = false;
    /** Which playing it is: one that was paused must not go on with the next. */
    this.turn = 0;
    this.seeks = new AbortController();
    this.slider = el("input", {
      type: "range",
      min: "0",
      value: "0",
      id: "seek",
      "aria-label": "Frame",
      oninput: () => this.seek(Number(this.slider.value)),
    });
    this.playButton = this.#button("play", "Play", () => this.toggle());
    this.where = el("output", { for: "seek" });
    this.element = el(
      "div",
      { className: "transport", hidden: true },
      this.slider,
      el(
        "div",
        { className: "buttons" },
        this.#button("first", "First frame", () => this.seek(0)),
        this.#button("back", "A frame back", () => this.step(-1)),
        this.playButton,
        this.#button("on", "A frame on", () => this.step(1)),
        this.#button("last", "Last frame", () => this.seek(this.count - 1)),
        this.where,
      ),
    );
  }

  /** The frame that what is done now is meant for; -1 for none yet. */
  get asked() {
    return this.standsIn ? this.frame : this.shown;
  }

  /** @param {string} file @param {{ frames: number, rate: number, kind: string }} media @param {number} frame */
  async open(file, media, frame) {
    this.pause();
    this.frames?.close();
    this.frames = new Frames(file);
    this.shown = -1;
    this.standsIn = false;
    this.count = media.frames;
    this.rate = Math.max(media.rate || 0, 0);
    this.element.hidden = media.kind !== "video";
    this.slider.max = String(this.count - 1);
    await this.seek(frame);
  }

  /** @param {number} by */
  step(by) {
    this.pause();
    return this.seek(this.frame + by);
  }

  /** @param {number} frame */
  async seek(frame) {
    const frames = this.frames;
    if (frames === null) return;
    this.frame = Math.min(Math.max(Math.round(frame), 0), this.count - 1);
    this.#tell();
    this.seeks.abort();
    this.seeks = new AbortController();
    const { signal } = this.seeks;
    const asked = this.frame;
    frames.keepOnly(asked, AHEAD);
    /** @type {{ frame: number, picture: import("./frames.js").Picture } | null} */
    let near = null;
    try {
      // Far away, a key frame stands in while the frame itself is decoded.
      if (!frames.peek(asked) && !this.isPlaying && Math.abs(asked - this.shown) > NEAR && this.count > 1) {
        near = await frames.readNear(asked, signal);
        if (signal.aborted) return;
        this.shown = near.frame;
        this.standsIn = true;
        this.show(asked, near.picture, false);
      }
      const picture = await frames.read(asked);
      if (signal.aborted) return;
      this.shown = asked;
      this.standsIn = false;
      this.show(asked, picture, true);
    } catch (error) {
      if (signal.aborted || /** @type {Error} */ (error).name === "AbortError") return;
      // Back to what is seen: what is corrected now is of that frame.
      this.frame = Math.max(this.shown, 0);
      this.standsIn = false;
      this.pause();
      if (near !== null) this.show(near.frame, near.picture, true);
      if (error instanceof Refused) toast(error.message, true);
    }
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  async play() {
    if (this.count < 2 || this.isPlaying) return;
    this.isPlaying = true;
    this.#tell();
    if (this.frame >= this.count - 1) this.frame = -1;
    const turn = ++this.turn;
    const goesOn = () => this.isPlaying && turn === this.turn;
    const rate = this.rate || UNKNOWN_RATE;
    // Of more frames a second than a screen shows, some are passed over: time runs as it did.
    const by = Math.max(1, Math.ceil(rate / SCREEN_RATE));
    let due = performance.now();
    while (goesOn() && this.frame < this.count - 1) {
      const next = Math.min(this.frame + by, this.count - 1);
      for (let ahead = next; ahead < Math.min(next + AHEAD, this.count); ahead++) this.frames?.read(ahead).catch(() => {});
      await this.seek(next);
      due = Math.max(due + (1000 * by) / rate, performance.now() - 200);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await new Promise(requestAnimationFrame);
    }
    if (turn === this.turn) this.pause();
  }

  /** Pauses at the frame that is seen, not at the one that would come next. */
  stay() {
    if (!this.isPlaying) return;
    if (!this.standsIn && this.shown >= 0) {
      this.seeks.abort();
      this.frame = this.shown;
    }
    this.pause();
  }

  pause() {
    this.isPlaying = false;
    this.#tell();
  }

  #tell() {
    this.slider.value = String(this.frame);
    const time = this.rate > 0 ? timeText(this.frame / this.rate) : "no frame rate";
    this.slider.setAttribute("aria-valuetext", `frame ${this.frame} of ${this.count}, ${time}`);
    this.where.textContent = `${this.frame} / ${this.count - 1} · ${time}`;
    this.playButton.replaceChildren(icon(this.isPlaying ? "pause" : "play"));
    this.playButton.setAttribute("aria-label", this.isPlaying ? "Pause" : "Play");
  }

  /** @param {keyof typeof ICONS} name @param {string} label @param {() => void} act */
  #button(name, label, act) {
    return el("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(name));
  }
}

/** Minutes and seconds. @param {number} seconds */
function timeText(seconds) {
  const hundredths = Math.round(100 * seconds);
  return `${Math.floor(hundredths / 6000)}:${((hundredths % 6000) / 100).toFixed(2).padStart(5, "0")}`;
}

/** @param {keyof typeof ICONS} name */
function icon(name) {
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}
