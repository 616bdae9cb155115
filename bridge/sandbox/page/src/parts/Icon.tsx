/** The page's own line icons, drawn on a 24-grid. */

const PATHS = {
  agents: "M4 5h16v11H9l-5 4z",
  attach: "M8 12.5 14.5 6a3.2 3.2 0 0 1 4.5 4.5L11 18.5A5 5 0 0 1 4 11.5L11 4.500",
  check: "m5 12.500 4.500 4.500L19 7.500",
  chevron: "m7 10 5 5 5-5",
  close: "M6 6l12 12M18 6 6 18",
  customers: "M9 3h6a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM11 18h2",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
  edit: "M4 20h4L19 9l-4-4L4 16z",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 14.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z",
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  moon: "M20 14.500A8 8 0 1 1 9.500 4a6.500 6.500 0 0 0 10.500 10.500z",
  pin: "M9 4h6l-1 6 3 3.500H7L10 10zM12 13.500V21",
  plus: "M12 5v14M5 12h14",
  reply: "M20 12a8 8 0 1 1-3.200-6.400M8 11h8M8 14.500h5",
  reset: "M4 4v6h6M4.500 10A8 8 0 1 1 4 13.500",
  send: "M4 12 20 4l-5 16-3.500-6.500z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500s1.200 2 3.500 2 3.500-2 3.500-2M9 9.500h.01M15 9.500h.01",
  smilePlus:
    "M20.200 10A9 9 0 1 1 14 3.200M8.500 14.500s1.200 2 3.500 2 3.500-2 3.500-2M9 9.500h.01M15 9.500h.01M19 2v6M16 5h6",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1 1M17.400 17.400l1 1M18.400 5.600l-1 1M6.600 17.400l-1 1",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  bolt: "M13 3 5 13.500h6L10 21l9-11h-6.500z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
