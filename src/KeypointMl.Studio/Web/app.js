// @ts-check
import { get, onConnection } from "./api.js";
import { empty } from "./dom.js";
import { Look } from "./look.js";
import { Play } from "./play.js";
import { Runs } from "./runs.js";
import { Trust } from "./trust.js";

const PARTS = ["look", "play", "runs", "trust"];

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The token has done its work: it must not stay in the address, where it is copied and shown. */
function hideToken() {
  const url = new URL(location.href);
  url.searchParams.delete("token");
  url.searchParams.delete("ticket");
  history.replaceState(null, "", url);
}

/** @param {string} name @param {Record<string, any>} parts */
function choose(name, parts) {
  for (const part of PARTS) {
    const isChosen = part === name;
    byId(part).hidden = !isChosen;
    const tab = byId(`tab-${part}`);
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    parts[part][isChosen ? "enter" : "leave"]?.();
  }
  history.replaceState(null, "", `#${name}`);
}

/** @param {Record<string, any>} parts */
function listenTabs(parts) {
  PARTS.forEach((name, i) => {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => choose(name, parts));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const next = PARTS[(i + by + PARTS.length) % PARTS.length];
      choose(next, parts);
      byId(`tab-${next}`).focus();
    });
  });
}

async function start() {
  hideToken();
  onConnection((lost) => {
    byId("lost").hidden = lost === null;
    byId("lost").textContent = lost;
  });
  byId("help").addEventListener("click", () => /** @type {HTMLDialogElement} */ (byId("keys")).showModal());
  let session;
  try {
    session = await get("/api/session");
  } catch (error) {
    byId("look").append(empty("The studio does not answer", /** @type {Error} */ (error).message));
    return;
  }
  const look = new Look(byId("look"), session);
  const parts = {
    look,
    play: new Play(byId("play"), session, look),
    runs: new Runs(byId("runs"), session),
    trust: new Trust(byId("trust"), session, (file, frame) => {
      choose("look", parts);
      return look.open(file, frame);
    }),
  };
  listenTabs(parts);
  const asked = location.hash.slice(1);
  const first = session.runs.length > 0 && session.models.length === 0 ? "runs" : "look";
  choose(PARTS.includes(asked) ? asked : first, parts);
  await look.start();
}

start();
