// @ts-check
import { el } from "./dom.js";

const KINDS = /** @type {const} */ ({ jump: "#e4572e", bone: "#b57edc", flip: "#2a9df4", track: "#d19a00" });

/**
 * @typedef {{ frame: number, track: string, kind: keyof typeof KINDS, title: string, words: string }} Event
 * @typedef {{ frames: number, buckets: number, keypoints: string[],
 *   tracks: { track: string, confidence: (number | null)[][] }[], otherTracks: string[], events: Event[] }} Times
 */

/** Confidence per part over time, a row each, and what happens. */
export class Timeline {
  /** @param {(frame: number) => void} seek */
  constructor(seek) {
    this.seek = seek;
    /** @type {Times | null} */
    this.times = null;
    this.frame = 0;
    /** @type {{ name: string, bottom: number, values: (number | null)[] }[]} */
    this.rows = [];
    /** @type {import("./skeleton.js").Filter} */
    this.filter = { threshold: 0, parts: null, track: null };
    this.canvas = el("canvas", {
      height: 90,
      role: "img",
      "aria-label": "Confidence of each part over time; events are in the list below",
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        this.canvas.setPointerCapture(event.pointerId);
        this.#point(event);
      },
      onpointermove: (/** @type {PointerEvent} */ event) => {
        if (event.buttons) this.#point(event);
        else this.canvas.title = this.#words(event);
      },
    });
    this.choice = el("select", {
      "aria-label": "Events",
      onchange: () => this.choice.value !== "" && this.seek(Number(this.choice.value)),
    });
    this.legend = el(
      "span",
      { className: "legend" },
      ...Object.entries(KINDS).map(([kind, colour]) => {
        const swatch = el("i", { className: "swatch" });
        swatch.style.background = colour;
        return el("span", {}, swatch, kind);
      }),
    );
    this.leftOut = el("span", { className: "faint" });
    this.element = el(
      "div",
      { className: "timeline", hidden: true },
      this.canvas,
      el(
        "div",
        { className: "events" },
        el("button", { type: "button", onclick: () => this.jump(-1) }, "‹ Event"),
        el("button", { type: "button", onclick: () => this.jump(1) }, "Event ›"),
        this.choice,
        this.legend,
        this.leftOut,
      ),
    );
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** @param {Times | null} times */
  show(times) {
    this.times = times;
    this.element.hidden = times === null;
    const others = times?.otherTracks.length ?? 0;
    this.leftOut.textContent = others > 0 ? `the ${times?.tracks.length} longest tracks; ${others} are not drawn` : "";
    this.choice.replaceChildren(
      el("option", { value: "" }, `The ${times?.events.length ?? 0} gravest events`),
      ...this.#events()
        .slice(0, 500)
        .map((event) =>
          el(
            "option",
            { value: String(event.frame) },
            `${event.frame} · ${event.track === "" ? "" : `track ${event.track} · `}${event.title}: ${event.words}`,
          ),
        ),
    );
    this.draw();
  }

  /** @param {number} direction */
  jump(direction) {
    const frames = this.#events().map((event) => event.frame);
    const next = direction > 0 ? frames.find((frame) => frame > this.frame) : frames.findLast((frame) => frame < this.frame);
    if (next !== undefined) this.seek(next);
  }

  /** @param {number} frame */
  at(frame) {
    this.frame = frame;
    this.draw();
  }

  draw() {
    const times = this.times;
    const width = Math.round(this.canvas.clientWidth * (devicePixelRatio || 1));
    if (times === null || width === 0) return;
    const tracks = times.tracks.filter((track) => this.filter.track === null || track.track === this.filter.track);
    const parts = times.keypoints.map((_, k) => k).filter((k) => this.filter.parts === null || this.filter.parts.has(k));
    const row = Math.max(3, Math.min(9, Math.floor(120 / Math.max(1, tracks.length * parts.length)))) * (devicePixelRatio || 1);
    const marks = 12 * (devicePixelRatio || 1);
    this.canvas.width = width;
    this.canvas.height = Math.round(marks + tracks.length * (parts.length * row + 4));
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    context.fillStyle = dark ? "#0d1111" : "#e3e7e3";
    context.fillRect(0, 0, width, this.canvas.height);
    for (const event of this.#events()) {
      context.fillStyle = KINDS[event.kind];
      context.fillRect((event.frame / times.frames) * width, 0, Math.max(1.5, width / times.frames), marks - 3);
    }
    let top = marks;
    this.rows = [{ name: "Events", bottom: marks, values: [] }];
    for (const track of tracks) {
      for (const k of parts) {
        track.confidence[k].forEach((value, bucket) => {
          if (value === null) return;
          context.fillStyle = heat(value, dark);
          context.fillRect((bucket / times.buckets) * width, top, width / times.buckets + 0.6, row - 0.5);
        });
        top += row;
        this.rows.push({
          name: `${track.track === "" ? "" : `track ${track.track}, `}${times.keypoints[k]}`,
          bottom: top,
          values: track.confidence[k],
        });
      }
      top += 4;
    }
    context.fillStyle = dark ? "#fff" : "#000";
    context.fillRect(((this.frame + 0.5) / times.frames) * width - 1, 0, 2, this.canvas.height);
  }

  /** What is under the pointer. @param {PointerEvent} event */
  #words(event) {
    const frame = this.canvas.getBoundingClientRect();
    const row = this.rows.find((one) => (event.clientY - frame.top) * (devicePixelRatio || 1) < one.bottom);
    if (this.times === null || row === undefined) return "";
    const value = row.values[Math.floor(((event.clientX - frame.left) / frame.width) * this.times.buckets)];
    return `${row.name}: ${value === null || value === undefined ? "not seen" : `${Math.round(100 * value)} %`}`;
  }

  #events() {
    const track = this.filter.track;
    return (this.times?.events ?? []).filter((event) => track === null || event.track === track).toSorted((a, b) => a.frame - b.frame);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const frame = this.canvas.getBoundingClientRect();
    if (this.times) this.seek(Math.floor(((event.clientX - frame.left) / frame.width) * this.times.frames));
  }
}

/** From doubtful (warm) to sure (cool). @param {number} value @param {boolean} dark */
function heat(value, dark) {
  return `hsl(${12 + 160 * value} ${70 - 25 * value}% ${dark ? 34 + 14 * (1 - value) : 44 + 20 * value}%)`;
}
