// @ts-check
import { el } from "./dom.js";
import { drawLabel, drawPoses, extentOf, nearest, toCanvas, toFrame } from "./skeleton.js";

/** A frame with its poses on it: zoomed, pointed at, and its points dragged. */
export class Stage {
  /** @param {string} label What the canvas is called for screen readers. */
  constructor(label) {
    this.canvas = el("canvas", { tabIndex: 0, role: "img", "aria-label": label });
    this.note = el("span", { className: "badge note", hidden: true });
    this.element = el(
      "div",
      { className: "stage" },
      this.canvas,
      this.note,
      el(
        "div",
        { className: "zoom" },
        this.#button("−", "Farther", () => this.zoom(1 / 1.4)),
        this.#button("+", "Closer", () => this.zoom(1.4)),
        this.#button("◎", "The next subject, close", () => this.zoomToNext()),
        this.#button("⤢", "All of the frame", () => this.fit()),
      ),
    );
    this.closeTo = -1;
    /** @type {ImageBitmap | null} */
    this.picture = null;
    /** Size of the frame itself, which the picture may be a smaller copy of. */
    this.size = { width: 1, height: 1 };
    /** @type {import("./skeleton.js").Skeleton | null} */
    this.skeleton = null;
    /** @type {import("./skeleton.js").Pose[]} */
    this.poses = [];
    /** @type {import("./skeleton.js").Filter} */
    this.filter = { threshold: 0, parts: null, track: null };
    this.view = { x: 0, y: 0, scale: 1 };
    this.isFitted = true;
    /**
     * The point that is moved by keys; its pose is -1 while the frame has none of its track.
     * @type {{ pose: number, k: number } | null}
     */
    this.chosen = null;
    this.chosenTrack = "";
    /** @type {{ pose: number, k: number } | null} */
    this.hovered = null;
    this.canEdit = false;
    /** While true, dragging draws a box. */
    this.drawsBox = false;
    /** @type {number[] | null} */
    this.box = null;
    /** The one that is being drawn. @type {number[] | null} */
    this.drawnBox = null;
    /** @type {(change: "move" | "end" | "choose") => void} */
    this.onEdit = () => {};
    /** @type {(box: number[]) => void} */
    this.onBox = () => {};
    /** @type {(point: number[]) => boolean} A click on no point; true: it was of use. */
    this.onPlace = () => false;
    new ResizeObserver(() => this.#resize()).observe(this.canvas);
    this.#listen();
  }

  /** @param {ImageBitmap | null} picture @param {{ width: number, height: number }} size */
  show(picture, size) {
    const isNew = size.width !== this.size.width || size.height !== this.size.height;
    this.picture = picture;
    this.size = { width: size.width, height: size.height };
    if (isNew || this.isFitted) this.fit();
    else this.draw();
  }

  /** Shows other poses; the chosen point stays that of the same track. @param {import("./skeleton.js").Pose[]} poses */
  setPoses(poses) {
    if (this.chosen !== null) {
      this.chosenTrack = this.poses[this.chosen.pose]?.track ?? this.chosenTrack;
      this.chosen = { pose: poses.findIndex((pose) => pose.track === this.chosenTrack), k: this.chosen.k };
    }
    this.poses = poses;
  }

  fit() {
    const { width, height } = this.canvas;
    const scale = Math.min(width / this.size.width, height / this.size.height) || 1;
    this.view = { scale, x: (width - scale * this.size.width) / 2, y: (height - scale * this.size.height) / 2 };
    this.isFitted = true;
    this.draw();
  }

  /** @param {number} factor @param {number} [x] @param {number} [y] The place that stays where it is. */
  zoom(factor, x = this.canvas.width / 2, y = this.canvas.height / 2) {
    const scale = Math.min(Math.max(this.view.scale * factor, 0.02), 60);
    const real = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * real, y: y - (y - this.view.y) * real };
    this.isFitted = false;
    this.draw();
  }

  /** Shows one subject after the other as large as it fits. */
  zoomToNext() {
    if (this.poses.length === 0) return;
    this.closeTo = (this.closeTo + 1) % this.poses.length;
    const [left, top, right, bottom] = extentOf(this.poses[this.closeTo]);
    if (right < left) return;
    const { width, height } = this.canvas;
    const scale = 0.6 * Math.min(width / Math.max(right - left, 4), height / Math.max(bottom - top, 4));
    this.view = { scale, x: width / 2 - ((left + right + 1) / 2) * scale, y: height / 2 - ((top + bottom + 1) / 2) * scale };
    this.isFitted = false;
    this.draw();
  }

