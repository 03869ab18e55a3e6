// @ts-check
/** Asks the server, and says where it is gone. */

/** An answer that is no answer: what the page shows of it. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @type {Set<(lost: string | null) => void>} */
const watchers = new Set();
let lost = false;

/** Tells when the server goes away (why) and when it is back (null). @param {(lost: string | null) => void} watcher */
export function onConnection(watcher) {
  watchers.add(watcher);
}

/** An address with its values. @param {string} path @param {Record<string, unknown>} [values] */
export function address(path, values = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** @param {string} path @param {Record<string, unknown>} [values] @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function get(path, values, signal) {
  return (await ask(address(path, values), { signal })).json();
}

/** @param {string} path @param {Record<string, unknown>} [values] @param {AbortSignal} [signal] */
export async function getPicture(path, values, signal) {
  const answer = await ask(address(path, values), { signal });
  const [frame, width, height] = ["X-Frame", "X-Width", "X-Height"].map((name) => Number(answer.headers.get(name)));
  return { blob: await answer.blob(), frame, width, height };
}

/**
 * @param {string} path @param {Record<string, unknown>} [values] @param {unknown} [body] @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function post(path, values, body, signal) {
  const isBytes = body instanceof Blob;
  return (
    await ask(address(path, values), {
      method: "POST",
      signal,
      headers: isBytes ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : isBytes ? body : JSON.stringify(body),
    })
  ).json();
}

/** @param {string} url @param {RequestInit} request */
async function ask(url, request) {
  let answer;
  try {
    answer = await fetch(url, request);
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") lose();
    throw error;
  }
  if (answer.ok) return answer;
  let message = `${answer.status} ${answer.statusText}`;
  try {
    message = (await answer.json()).error ?? message;
  } catch {
    // Not one of our own answers.
  }
  throw new Refused(answer.status, message);
}

function lose() {
  if (lost) return;
  lost = true;
  tell(
    "The studio does not answer any more. What you corrected is kept in this tab: start the studio again with the same --port, " +
      "and open its new address here.",
  );
  const timer = setInterval(async () => {
    try {
      const answer = await fetch("/api/session");
      clearInterval(timer);
      lost = false;
      tell(answer.ok ? null : "The studio was started anew, with another token: open the address that it printed.");
    } catch {
      // Still gone.
    }
  }, 2000);
}

/** @param {string | null} why */
function tell(why) {
  for (const watcher of watchers) watcher(why);
}
