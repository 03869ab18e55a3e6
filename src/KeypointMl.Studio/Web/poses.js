// @ts-check
import { get } from "./api.js";

const MOST = 64;

/** @typedef {{ skeleton: import("./skeleton.js").Skeleton, from: string, poses: import("./skeleton.js").Pose[] }} Answer */

/** The poses of frames as they were answered; the last ones are kept, so that a video plays with its poses. */
export class PoseSource {
  constructor() {
    /** @type {Map<string, Answer>} */
    this.kept = new Map();
  }

  /** What is known already, as a copy that may be edited. @param {Record<string, unknown>} asked */
  peek(asked) {
    const known = this.kept.get(JSON.stringify(asked));
    return known && structuredClone(known);
  }

  /** @param {Record<string, unknown>} asked @param {AbortSignal} [signal] @returns {Promise<Answer>} */
  async read(asked, signal) {
    const known = this.peek(asked);
    if (known) return known;
    const answer = await get("/api/poses", asked, signal);
    this.kept.set(JSON.stringify(asked), answer);
    if (this.kept.size > MOST) this.kept.delete([...this.kept.keys()][0]);
    return structuredClone(answer);
  }

  /** Forgets all: there are other predictions now. */
  clear() {
    this.kept.clear();
  }
}

/** A frame in words. @param {number} frame @param {any} media @param {import("./stage.js").Stage} stage */
export function describe(frame, media, stage) {
  const { poses, skeleton } = stage;
  let least = { name: "", value: 2 };
  for (const pose of poses) {
    pose.points.forEach((point, k) => {
      if (point !== null && point[2] < least.value) least = { name: skeleton?.keypoints[k] ?? "", value: point[2] };
    });
  }
  const place = media.kind === "video" ? `Frame ${frame} of ${media.frames}` : "Image";
  const subjects = `${poses.length} ${poses.length === 1 ? "subject" : "subjects"}`;
  return `${place}, ${subjects}${least.value <= 1 ? `; least sure of ${least.name}, ${Math.round(100 * least.value)} percent` : ""}`;
}
