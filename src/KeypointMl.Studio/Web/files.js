// @ts-check
import { get, post } from "./api.js";
import { el, svg, toast, tryTo } from "./dom.js";

const ICONS = /** @type {Record<string, string>} */ ({
  folder: "M2 4h4l2 2h6v7H2z",
  image: "M2 3h12v10H2zM2 11l4-4 3 3 2-2 3 3",
  video: "M2 4h8v8H2zM10 7l4-2v6l-4-2",
  poses: "M4 12l4-7 4 3M8 5l3 8",
});

/** The files that the studio was started with, and the place to drop others. */
export class Files {
  /** @param {number} mostBytes How large a dropped file may be. @param {(file: string, name: string) => void} open */
  constructor(mostBytes, open) {
    this.mostBytes = mostBytes;
    this.open = open;
    /** @type {Map<string, string>} */
    this.names = new Map();
    this.tree = el("div", { className: "tree" });
    this.input = el("input", {
      type: "file",
      accept: "image/*,video/*",
      multiple: true,
      hidden: true,
      onchange: () => this.drop(this.input.files),
    });
    this.state = el("span", {}, "Drop images or videos anywhere, or");
    this.element = el(
      "div",
      { className: "panel files" },
      el("h2", {}, "Files"),
      this.tree,
      el(
        "div",
        { className: "drop" },
        this.state,
        el("button", { type: "button", onclick: () => this.input.click() }, "Choose a file"),
        this.input,
      ),
    );
    this.#listen();
  }

  async load() {
    const roots = /** @type {any[]} */ (await get("/api/files"));
    this.tree.replaceChildren(await this.#list(roots, true));
    return roots;
  }

  /** Marks the file that is open. @param {string} file */
  mark(file) {
    for (const button of this.tree.querySelectorAll("button[data-file]")) {
      button.setAttribute("aria-current", String(/** @type {HTMLElement} */ (button).dataset.file === file));
    }
  }

  /** @param {string} file */
  nameOf(file) {
    return this.names.get(file) ?? file;
  }

  /** @param {FileList | null | undefined} dropped */
  async drop(dropped) {
    let last = null;
    for (const file of dropped ?? []) {
      if (file.size > this.mostBytes) {
        const most = Math.floor(this.mostBytes / 2 ** 20).toLocaleString("en");
        toast(`${file.name} has more than ${most} MB. Start the studio with its folder instead: keypointml studio FOLDER`, true);
        continue;
      }
      this.state.textContent = `Reading ${file.name} …`;
      last = (await tryTo(() => post("/api/drop", { name: file.name }, file))) ?? last;
    }
    this.state.textContent = "Drop images or videos anywhere, or";
    this.input.value = "";
    if (last === null) return;
    await this.load();
    this.open(last.id, last.name);
  }

  /** Shows poses over their video. @param {{ id: string, name: string }} entry */
  async #show(entry) {
    const added = await tryTo(() => post("/api/predictions", { file: entry.id }));
    if (!added) return;
    if (added.files.length === 0) {
      toast(`The ${added.rows} rows of ${entry.name} are not shown: it names no image or video of these, or none that can be told.`, true);
      return;
    }
    toast(`${added.rows} rows of ${entry.name} are shown over their images and videos.`);
    this.open(added.files[0], added.files[0].split("/").at(-1));
  }

  /** @param {any[]} entries @param {boolean} isOpen @returns {Promise<HTMLElement>} */
  async #list(entries, isOpen) {
    const list = el("ul", {});
    for (const entry of entries) list.append(await this.#entry(entry, isOpen && entries.length < 4));
    if (entries.length === 0) list.append(el("li", { className: "faint" }, "Nothing to show here."));
    return list;
  }

  /** @param {{ id: string, name: string, kind: string }} entry @param {boolean} isOpen */
  async #entry(entry, isOpen) {
    if (entry.kind === "note") return el("li", { className: "faint" }, entry.name);
    const item = el("li", {});
    this.names.set(entry.id, entry.name);
    const button = el(
      "button",
      {
        type: "button",
        onclick: () =>
          entry.kind === "folder" ? toggle() : entry.kind === "poses" ? this.#show(entry) : this.open(entry.id, entry.name),
      },
      icon(entry.kind),
      entry.name,
    );
    button.dataset.file = entry.id;
    item.append(button);
    const toggle = async () => {
      const below = item.querySelector("ul");
      button.setAttribute("aria-expanded", String(!below));
      if (below) below.remove();
      else item.append(await this.#list((await tryTo(() => get("/api/files", { folder: entry.id }))) ?? [], false));
    };
    if (entry.kind === "folder") {
      button.setAttribute("aria-expanded", "false");
      if (isOpen) await toggle();
    }
    return item;
  }

  #listen() {
    let depth = 0;
    const mark = () => document.body.classList.toggle("dragging", depth > 0);
    addEventListener("dragenter", () => {
      depth++;
      mark();
    });
    addEventListener("dragleave", () => {
      depth--;
      mark();
    });
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      depth = 0;
      mark();
      if (event.dataTransfer?.files.length) this.drop(event.dataTransfer.files);
      else toast("Drop a file from this machine.", true);
    });
  }
}

/** @param {string} kind */
function icon(kind) {
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[kind] ?? ICONS.image }));
}
