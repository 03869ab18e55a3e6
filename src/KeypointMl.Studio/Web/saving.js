// @ts-check
import { post } from "./api.js";
import { command, el, field, toast, tryTo } from "./dom.js";

/** Says what is corrected and marked, and saves it. */
export class Saving {
  /**
   * @param {import("./labels.js").Labels} labels
   * @param {() => import("./skeleton.js").Skeleton | null} skeleton The one that is shown.
   */
  constructor(labels, skeleton) {
    this.labels = labels;
    this.skeleton = skeleton;
    labels.onChange = () => this.#tell();
    this.state = el("p", { className: "faint" });
    this.name = el("input", { type: "text", value: "labels.json", spellcheck: false, autocomplete: "off" });
    this.format = el(
      "select",
      {
        onchange: () => {
          this.name.value = this.name.value.replace(/\.[^.]*$/, "") + this.format.value;
        },
      },
      ...[
        [".json", "COCO"],
        [".slp", "SLEAP"],
        [".csv", "CSV"],
        [".h5", "DeepLabCut"],
      ].map(([value, text]) => el("option", { value }, text)),
    );
    this.saveButton = el("button", { type: "button", className: "main", onclick: () => this.save() }, "Save");
    this.after = el("div", { className: "field" });
    this.element = el(
      "div",
      { className: "field" },
      this.state,
      field("Format", this.format),
      field("File name", this.name),
      this.saveButton,
      this.after,
    );
    addEventListener("beforeunload", (event) => !labels.isSaved && event.preventDefault());
    this.#tell();
  }

  async save() {
    const requests = this.labels.requests(this.name.value, this.skeleton());
    const saved = await tryTo(() => Promise.all(requests.map((request) => post("/api/labels", {}, request))));
    if (!saved) return;
    this.labels.saved(requests);
    const files = saved.flatMap((one) => [
      one.path && `${inPoses(one.poses)} in ${one.path}`,
      one.marks && `${one.marked} marks in ${one.marks}`,
    ]);
    toast(`Saved: ${files.filter(Boolean).join("; ") || "nothing is left, and what was saved is gone"}`);
    this.after.replaceChildren();
    for (const { path } of saved.filter((one) => one.path)) {
      this.after.append(
        el("h3", {}, "Poses to learn from, of these"),
        command(`keypointml prior draw ${quoted(path)} --out prior.csv --preview prior.png`),
      );
    }
  }

  #tell() {
    const { poses, marks } = this.labels.count();
    this.saveButton.disabled = poses + marks === 0 && this.labels.isSaved;
    this.state.textContent =
      poses + marks === 0
        ? `Nothing is corrected or marked${this.labels.isSaved ? " yet." : " any more; not saved yet."}`
        : `${inPoses(poses)} corrected, ${marks} marked as wrong${this.labels.isSaved ? "; saved." : "; not saved yet."}`;
  }
}

/** @param {string} path */
function quoted(path) {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** @param {number} count */
function inPoses(count) {
  return count === 1 ? "1 pose" : `${count} poses`;
}
