// @ts-check
import { store, toast } from "./dom.js";

/** What was corrected and marked, kept in the page until it is saved, also over a reload. */

/**
 * @typedef {{ source: string, frame: number, track: string, box: number[] | null, points: (number[] | null)[] | null,
 *   wrong: boolean, skeleton: number }} Label skeleton: which of the skeletons names its points.
 */

export class Labels {
  /**
   * @param {string} place What the files belong to: those of other roots have the same names.
   * @param {string} start The studio's start: what was dropped on an earlier one is gone.
   */
  constructor(place, start) {
    this.key = `keypointml-studio-labels-${place}`;
    this.start = start;
    /** @type {Map<string, Label>} */
    this.rows = new Map();
    /** Each model's or file's own; labels of one are not those of another. @type {import("./skeleton.js").Skeleton[]} */
    this.skeletons = [];
    /** The names of files that hold what was saved, each with what the server knows that by. @type {Map<string, string>} */
    this.revisions = new Map();
    this.isSaved = true;
    /** Counts changes, so that one that is made while others are being saved is not taken for saved. */
    this.changes = 0;
    this.isKept = true;
    /** @type {() => void} */
    this.onChange = () => {};
    this.#restore();
  }

  /**
   * @param {string} source @param {number} frame @param {import("./skeleton.js").Pose} pose
   * @param {import("./skeleton.js").Skeleton} skeleton
   */
  correct(source, frame, pose, skeleton) {
    const row = this.#row(source, frame, pose.track, skeleton);
    row.points = pose.points.map((point) => point && [point[0], point[1]]);
    row.box = pose.box;
    this.#changed();
  }

  /**
   * Marks a pose, or a frame where the track is empty, as wrong. @param {string} source @param {number} frame @param {string} track
   * @param {import("./skeleton.js").Skeleton | null} skeleton
   */
  mark(source, frame, track, skeleton) {
    this.#row(source, frame, track, skeleton).wrong = true;
    this.#changed();
  }

  /** Takes a mark back. @param {Label} row */
  unmark(row) {
    row.wrong = false;
    if (row.points === null) this.rows.delete(key(row));
    this.#changed();
  }

  /** What of a frame is marked, whatever its points are called. @param {string} source @param {number} frame */
  marks(source, frame) {
    return [...this.rows.values()].filter((row) => row.source === source && row.frame === frame && row.wrong);
  }

  /**
   * The labels of a frame by a skeleton. @param {string} source @param {number} frame
   * @param {import("./skeleton.js").Skeleton | null} skeleton
   */
  in(source, frame, skeleton) {
    const number = this.#numberOf(skeleton);
    return [...this.rows.values()].filter((row) => row.source === source && row.frame === frame && row.skeleton === number);
  }

  /** Takes a label back. @param {Label} row */
  forget(row) {
    this.rows.delete(key(row));
    this.#changed();
  }

  /** How many poses are corrected, and how many rows are marked. */
  count() {
    const rows = [...this.rows.values()];
    return { poses: rows.filter((row) => row.points !== null).length, marks: rows.filter((row) => row.wrong).length };
  }

  /**
   * What is to be saved under a name: a file for each skeleton, and those that nothing is left of.
   * @param {string} name @param {import("./skeleton.js").Skeleton | null} fallback For marks where no skeleton is known.
   */
  requests(name, fallback) {
    return Array.from({ length: Math.max(1, this.skeletons.length) }, (_, i) => ({
      name: i === 0 ? name : name.replace(/(\.[^.]*)?$/, `-${i + 1}$1`),
      skeleton: this.skeletons[i] ?? fallback,
      rows: [...this.rows.values()].filter((row) => row.skeleton === i),
    }))
      .map((request) => ({ ...request, revision: this.revisions.get(request.name) }))
      .filter((request) => request.rows.length > 0 || request.revision !== undefined);
  }

  /** A file was written. @param {{ name: string, rows: unknown[] }} request @param {string} revision */
  wrote({ name, rows }, revision) {
    if (rows.length > 0) this.revisions.set(name, revision);
    else this.revisions.delete(name);
    this.isSaved = this.#isEmpty();
    this.#keep();
  }

  /** All that was asked for is written. @param {number} changes How many changes there were when it was asked for. */
  saved(changes) {
    if (changes === this.changes) this.isSaved = true;
    this.#keep();
    this.onChange();
  }

  /** Forgets a file that this page may not change any more. @param {string} name */
  disown(name) {
    this.revisions.delete(name);
    this.#changed();
  }

  /**
   * @param {string} source @param {number} frame @param {string} track @param {import("./skeleton.js").Skeleton | null} skeleton
   * @returns {Label}
   */
  #row(source, frame, track, skeleton) {
    const number = this.#numberOf(skeleton);
    if (skeleton !== null) this.skeletons[number] ??= skeleton;
    /** @type {Label} */
    const row = { source, frame, track, box: null, points: null, wrong: false, skeleton: number };
    const known = this.rows.get(key(row));
    if (known) return known;
    this.rows.set(key(row), row);
    return row;
  }

  /**
   * A skeleton's number, or the one that it would get. Without one there are only marks.
   * @param {import("./skeleton.js").Skeleton | null} skeleton
   */
  #numberOf(skeleton) {
    if (skeleton === null) return 0;
    const known = this.skeletons.findIndex((one) => sameNames(one, skeleton));
    return known >= 0 ? known : this.skeletons.length;
  }

  #changed() {
    this.changes++;
    this.isSaved = this.#isEmpty();
    this.#keep();
    this.onChange();
  }

  #isEmpty() {
    return this.rows.size === 0 && this.revisions.size === 0;
  }

  #keep() {
    const { start, skeletons, isSaved } = this;
    const kept = { start, skeletons, isSaved, revisions: [...this.revisions], rows: [...this.rows.values()] };
    const wasKept = this.isKept;
    this.isKept = store(this.key, kept);
    if (wasKept && !this.isKept) toast("The browser keeps no more for this page: save before you reload it.", true);
  }

  #restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
      if (kept === null) return;
      this.skeletons = kept.skeletons;
      this.revisions = new Map(kept.revisions);
      this.isSaved = kept.isSaved;
      for (const row of kept.rows) {
        if (isThere(row.source, kept.start, this.start)) this.rows.set(key(row), row);
      }
      const gone = kept.rows.length - this.rows.size;
      if (gone === 0) return;
      this.#changed();
      const what = gone === 1 ? "1 label is" : `${gone} labels are`;
      toast(`${what} left out, of files that were dropped on an earlier start of the studio.`, true);
    } catch {
      sessionStorage.removeItem(this.key);
    }
  }
}

/**
 * Whether a file is the one that it was: what is dropped is kept for one start.
 * @param {string} file @param {string} then @param {string} now
 */
export function isThere(file, then, now) {
  return then === now || !file.startsWith("dropped/");
}

/** @param {import("./skeleton.js").Skeleton} one @param {import("./skeleton.js").Skeleton} other */
function sameNames(one, other) {
  return one.keypoints.join("\n") === other.keypoints.join("\n");
}

/** @param {Label} row */
function key({ skeleton, source, frame, track }) {
  return `${skeleton}\n${source}\n${frame}\n${track}`;
}
