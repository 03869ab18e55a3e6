// @ts-check
import { post, Refused } from "./api.js";
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
    this.isSaving = false;
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
    const { changes } = this.labels;
    const requests = this.labels.requests(this.name.value, this.skeleton());
    if (requests.length === 0) return void toast("There is nothing to save under this name.", true);
    this.isSaving = true;
    this.#tell();
    const answers = await Promise.all(requests.map((request) => tryTo(() => this.#send(request))));
    this.isSaving = false;
    const saved = answers.filter((one) => one !== undefined);
    if (saved.length === answers.length) this.labels.saved(changes);
    else this.#tell();
    if (saved.length === 0) return;
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

  /** Writes a file. @param {ReturnType<import("./labels.js").Labels["requests"]>[number]} request */
  async #send(request) {
    try {
      const answer = await post("/api/labels", {}, request);
      this.labels.wrote(request, answer.revision);
      return answer;
    } catch (error) {
      // Nothing is left to save of a file that is another's by now.
      if (error instanceof Refused && error.status === 409 && request.rows.length === 0) this.labels.disown(request.name);
      throw error;
    }
  }

  #tell() {
    const { poses, marks } = this.labels.count();
    this.saveButton.disabled = this.isSaving || (poses + marks === 0 && this.labels.isSaved);
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
