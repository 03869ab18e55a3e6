// @ts-check
import { getPicture } from "./api.js";

const MOST = 48;

/**
 * A frame's picture, which may be shrunk, and the frame's own size.
 * @typedef {{ bitmap: ImageBitmap, width: number, height: number }} Picture
 */

/** The pictures of a file's frames: the last ones are kept, and those that come next are fetched ahead. */
export class Frames {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
    /** @type {Map<number, Picture>} */
    this.kept = new Map();
    /** @type {Map<number, { picture: Promise<Picture>, stop: AbortController }>} */
    this.pending = new Map();
  }

  /** A frame that is there already. @param {number} frame */
  peek(frame) {
    return this.kept.get(frame);
  }

  /** @param {number} frame @returns {Promise<Picture>} */
  async read(frame) {
    const known = this.kept.get(frame);
    if (known) {
      // The one that is shown is never the oldest.
      this.kept.delete(frame);
      this.kept.set(frame, known);
      return known;
    }
    let pending = this.pending.get(frame);
    if (!pending) {
      const stop = new AbortController();
      pending = { picture: this.#fetch(frame, stop.signal), stop };
      this.pending.set(frame, pending);
      pending.picture.finally(() => this.pending.delete(frame)).catch(() => {});
    }
    return pending.picture;
  }

  /** Asks no more for frames that nobody waits for: all but those from one on, some of them. @param {number} frame @param {number} count */
  keepOnly(frame, count) {
    for (const [number, { stop }] of this.pending) {
      if (number < frame || number >= frame + count) stop.abort();
    }
  }

  /** The key frame before a frame, which comes at once, and its number. @param {number} frame @param {AbortSignal} signal */
  async readNear(frame, signal) {
    const answer = await getPicture("/api/frame", { file: this.file, frame, near: 1 }, signal);
    return { frame: answer.frame, picture: await pictureOf(answer) };
  }

  close() {
    this.keepOnly(0, 0);
    for (const picture of this.kept.values()) picture.bitmap.close();
    this.kept.clear();
  }

  /** @param {number} frame @param {AbortSignal} signal */
  async #fetch(frame, signal) {
    const picture = await pictureOf(await getPicture("/api/frame", { file: this.file, frame }, signal));
    this.kept.set(frame, picture);
    if (this.kept.size > MOST) {
      const [oldest] = this.kept.keys();
      this.kept.get(oldest)?.bitmap.close();
      this.kept.delete(oldest);
    }
    return picture;
  }
}

/** @param {{ blob: Blob, width: number, height: number }} answer @returns {Promise<Picture>} */
async function pictureOf({ blob, width, height }) {
  return { bitmap: await createImageBitmap(blob), width, height };
}
