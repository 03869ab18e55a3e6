// @ts-check
import { colour } from "./dom.js";

/**
 * @typedef {{ name: string, keypoints: string[], edges: number[][][], pairs: number[][] }} Skeleton
 * @typedef {{ track: string, box: number[] | null, points: (number[] | null)[], edited?: boolean }} Pose
 * @typedef {{ x: number, y: number, scale: number }} View   where the frame's (0,0) corner is on the canvas, and pixels per pixel
 * @typedef {{ threshold: number, parts: Set<number> | null, track: string | null }} Filter
 */

/** From the frame's pixels, whose centres have whole numbers, to the canvas. @param {View} view @param {number[]} point */
export function toCanvas(view, point) {
  return [view.x + (point[0] + 0.5) * view.scale, view.y + (point[1] + 0.5) * view.scale];
}

/** @param {View} view @param {number} x @param {number} y */
export function toFrame(view, x, y) {
  return [(x - view.x) / view.scale - 0.5, (y - view.y) / view.scale - 0.5];
}

/** Whether a point is shown. @param {Pose} pose @param {number} k @param {Filter} filter */
export function isShown(pose, k, filter) {
  const point = pose.points[k];
  return (
    point !== null &&
    (point[2] ?? 1) >= filter.threshold &&
    (filter.parts === null || filter.parts.has(k)) &&
    (filter.track === null || pose.track === filter.track)
  );
}

/**
 * Draws poses: confidence is opacity.
 * @param {CanvasRenderingContext2D} context @param {Skeleton} skeleton @param {Pose[]} poses @param {View} view @param {Filter} filter
 * @param {{ pose: number, k: number } | null} chosen
 */
export function drawPoses(context, skeleton, poses, view, filter, chosen) {
  const ratio = devicePixelRatio || 1;
  poses.forEach((pose, number) => {
    if (filter.track !== null && pose.track !== filter.track) return;
    if (pose.box !== null) drawBox(context, pose, view, ratio, number);
    const size = sizeOf(pose, view) / ratio;
    context.lineCap = "round";
    for (const [from, to] of skeleton.edges) {
      const ends = [end(pose, from, filter), end(pose, to, filter)];
      if (ends[0] === null || ends[1] === null) continue;
      const [x0, y0] = toCanvas(view, ends[0]);
      const [x1, y1] = toCanvas(view, ends[1]);
      context.globalAlpha = 0.15 + 0.85 * Math.min(ends[0][2], ends[1][2]);
      context.strokeStyle = "rgba(0, 0, 0, .55)";
      context.lineWidth = 1.9 * size * ratio;
      line(context, x0, y0, x1, y1);
      context.strokeStyle = colour(to[0]);
      context.lineWidth = size * ratio;
      line(context, x0, y0, x1, y1);
    }
    pose.points.forEach((point, k) => {
      if (point === null || !isShown(pose, k, filter)) return;
      const [x, y] = toCanvas(view, point);
      const isChosen = chosen?.pose === number && chosen.k === k;
      context.globalAlpha = isChosen ? 1 : 0.2 + 0.8 * (point[2] ?? 1);
      context.beginPath();
      context.arc(x, y, (isChosen ? 7 : 1.9 * size) * ratio, 0, 2 * Math.PI);
      context.fillStyle = colour(k);
      context.fill();
      context.lineWidth = (isChosen ? 2.5 : size / 2) * ratio;
      context.strokeStyle = isChosen ? "#fff" : "rgba(0, 0, 0, .7)";
      context.stroke();
    });
    context.globalAlpha = 1;
  });
}

/**
 * Writes a text beside a place, readable on any picture. @param {CanvasRenderingContext2D} context @param {number} x
 * @param {number} y @param {string} text
 */
export function drawLabel(context, x, y, text) {
  const ratio = devicePixelRatio || 1;
  context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  const width = context.measureText(text).width + 12 * ratio;
  const left = Math.min(Math.max(x + 10 * ratio, 0), context.canvas.width - width);
  const top = Math.max(y - 30 * ratio, 0);
  context.fillStyle = "rgba(10, 20, 20, .86)";
  context.beginPath();
  context.roundRect(left, top, width, 22 * ratio, 5 * ratio);
  context.fill();
  context.fillStyle = "#fff";
  context.fillText(text, left + 6 * ratio, top + 15.5 * ratio);
}

/**
 * The point that is nearest to a place, if it is near.
 * @param {Pose[]} poses @param {View} view @param {Filter} filter @param {number} x @param {number} y @param {number} reach
 */
export function nearest(poses, view, filter, x, y, reach) {
  let best = /** @type {{ pose: number, k: number } | null} */ (null);
  let least = reach;
  poses.forEach((pose, number) =>
    pose.points.forEach((point, k) => {
      if (point === null || !isShown(pose, k, filter)) return;
      const [px, py] = toCanvas(view, point);
      const distance = Math.hypot(px - x, py - y);
      if (distance < least) [best, least] = [{ pose: number, k }, distance];
    }),
  );
  return best;
}

/** How thick lines are, so that a small subject is not hidden by its skeleton. @param {Pose} pose @param {View} view */
function sizeOf(pose, view) {
  const [left, top, right, bottom] = extentOf(pose);
  const side = right < left ? 0 : Math.max(right - left, bottom - top) * view.scale;
  return (devicePixelRatio || 1) * Math.min(2.4, Math.max(0.9, side / (devicePixelRatio || 1) / 90));
}

/** Left, top, right and bottom of a pose's points. @param {Pose} pose */
export function extentOf(pose) {
  const extent = [Infinity, Infinity, -Infinity, -Infinity];
  for (const point of pose.points) {
    if (point === null) continue;
    extent[0] = Math.min(extent[0], point[0]);
    extent[1] = Math.min(extent[1], point[1]);
    extent[2] = Math.max(extent[2], point[0]);
    extent[3] = Math.max(extent[3], point[1]);
  }
  return extent;
}

/** The mean of an end's points, with the lowest confidence. @param {Pose} pose @param {number[]} end @param {Filter} filter */
function end(pose, end, filter) {
  const points = end.map((k) => (isShown(pose, k, filter) ? pose.points[k] : null));
  if (points.some((point) => point === null)) return null;
  const there = /** @type {number[][]} */ (points);
  return [
    there.reduce((sum, point) => sum + point[0], 0) / there.length,
    there.reduce((sum, point) => sum + point[1], 0) / there.length,
    Math.min(...there.map((point) => point[2] ?? 1)),
  ];
}

/** @param {CanvasRenderingContext2D} context @param {Pose} pose @param {View} view @param {number} ratio @param {number} number */
function drawBox(context, pose, view, ratio, number) {
  const [x, y, width, height] = /** @type {number[]} */ (pose.box);
  const [left, top] = toCanvas(view, [x - 0.5, y - 0.5]);
  context.globalAlpha = 0.8;
  context.lineWidth = 1.3 * ratio;
  context.strokeStyle = number % 2 === 0 ? "#ffd166" : "#8fd3ff";
  context.setLineDash([5 * ratio, 4 * ratio]);
  context.strokeRect(left, top, width * view.scale, height * view.scale);
  context.setLineDash([]);
  if (pose.track !== "") {
    context.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    context.fillStyle = context.strokeStyle;
    context.fillText(pose.track, left + 3 * ratio, top - 4 * ratio);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
