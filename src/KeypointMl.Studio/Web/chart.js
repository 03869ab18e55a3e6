// @ts-check
import { colour, el, svg } from "./dom.js";

const WIDTH = 420,
  HEIGHT = 210,
  LEFT = 46,
  RIGHT = 12,
  TOP = 10,
  BOTTOM = 26;

/** @typedef {{ name: string, points: number[][], colour?: string, isIdeal?: boolean }} Series */

/**
 * A line chart.
 * @param {string} title @param {Series[]} series @param {string} along What the horizontal axis is.
 */
export function chart(title, series, along) {
  const there = series.map((one) => ({ ...one, points: one.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)) }));
  const all = there.flatMap((one) => one.points);
  const figure = el("figure", { className: "chart panel" }, el("h3", {}, title));
  if (all.length === 0) {
    figure.append(el("p", { className: "faint" }, "No points yet."));
    return figure;
  }
  const [x0, x1] = range(all.map((point) => point[0]));
  const [y0, y1] = range(all.map((point) => point[1]));
  const toX = (/** @type {number} */ x) => LEFT + ((x - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const toY = (/** @type {number} */ y) => HEIGHT - BOTTOM - ((y - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  const last = there.map((one) => one.points.at(-1));
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": `${title}. ${there.map((one, i) => `${one.name}: ${describe(last[i], along)}`).join("; ")}`,
  });
  for (const y of ticks(y0, y1, 4)) {
    drawing.append(
      svg("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: toY(y), y2: toY(y) }),
      svg("text", { x: LEFT - 6, y: toY(y) + 4, "text-anchor": "end" }, short(y)),
    );
  }
  for (const x of ticks(x0, x1, 5)) drawing.append(svg("text", { x: toX(x), y: HEIGHT - 8, "text-anchor": "middle" }, short(x)));
  there.forEach((one, i) => {
    const path = svg("path", {
      class: one.isIdeal ? "curve ideal" : "curve",
      d: one.points.map(([x, y], n) => `${n ? "L" : "M"}${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`).join(""),
    });
    path.style.stroke = one.colour ?? colour(i);
    drawing.append(path);
  });
  const reading = el("p", { className: "faint" }, `by ${along}`);
  drawing.addEventListener("pointermove", (event) => {
    const frame = drawing.getBoundingClientRect();
    const x = x0 + ((((event.clientX - frame.left) / frame.width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT)) * (x1 - x0);
    reading.textContent = `${along} ${short(Math.min(Math.max(x, x0), x1))}: ${there
      .filter((one) => !one.isIdeal && one.points.length > 0)
      .map((one) => `${one.name} ${short(nearest(one.points, x)[1])}`)
      .join(" · ")}`;
  });
  drawing.addEventListener("pointerleave", () => {
    reading.textContent = `by ${along}`;
  });
  figure.append(/** @type {any} */ (drawing));
  if (there.length > 1) figure.append(legend(there));
  figure.append(reading);
  return figure;
}

/** @param {Series[]} series */
export function legend(series) {
  return el(
    "div",
    { className: "legend" },
    ...series.map((one, i) => {
      const swatch = el("i", { className: "swatch" });
      swatch.style.background = one.colour ?? colour(i);
      return el("span", {}, swatch, one.name);
    }),
  );
}

/** A number in few characters. @param {number} value */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 100_000) return `${+(value / 1000).toPrecision(3)}k`;
  return size >= 100 ? String(Math.round(value)) : String(+value.toPrecision(3));
}

/** @param {number[]} values */
function range(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > 0 && low < high * 0.4) low = 0;
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** @param {number} low @param {number} high @param {number} count */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-6; at += step) found.push(+at.toPrecision(12));
  return found;
}

/** @param {number[][]} points @param {number} x */
function nearest(points, x) {
  return points.reduce((best, point) => (Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best));
}

/** @param {number[] | undefined} point @param {string} along */
function describe(point, along) {
  return point ? `${short(point[1])} at ${along} ${short(point[0])}` : "none";
}
