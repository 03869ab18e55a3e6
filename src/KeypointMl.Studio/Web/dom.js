// @ts-check
/** Small helpers for making elements and telling people things. */

/**
 * Makes an element. Properties that begin with "on" are listeners; those with a dash, and "role", are attributes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [properties] @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An element of a drawing. @param {string} tag @param {Record<string, unknown>} attributes @param {...(Node | string)} children */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Shows a message for some seconds, read aloud too. @param {string} text @param {boolean} [isBad] */
export function toast(text, isBad = false) {
  const toasts = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  const one = el("div", { className: isBad ? "toast bad" : "toast" }, text);
  toasts.append(one);
  while (toasts.children.length > 4) toasts.firstChild?.remove();
  setTimeout(() => one.remove(), isBad ? 12000 : 6000);
}

/** Says something to screen readers alone. @param {string} text */
export function speak(text) {
  const spoken = /** @type {HTMLElement} */ (document.getElementById("spoken"));
  if (spoken.textContent !== text) spoken.textContent = text;
}

/**
 * Keeps something over a reload of the page. @param {string} key @param {unknown} value
 * @returns {boolean} Whether the browser had room for it.
 */
export function store(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Runs something that may be refused, and tells why. @template T @param {() => Promise<T>} job @returns {Promise<T | undefined>} */
export async function tryTo(job) {
  try {
    return await job();
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") toast(/** @type {Error} */ (error).message, true);
    return undefined;
  }
}

/** A command to type, with a button that copies it. @param {string} text */
export function command(text) {
  return el(
    "div",
    { className: "command" },
    el("pre", {}, text),
    el(
      "button",
      {
        type: "button",
        "aria-label": "Copy the command",
        onclick: async () => {
          await navigator.clipboard.writeText(text);
          toast("Copied.");
        },
      },
      "Copy",
    ),
  );
}

let fields = 0;

/** A labelled control. @param {string} label @param {HTMLElement} control @param {Node | string} [value] */
export function field(label, control, value) {
  control.id ||= `field-${++fields}`;
  return el("div", { className: "field" }, el("label", { for: control.id }, label, value ?? ""), control);
}

/** What takes the place of something that is not there yet. @param {string} title @param {...(Node | string)} text */
export function empty(title, ...text) {
  return el("div", { className: "empty" }, el("h2", {}, title), ...text.map((one) => (typeof one === "string" ? el("p", {}, one) : one)));
}

/** A colour for a number, far from its neighbours'. @param {number} number */
export function colour(number) {
  return `hsl(${(number * 137.5 + 12) % 360} 78% 55%)`;
}

/** Whether keys are meant for a control and not for the page. @param {KeyboardEvent} event */
export function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return (
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    target.closest("dialog, select, input:not([type=range]):not([type=checkbox]), textarea") !== null
  );
}
