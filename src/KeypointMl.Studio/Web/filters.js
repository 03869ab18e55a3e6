// @ts-check
import { colour, el, field } from "./dom.js";

/** Which points are shown: above a confidence, of some parts, of one track. */
export class Filters {
  /** @param {(filter: import("./skeleton.js").Filter) => void} change */
  constructor(change) {
    this.change = change;
    /** @type {import("./skeleton.js").Filter} */
    this.filter = { threshold: 0, parts: null, track: null };
    /** @type {import("./skeleton.js").Skeleton | null} */
    this.skeleton = null;
    /** @type {Set<string>} */
    this.tracks = new Set();
    this.value = el("span", {}, "0 %");
    this.threshold = el("input", {
      type: "range",
      min: "0",
      max: "100",
      value: "0",
      oninput: () => {
        this.filter.threshold = Number(this.threshold.value) / 100;
        this.value.textContent = `${this.threshold.value} %`;
        this.#tell();
      },
    });
    this.track = el("select", {
      onchange: () => {
        this.filter.track = this.track.value === "*" ? null : this.track.value;
        this.#tell();
      },
    });
    this.trackField = field("Track", this.track);
    this.parts = el("div", { className: "parts", role: "group", "aria-label": "Parts that are shown, with their confidence" });
    this.element = el(
      "div",
      { className: "field" },
      field("Hide points below a confidence of", this.threshold, this.value),
      this.trackField,
      el(
        "span",
        { className: "label" },
        "Parts",
        el(
          "span",
          { className: "row" },
          el("button", { type: "button", className: "quiet", onclick: () => this.#all(true) }, "All"),
          el("button", { type: "button", className: "quiet", onclick: () => this.#all(false) }, "None"),
        ),
      ),
      this.parts,
    );
    this.setTracks([]);
  }

  /** @param {import("./skeleton.js").Skeleton | null} skeleton */
  setSkeleton(skeleton) {
    if (skeleton?.keypoints.join() === this.skeleton?.keypoints.join()) return;
    this.skeleton = skeleton;
    this.filter.parts = null;
    this.parts.replaceChildren(
      ...(skeleton?.keypoints ?? []).map((name, k) => {
        const swatch = el("i", { className: "swatch" });
        swatch.style.background = colour(k);
        const box = el("input", { type: "checkbox", checked: true, onchange: () => this.#read() });
        return el("label", {}, box, swatch, el("span", { className: "name", title: name }, name), el("span", { className: "value" }));
      }),
    );
  }

  /** Forgets the tracks: they are another file's, or other predictions'. */
  forgetTracks() {
    this.tracks.clear();
    this.filter.track = null;
    this.setTracks([]);
  }

  /** Adds tracks to those of the file. @param {string[]} tracks */
  setTracks(tracks) {
    for (const track of tracks) if (track !== "") this.tracks.add(track);
    if (this.filter.track !== null && !this.tracks.has(this.filter.track)) this.filter.track = null;
    const names = [...this.tracks].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    this.trackField.hidden = names.length < 2;
    this.track.replaceChildren(
      el("option", { value: "*" }, "All tracks"),
      ...names.map((name) => el("option", { value: name }, `Track ${name}`)),
    );
    this.track.value = this.filter.track ?? "*";
  }

  /** Writes each part's confidence beside it. @param {import("./skeleton.js").Pose[]} poses */
  setPoses(poses) {
    const shown = poses.filter((pose) => this.filter.track === null || pose.track === this.filter.track);
    this.parts.querySelectorAll(".value").forEach((value, k) => {
      const sure = shown.map((pose) => pose.points[k]?.[2]).filter((one) => one !== undefined);
      value.textContent = sure.length === 0 ? "–" : `${Math.round(100 * Math.min(.../** @type {number[]} */ (sure)))}`;
    });
  }

  /** @param {boolean} isOn */
  #all(isOn) {
    for (const box of this.parts.querySelectorAll("input")) box.checked = isOn;
    this.#read();
  }

  #read() {
    const boxes = [...this.parts.querySelectorAll("input")];
    const parts = boxes.flatMap((box, k) => (box.checked ? [k] : []));
    this.filter.parts = parts.length === boxes.length ? null : new Set(parts);
    this.#tell();
  }

  #tell() {
    this.change(this.filter);
  }
}
