/** Elements and drawings, made without ever parsing HTML. */

type Attributes = Record<string, string | boolean | EventListener | undefined>;

/** An element: attributes, `on…` listeners, children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const DRAWINGS = {
  chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-6 5V16A2.5 2.5 0 0 1 4 13.5z",
  down: "M6 9.5l6 6 6-6",
  clip: "M19 11.5l-7.3 7.2a4.6 4.6 0 0 1-6.5-6.5l7.8-7.7a3.1 3.1 0 0 1 4.4 4.4l-7.8 7.7a1.5 1.5 0 0 1-2.2-2.2l7.2-7.1",
  close: "M6.5 6.5l11 11m0-11l-11 11",
  send: "M12 19V5m-6 6l6-6 6 6",
  bot: "M12 3.5V7m-4.5 0h9A2.5 2.5 0 0 1 19 9.5v6a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 5 15.5v-6A2.5 2.5 0 0 1 7.5 7zM9.5 11.5v2m5-2v2",
  sending: "M12 7.5V12l3 2m5-2a8 8 0 1 1-16 0 8 8 0 0 1 16 0z",
  sent: "M5.5 12.5l4.5 4.5 8.5-9.5",
  good: "M7 11v9H4v-9zl4-8c1.7 0 2.5 1 2.5 2.5V9H20l-2 11H7",
  unsent: "M12 8v4.5m0 3.2v.1m8-3.8a8 8 0 1 1-16 0 8 8 0 0 1 16 0z",
};

export type Drawing = keyof typeof DRAWINGS;

export function icon(name: Drawing): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}
