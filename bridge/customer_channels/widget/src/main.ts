/** Puts the chat on a page: as a button that opens it, or, with `data-page`, as the page itself. */

import { Chat } from "./chat";
import { Memory } from "./memory";
import { Panel } from "./panel";
import { Server } from "./protocol";
import style from "./style.css?inline";
import { h, icon } from "./dom";
import { fill, wordsFor } from "./words";

const script = document.currentScript as HTMLScriptElement | null;

/** For a site's own links: `bridgeChat.open()`. Does nothing until the chat is there. */
const site = { open: (): void => {}, close: (): void => {} };

async function start(script: HTMLScriptElement): Promise<void> {
  const { dataset } = script;
  const base = new URL(".", script.src).href;
  const page = "page" in dataset;
  const [language, words] = await wordsFor(base, dataset.lang ? [dataset.lang] : navigator.languages);
  const host = h("bridge-chat" as "div", {
    lang: language,
    dir: language === "ar" ? "rtl" : "ltr",
    class: `${page ? "page" : dataset.position === "left" ? "left" : ""} ${dataset.theme ?? ""}`,
  });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  if (dataset.color) host.style.setProperty("--accent", dataset.color);

  const title = dataset.title ?? "Support";
  const name = (dataset.name ?? (page ? new URLSearchParams(location.search).get("name") : null) ?? "").slice(0, 80);
  const anchor = page ? new URLSearchParams(location.hash.slice(1)).get("identity") : null;
  const identity = dataset.identity ?? anchor ?? "";
  let drawing = 0;
  const changed = () => {
    drawing ||= window.setTimeout(draw, 10);
  };
  const chat = new Chat(new Server(base, identity), new Memory(`bridge-chat ${base}${whose(identity)}`), name, changed);
  const asked = (dataset.asks ?? "").split(" ").filter((one) => one && !(name && one.startsWith("name")));
  const asks = identity ? "" : asked.join(" ");
  const panel = new Panel(chat, words, title, language, asks, page ? undefined : () => site.close());
  const badge = h("span", { class: "badge", hidden: true });
  const launcher = h(
    "button",
    { type: "button", class: "launcher", "aria-controls": "panel", onclick: () => (isOpen ? site.close() : site.open()) },
    icon("chat"),
    icon("down"),
    badge,
  );
  let isOpen = page;
  let mark = "";
  let counted = 0;

  function draw(): void {
    clearTimeout(drawing);
    drawing = 0;
    const looking = isOpen && document.visibilityState === "visible";
    if (looking) chat.look();
    const unread = looking ? 0 : chat.unread;
    badge.hidden = unread === 0;
    badge.textContent = unread > 9 ? "9+" : String(unread);
    const label = isOpen ? words.close : words.open;
    launcher.setAttribute("aria-label", unread ? `${label}, ${fill(words.unread, unread)}` : label);
    launcher.setAttribute("aria-expanded", String(isOpen));
    panel.node.classList.toggle("open", isOpen);
    panel.node.inert = !isOpen;
    if (unread > counted && chat.settled && chat.leads && "sound" in dataset) setTimeout(() => chat.unread && chime(), 300);
    counted = unread;
    const before = mark;
    mark = unread && document.hidden ? `(${unread}) ` : "";
    if (mark !== before) document.title = mark + document.title.slice(document.title.startsWith(before) ? before.length : 0);
    panel.draw();
  }

  site.open = () => {
    isOpen = true;
    if (identity) chat.greet();
    draw();
    panel.toEnd();
    panel.focus();
  };
  site.close = () => {
    isOpen = false;
    draw();
    launcher.focus();
  };

  root.append(panel.node, ...(page ? [] : [launcher]));
  if (!page) panel.node.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && site.close());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) chat.hurry();
    changed();
  });
  addEventListener("offline", changed);
  makeRoom(host);
  draw();
  document.body.append(host);
  if (page && identity) chat.greet();
  if (page) panel.focus();
  else if ("open" in dataset) site.open();
}

/** What one person has here is not another's who uses the same browser. */
function whose(identity: string): string {
  if (!identity) return "";
  try {
    const claims = atob(identity.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"));
    return ` ${encodeURIComponent((JSON.parse(claims) as { sub: string }).sub)}`;
  } catch {
    return " ?"; // the server refuses it
  }
}

/** Two short tones. A browser lets a page make none before somebody has touched it. */
function chime(): void {
  if (!navigator.userActivation?.hasBeenActive) return;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.connect(volume).connect(audio.destination);
  tone.frequency.setValueAtTime(660, 0);
  tone.frequency.setValueAtTime(880, 0.12);
  volume.gain.value = 0.05;
  tone.start();
  tone.stop(0.3);
  tone.onended = () => void audio.close();
}

/** On phones whose keyboard covers the page instead of shortening it. */
function makeRoom(host: HTMLElement): void {
  visualViewport?.addEventListener("resize", () => {
    const covered = visualViewport!.scale === 1 ? innerHeight - visualViewport!.height : 0;
    host.style.setProperty("--keyboard", `${covered}px`);
  });
}

/** Whatever goes wrong here is not the site's trouble. */
function safely(): void {
  if (!script || "bridgeChat" in window) return; // the script may be on a page twice
  Object.assign(window, { bridgeChat: site });
  start(script).catch((error) => console.error("The chat could not start.", error));
}

if (document.body) safely();
else document.addEventListener("DOMContentLoaded", safely);
