// @ts-check
/** What was corrected and marked, kept in the page until it is saved, also over a reload. */

const KEY = "keypointml-studio-labels";

/**
 * @typedef {{ source: string, frame: number, track: string, box: number[] | null, points: (number[] | null)[] | null,
 *   wrong: boolean, note: string }} Label
 */

export class Labels {
  constructor() {
    /** @type {Map<string, Label>} */
    this.rows = new Map();
    /** @type {import("./skeleton.js").Skeleton | null} */
    this.skeleton = null;
    this.isSaved = true;
    /** @type {() => void} */
    this.onChange = () => {};
    this.#restore();
  }

  /**
   * @param {string} source @param {number} frame @param {import("./skeleton.js").Pose} pose
   * @param {import("./skeleton.js").Skeleton} skeleton
   */
  correct(source, frame, pose, skeleton) {
    const row = this.#row(source, frame, pose.track);
    row.points = pose.points.map((point) => point && [point[0], point[1]]);
    row.box = pose.box;
    this.skeleton = skeleton;
    this.#changed();
  }

  /**
   * Marks or unmarks. @param {string} source @param {number} frame @param {string} track
   * @param {import("./skeleton.js").Skeleton | null} skeleton
   */
  mark(source, frame, track, skeleton) {
    const row = this.#row(source, frame, track);
    row.wrong = !row.wrong;
    if (!row.wrong && row.points === null) this.rows.delete(key(source, frame, track));
    this.skeleton ??= skeleton;
    this.#changed();
    return row.wrong;
  }

  /** @param {string} source @param {number} frame @param {string} track */
  of(source, frame, track) {
    return this.rows.get(key(source, frame, track));
  }

  /** Every label of a frame. @param {string} source @param {number} frame */
  in(source, frame) {
    return [...this.rows.values()].filter((row) => row.source === source && row.frame === frame);
  }

  /** Takes a pose's correction back. @param {string} source @param {number} frame @param {string} track */
  forget(source, frame, track) {
    this.rows.delete(key(source, frame, track));
    this.#changed();
  }

  clear() {
    this.rows.clear();
    this.#changed();
  }

  /** How many poses are corrected, and how many rows are marked. */
  count() {
    const rows = [...this.rows.values()];
    return { poses: rows.filter((row) => row.points !== null).length, marks: rows.filter((row) => row.wrong).length };
  }

  saved() {
    this.isSaved = true;
    this.onChange();
  }

  /** @param {string} source @param {number} frame @param {string} track @returns {Label} */
  #row(source, frame, track) {
    const id = key(source, frame, track);
    const known = this.rows.get(id);
    if (known) return known;
    /** @type {Label} */
    const row = { source, frame, track, box: null, points: null, wrong: false, note: "" };
    this.rows.set(id, row);
    return row;
  }

  #changed() {
    this.isSaved = this.rows.size === 0;
    sessionStorage.setItem(KEY, JSON.stringify({ skeleton: this.skeleton, rows: [...this.rows.values()] }));
    this.onChange();
  }

  #restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
      if (kept === null) return;
      this.skeleton = kept.skeleton;
      for (const row of kept.rows) this.rows.set(key(row.source, row.frame, row.track), row);
      this.isSaved = this.rows.size === 0;
    } catch {
      sessionStorage.removeItem(KEY);
    }
  }
}

/** @param {string} source @param {number} frame @param {string} track */
function key(source, frame, track) {
  return `${source}\n${frame}\n${track}`;
}