  draw() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const { x, y, scale } = this.view;
    if (this.picture !== null) {
      context.imageSmoothingEnabled = scale < 3;
      context.drawImage(this.picture, x, y, this.size.width * scale, this.size.height * scale);
    }
    if (this.skeleton !== null) drawPoses(context, this.skeleton, this.poses, this.view, this.filter, this.chosen);
    const box = this.drawnBox ?? this.box;
    if (box !== null) this.#drawBox(context, box);
    const named = this.hovered ?? this.chosen;
    const point = named && this.poses[named.pose]?.points[named.k];
    if (named && point && this.skeleton !== null) {
      const [px, py] = toCanvas(this.view, point);
      const sure = this.poses[named.pose].edited || point[2] === undefined ? "" : ` ${Math.round(100 * point[2])} %`;
      drawLabel(context, px, py, `${this.skeleton.keypoints[named.k]}${sure}`);
    }
  }

  #resize() {
    const ratio = devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0) return;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (this.isFitted) this.fit();
    else this.draw();
  }

  /** @param {string} text @param {string} label @param {() => void} act */
  #button(text, label, act) {
    return el("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} box */
  #drawBox(context, [x, y, width, height]) {
    const [left, top] = toCanvas(this.view, [x - 0.5, y - 0.5]);
    context.strokeStyle = "#ffd166";
    context.lineWidth = 2 * (devicePixelRatio || 1);
    context.strokeRect(left, top, width * this.view.scale, height * this.view.scale);
  }

  /** @param {PointerEvent | WheelEvent} event */
  #place(event) {
    const frame = this.canvas.getBoundingClientRect();
    const ratio = this.canvas.width / frame.width;
    return [(event.clientX - frame.left) * ratio, (event.clientY - frame.top) * ratio];
  }

  #listen() {
    /**
     * @typedef {{ kind: "point" | "pan" | "box", x: number, y: number, moved: boolean, pose?: import("./skeleton.js").Pose,
     *   k: number }} Drag
     */
    let drag = /** @type {Drag | null} */ (null);
    const reach = (/** @type {PointerEvent} */ event) => (event.pointerType === "touch" ? 28 : 14) * (devicePixelRatio || 1);
    const finish = () => {
      const ended = drag;
      drag = null;
      const box = this.drawnBox;
      this.drawnBox = null;
      if (ended?.kind === "point" && ended.moved && isHeld(ended)) this.onEdit("end");
      else if (ended?.kind === "box" && box !== null) {
        if (box[2] >= 4 && box[3] >= 4) this.onBox(box);
        else this.draw();
      }
      return ended;
    };
    // Poses of another frame may have come meanwhile: what is dragged is not theirs.
    const isHeld = (/** @type {Drag} */ { pose, k }) => {
      const number = pose === undefined ? -1 : this.poses.indexOf(pose);
      if (number >= 0) this.chosen = { pose: number, k };
      return number >= 0;
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const [x, y] = this.#place(event);
      const hit = nearest(this.poses, this.view, this.filter, x, y, reach(event));
      this.canvas.setPointerCapture(event.pointerId);
      const kind = this.drawsBox ? "box" : this.canEdit && hit ? "point" : "pan";
      drag = { kind, x, y, moved: false, pose: hit ? this.poses[hit.pose] : undefined, k: hit?.k ?? 0 };
      if (drag.kind === "point") {
        this.chosen = hit;
        this.onEdit("choose");
        this.draw();
      }
    });
    this.canvas.addEventListener("pointermove", (event) => {
      const [x, y] = this.#place(event);
      // A button that was let go elsewhere.
      if (drag !== null && event.buttons === 0) finish();
      if (drag === null) {
        const hit = nearest(this.poses, this.view, this.filter, x, y, reach(event));
        if (hit?.k !== this.hovered?.k || hit?.pose !== this.hovered?.pose) {
          this.hovered = hit;
          this.draw();
        }
        return;
      }
      drag.moved ||= Math.hypot(x - drag.x, y - drag.y) > 4;
      if (!drag.moved) return;
      if (drag.kind === "point") {
        if (!isHeld(drag)) return void (drag = null);
        this.moveChosen(toFrame(this.view, x, y));
      } else if (drag.kind === "box") this.drawnBox = boxOf(toFrame(this.view, drag.x, drag.y), toFrame(this.view, x, y));
      else {
        this.view = { ...this.view, x: this.view.x + x - drag.x, y: this.view.y + y - drag.y };
        this.isFitted = false;
        [drag.x, drag.y] = [x, y];
      }
      this.draw();
    });
    this.canvas.addEventListener("pointerup", (event) => {
      const [x, y] = this.#place(event);
      if (event.button !== 0) return;
      const ended = finish();
      if (ended?.kind !== "box" && ended?.moved === false && this.canEdit && this.onPlace(toFrame(this.view, x, y))) this.draw();
    });
    this.canvas.addEventListener("pointercancel", finish);
    this.canvas.addEventListener("lostpointercapture", finish);
    this.canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.draw();
    });
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const [x, y] = this.#place(event);
        this.zoom(Math.exp(-event.deltaY / 400), x, y);
      },
      { passive: false },
    );
  }

  /** Moves the chosen point. @param {number[]} place In pixels of the frame. */
  moveChosen(place) {
    const pose = this.chosen && this.poses[this.chosen.pose];
    if (!pose || this.chosen === null) return;
    const inside = [
      Math.min(Math.max(place[0], -0.5), this.size.width - 0.5),
      Math.min(Math.max(place[1], -0.5), this.size.height - 0.5),
    ];
    pose.points[this.chosen.k] = [...inside, 1];
    pose.edited = true;
    this.onEdit("move");
    this.draw();
  }
}

/** A box by its centre pixels: half a pixel inside the edges that were drawn. @param {number[]} from @param {number[]} to */
function boxOf(from, to) {
  return [Math.min(from[0], to[0]) + 0.5, Math.min(from[1], to[1]) + 0.5, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
}
