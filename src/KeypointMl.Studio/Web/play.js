// @ts-check
import { post } from "./api.js";
import { colour, command, el, empty, field, tryTo } from "./dom.js";
import { Stage } from "./stage.js";

/** Drags keypoints, and lets the generator draw the subject so: figures 9 and 10 of the paper. */
export class Play {
  /** @param {HTMLElement} element @param {any} session @param {import("./look.js").Look} look */
  constructor(element, session, look) {
    this.look = look;
    this.session = session;
    const able = session.models
      .map((/** @type {any} */ model, /** @type {number} */ i) => ({ ...model, i }))
      .filter((/** @type {any} */ model) => model.hasGenerator);
    this.isAble = able.length > 0;
    this.model = el(
      "select",
      {
        onchange: () => {
          this.pose = null;
          this.#enable();
        },
      },
      ...able.map((/** @type {any} */ model) => el("option", { value: String(model.i) }, model.name)),
    );
    this.stage = new Stage("The pose: drag its points");
    this.stage.canEdit = true;
    this.stage.element.querySelector(".zoom")?.remove();
    this.stage.onEdit = (kind) => {
      if (kind !== "choose") this.#redraw();
      this.#mark();
    };
    this.drawn = el("img", { alt: "What the generator draws" });
    this.skeletonPicture = el("img", { alt: "The skeleton image, which is all that the generator knows of the pose" });
    this.renderer = el("p", { className: "faint" });
    this.appearance = el("img", { alt: "" });
    this.took = el("span", { className: "badge" });
    this.points = el("select", { onchange: () => this.#choose() });
    this.fromBoth = el(
      "button",
      { type: "button", className: "main", onclick: () => this.#take(true) },
      "Take pose and appearance of the open frame",
    );
    this.fromLook = el("button", { type: "button", onclick: () => this.#take(false) }, "Take its appearance only");
    this.reset = el("button", { type: "button", className: "quiet", onclick: () => this.#reset() }, "Pose as it was");
    this.hint = el("p", { className: "faint" });
    /** @type {{ id: string, width: number, height: number } | null} */
    this.subject = null;
    /** @type {(number[] | null)[] | null} */
    this.pose = null;
    this.isDrawing = false;
    this.again = false;
    this.isTaking = false;
    this.figures = el(
      "div",
      { className: "puppet" },
      el("figure", {}, el("h3", {}, "Pose, on what it was taken from"), this.stage.element),
      el("figure", {}, el("h3", {}, "What the generator draws ", this.took), this.drawn),
      el(
        "figure",
        {},
        el("h3", {}, "The skeleton image"),
        this.skeletonPicture,
        this.renderer,
      ),
    );
    element.append(
      !this.isAble
        ? empty(
            "There is no generator to play with",
            "Start the studio with a detector that has its generator.onnx beside it:",
            command("keypointml studio --model FOLDER PATH"),
          )
        : el(
            "div",
            { className: "wide" },
            el(
              "div",
              { className: "panel" },
              el(
                "p",
                {},
                "Drag a point, and the animal is redrawn in that pose. Open another frame under Look and take its appearance: " +
                  "the pose stays, the looks change.",
              ),
              el("div", { className: "row" }, this.fromBoth, this.fromLook, this.reset),
              this.hint,
              el(
                "div",
                { className: "row" },
                able.length > 1 && field("Model", this.model),
                field("Point to move by the arrow keys", this.points),
              ),
            ),
            this.figures,
          ),
    );
    this.stage.canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  enter() {
    if (this.isAble) this.#enable();
  }

  #enable() {
    const isOpen = this.look.file !== "";
    this.fromBoth.disabled = !isOpen;
    this.fromLook.disabled = !isOpen || this.pose === null;
    this.reset.disabled = this.pose === null;
    this.figures.hidden = this.pose === null;
    this.points.closest(".field")?.toggleAttribute("hidden", this.pose === null);
    this.hint.textContent = isOpen
      ? `Open under Look: ${this.look.files.nameOf(this.look.file)}, frame ${this.look.current().frame}.`
      : "First open an image or a video under Look.";
    if (isOpen && this.pose === null && !this.isTaking) this.#take(true);
  }

  /** @param {boolean} withPose */
  async #take(withPose) {
    this.isTaking = true;
    const taken = await tryTo(() => post("/api/appearance", { ...this.look.current(), model: this.model.value }));
    this.isTaking = false;
    if (!taken) return;
    this.subject = taken;
    const { skeleton } = this.session.models[Number(this.model.value)];
    if (withPose) this.#pose(taken.points, skeleton);
    this.renderer.textContent = taken.hasRenderer
      ? "Drawn as the generator's file says."
      : "Drawn as the paper's release does: the generator's file does not say how.";
    this.appearance.src = taken.picture;
    await this.appearance.decode();
    this.stage.show(await createImageBitmap(this.appearance), taken);
    this.#enable();
    await this.#redraw();
  }

  /** @param {(number[] | null)[]} points @param {any} skeleton */
  #pose(points, skeleton) {
    this.pose = points;
    this.stage.skeleton = skeleton;
    this.points.replaceChildren(
      ...skeleton.keypoints.map((/** @type {string} */ name, /** @type {number} */ k) => el("option", { value: String(k) }, name)),
    );
    this.#reset();
  }

  #reset() {
    if (this.pose === null) return;
    this.stage.poses = [{ track: "", box: null, points: this.pose.map((point) => point && [point[0], point[1], 1]), edited: true }];
    this.stage.chosen = { pose: 0, k: Number(this.points.value) || 0 };
    this.stage.draw();
    this.#redraw();
  }

  #choose() {
    this.stage.chosen = { pose: 0, k: Number(this.points.value) };
    this.stage.draw();
    this.stage.canvas.focus();
  }

  #mark() {
    if (this.stage.chosen) this.points.value = String(this.stage.chosen.k);
    this.points.style.borderColor = colour(Number(this.points.value));
  }

  /** One drawing at a time: while one is made, only the newest pose waits. */
  async #redraw() {
    if (this.subject === null || this.pose === null) return;
    if (this.isDrawing) {
      this.again = true;
      return;
    }
    this.isDrawing = true;
    do {
      this.again = false;
      const start = performance.now();
      const points = this.stage.poses[0].points.map((point) => [point?.[0] ?? 0, point?.[1] ?? 0]);
      const drawn = await tryTo(() => post("/api/redraw", {}, { appearance: this.subject?.id, points }));
      if (!drawn) break;
      this.drawn.src = drawn.picture;
      this.skeletonPicture.src = drawn.skeleton;
      await this.drawn.decode().catch(() => {});
      this.took.textContent = `${Math.round(performance.now() - start)} ms`;
    } while (this.again);
    this.isDrawing = false;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const far = event.shiftKey ? 5 : 1;
    const by = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[event.key];
    const point = this.stage.chosen && this.stage.poses[0]?.points[this.stage.chosen.k];
    if (!by || !point) return;
    event.preventDefault();
    this.stage.moveChosen([point[0] + by[0], point[1] + by[1]]);
  }
}
