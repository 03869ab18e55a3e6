// @ts-check
import { isTyping } from "./dom.js";

/**
 * The keys by which frames are looked at and corrected; the list of them that people read is in index.html.
 * @param {import("./look.js").Look} look
 */
export function listenToKeys(look) {
  addEventListener("keydown", (event) => {
    if (look.element.hidden || look.file === "" || isTyping(event)) return;
    const target = /** @type {HTMLElement} */ (event.target);
    // What a control does with a key of its own comes first.
    const isFree = target.closest(event.key === " " ? "button, input, summary, a" : "input, [role=tab]") === null;
    const far = event.shiftKey ? 10 : 1;
    const act = letters(look)[event.key.toLowerCase()] ?? (isFree ? moves(look, far)[event.key] : undefined);
    if (!act) return;
    // What does nothing here is left to the browser, as scrolling is.
    if (act() !== false) event.preventDefault();
  });
}

/** @param {import("./look.js").Look} look @returns {Record<string, () => unknown>} */
function letters({ corrections, stage, timeline }) {
  return {
    j: () => timeline.jump(-1),
    k: () => timeline.jump(1),
    c: () => corrections.toggle(),
    w: () => corrections.mark(),
    n: () => corrections.isOn && corrections.next(1),
    p: () => corrections.isOn && corrections.next(-1),
    z: () => stage.zoomToNext(),
    "+": () => stage.zoom(1.4),
    "=": () => stage.zoom(1.4),
    "-": () => stage.zoom(1 / 1.4),
    0: () => stage.fit(),
  };
}

/** @param {import("./look.js").Look} look @param {number} far @returns {Record<string, () => unknown>} */
function moves({ corrections, player, stage }, far) {
  return {
    " ": () => player.toggle(),
    Home: () => player.step(-Infinity),
    End: () => player.step(player.count),
    ArrowLeft: () => corrections.nudge(-far, 0) || player.step(-far),
    ArrowRight: () => corrections.nudge(far, 0) || player.step(far),
    ArrowUp: () => corrections.nudge(0, -far),
    ArrowDown: () => corrections.nudge(0, far),
    Delete: () => corrections.isOn && corrections.remove(),
    Backspace: () => corrections.isOn && corrections.remove(),
    Escape: () => {
      stage.chosen = null;
      corrections.refresh();
    },
  };
}
