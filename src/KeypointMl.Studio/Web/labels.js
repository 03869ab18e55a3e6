// @ts-check
/** What was corrected and marked, kept in the page until it is saved, also over a reload. */

/**
 * @typedef {{ source: string, frame: number, track: string, box: number[] | null, points: (number[] | null)[] | null,
 *   wrong: boolean, note: string, skeleton: number }} Label skeleton: which of the skeletons names its points.
 */

export class Labels {
  /** @param {string} place What the files belong to: those of other roots have the same names. */
  constructor(place) {
    this.key = `keypointml-studio-labels-${place}`;
    /** By which the server knows what this page saved. */
    this.page = crypto.randomUUID();
    /** @type {Map<string, Label>} */
    this.rows = new Map();
    /** Each model's or file's own; labels of one are not those of another. @type {import("./skeleton.js").Skeleton[]} */
    this.skeletons = [];
    /** The names of files that hold what was saved. @type {Set<string>} */
    this.files = new Set();
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
    row.skeleton = this.#numberOf(skeleton);
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
    else if (row.points === null && skeleton !== null) row.skeleton = this.#numberOf(skeleton);
    this.#changed();
    return row.wrong;
  }

  /** Every label of a frame. @param {string} source @param {number} frame */
  in(source, frame) {
    return [...this.rows.values()].filter((row) => row.source === source && row.frame === frame);
  }

  /** Whether a row's points are called as a skeleton's. @param {Label} row @param {import("./skeleton.js").Skeleton | null} skeleton */
  isOf(row, skeleton) {
    return skeleton !== null && sameNames(this.skeletons[row.skeleton], skeleton);
  }

  /** Takes a pose's correction back. @param {string} source @param {number} frame @param {string} track */
  forget(source, frame, track) {
    this.rows.delete(key(source, frame, track));
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
      page: this.page,
    })).filter((request) => request.rows.length > 0 || this.files.has(request.name));
  }

  /** @param {{ name: string, rows: unknown[] }[]} requests */
  saved(requests) {
    for (const { name, rows } of requests) {
      if (rows.length > 0) this.files.add(name);
      else this.files.delete(name);
    }
    this.isSaved = true;
    this.#keep();
    this.onChange();
  }

  /** @param {string} source @param {number} frame @param {string} track @returns {Label} */
  #row(source, frame, track) {
    const id = key(source, frame, track);
    const known = this.rows.get(id);
    if (known) return known;
    /** @type {Label} */
    const row = { source, frame, track, box: null, points: null, wrong: false, note: "", skeleton: 0 };
    this.rows.set(id, row);
    return row;
  }

  /** @param {import("./skeleton.js").Skeleton} skeleton */
  #numberOf(skeleton) {
    const known = this.skeletons.findIndex((one) => sameNames(one, skeleton));
    return known >= 0 ? known : this.skeletons.push(skeleton) - 1;
  }

  #changed() {
    this.isSaved = this.rows.size === 0 && this.files.size === 0;
    this.#keep();
    this.onChange();
  }

  #keep() {
    const { page, skeletons, isSaved } = this;
    sessionStorage.setItem(this.key, JSON.stringify({ page, skeletons, isSaved, files: [...this.files], rows: [...this.rows.values()] }));
  }

  #restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
      if (kept === null) return;
      this.page = kept.page;
      this.skeletons = kept.skeletons;
      this.files = new Set(kept.files);
      this.isSaved = kept.isSaved;
      for (const row of kept.rows) this.rows.set(key(row.source, row.frame, row.track), row);
    } catch {
      sessionStorage.removeItem(this.key);
    }
  }
}

/** @param {import("./skeleton.js").Skeleton | undefined} one @param {import("./skeleton.js").Skeleton} other */
function sameNames(one, other) {
  return one?.keypoints.join("\n") === other.keypoints.join("\n");
}

/** @param {string} source @param {number} frame @param {string} track */
function key(source, frame, track) {
  return `${source}\n${frame}\n${track}`;
}
