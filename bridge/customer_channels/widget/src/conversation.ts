/** The list of what was said: rows are made once and kept, so that a screen reader hears only what is new. */

import { type Chat, isMessage, type Item, type Message, type Rating } from "./chat";
import { h, icon } from "./dom";
import { linked, marked } from "./links";
import type { Attached } from "./protocol";
import { fill, type Words } from "./words";

const PICTURES = /^image\/(jpeg|png|gif|webp)$/;
const TOGETHER = 5 * 60_000;

interface Row {
  node: HTMLElement;
  drawn: string;
}

export class Conversation {
  readonly node: HTMLElement;
  private rows = new Map<string, Row>();
  private readonly time: Intl.DateTimeFormat;
  private readonly date: Intl.DateTimeFormat;
  private readonly near: Intl.RelativeTimeFormat;

  constructor(
    private readonly chat: Chat,
    private readonly words: Words,
    language: string,
    private readonly edit: (message: Message) => void,
  ) {
    this.node = h("div", { class: "log", role: "log", "aria-label": words.conversation });
    this.time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
    this.date = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
    this.near = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  }

  draw(items: Item[]): void {
    this.node.setAttribute("aria-live", this.chat.settled ? "polite" : "off");
    const kept = new Set<string>();
    let before: Item | undefined;
    let place = this.node.firstChild;
    const mine = items.filter((item) => isMessage(item) && item.author.kind === "customer").pop();
    items.forEach((item, index) => {
      if (!before || day(before) !== day(item))
        place = this.put(`day ${day(item)}`, place, kept, () => this.separator(item));
      place = this.put(item.id, place, kept, () => this.row(item), item);
      const node = this.rows.get(item.id)!.node;
      node.classList.toggle("mine", item === mine);
      node.classList.toggle("first", !together(before, item));
      node.classList.toggle("last", !together(item, items[index + 1]));
      before = item;
    });
    for (const [key, row] of this.rows) if (!kept.has(key)) this.rows.delete(key) && row.node.remove();
  }

  /** Make sure that a row stands at `place`, drawn anew only if it reads differently; return the place after it. */
  private put(
    key: string,
    place: ChildNode | null,
    kept: Set<string>,
    make: () => HTMLElement,
    item?: Item,
  ): ChildNode | null {
    kept.add(key);
    const drawn = JSON.stringify(item ?? 0);
    const row = this.rows.get(key);
    if (row?.drawn === drawn && row.node === place) return place.nextSibling;
    const node = row?.drawn === drawn ? row.node : make();
    if (row && row.node !== node) {
      node.classList.remove("new");
      if (row.node === place) place = place.nextSibling;
      row.node.remove();
    }
    this.node.insertBefore(node, place);
    this.rows.set(key, { node, drawn });
    return place;
  }

  private separator(item: Item): HTMLElement {
    const date = new Date(item.at);
    const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(item.at).setHours(0, 0, 0, 0)) / 86_400_000);
    const text = ago === 0 || ago === 1 ? this.near.format(-ago, "day") : this.date.format(date);
    return h("div", { class: "day" }, text);
  }

  private row(item: Item): HTMLElement {
    const fresh = this.chat.settled ? " new" : "";
    if ("change" in item) {
      const text = fill(item.change === "left" ? this.words.left : this.words.joined, item.name);
      return h("div", { class: `mark${fresh}` }, h("span", { dir: "auto" }, text));
    }
    if (!isMessage(item)) return this.rating(item);
    if (item.author.kind === "system")
      return h("div", { class: `mark${fresh}` }, h("span", { dir: "auto" }, ...linked(item.text)));
    const own = item.author.kind === "customer";
    const text = item.deleted ? [this.words.deleted] : marked(item.text, item.marks);
    const bubble = h("div", { class: item.deleted ? "bubble gone" : "bubble", dir: "auto" }, ...text);
    for (const file of item.files ?? []) bubble.append(this.file(file));
    const row = h("div", {
      class: `message ${own ? "own" : "theirs"} ${item.state ?? ""}${fresh}`,
      "data-id": item.id,
    });
    if (!own) row.append(avatar(item.author.kind === "bot" ? "" : item.author.name));
    row.append(h("div", { class: "said" }, this.speaker(item), bubble, this.meta(item)));
    return row;
  }

  /** Good or bad first, which is kept at once; then a few words, if they like. */
  private rating(asked: Rating): HTMLElement {
    const { good, open, name } = asked;
    const say = (way: boolean, text?: string) => void this.chat.rate(asked, way, text).catch(() => {});
    const button = (label: string, onclick: () => void, ...inside: Node[]) =>
      h("button", { type: "button", title: label, "aria-label": label, onclick }, ...(inside.length ? inside : [label]));
    const row = h("div", { class: "rating", role: "group" });
    const tell = (text: string) => (row.ariaLabel = text) && row.append(h("p", { dir: "auto" }, text));
    if (good === undefined) {
      const bad = icon("good");
      bad.classList.add("bad");
      tell(fill(this.words.rate, name));
      row.append(button(this.words.good, () => say(true), icon("good")), button(this.words.bad, () => say(false), bad));
    } else if (open) {
      const more = h("textarea", { rows: "2", maxlength: "1000", dir: "auto", "aria-label": this.words.more });
      tell(this.words.more);
      more.onkeydown = (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // as in the composer
        event.preventDefault();
        say(good, more.value.trim());
      };
      requestAnimationFrame(() => more.focus());
      row.append(
        more,
        button(this.words.send, () => say(good, more.value.trim())),
        button(this.words.skip, () => say(good, "")),
      );
    } else tell(this.words.thanks);
    return row;
  }

  /** Only what is certainly a picture is shown as one. */
  private file(file: Attached): HTMLElement {
    const href = this.chat.address(file);
    const shown = PICTURES.test(file.mime);
    const inside = shown
      ? h("img", { src: href, alt: file.name, loading: "lazy", referrerpolicy: "no-referrer" })
      : h("span", {}, icon("clip"), file.name);
    const leads = { class: "file", href, target: "_blank", rel: "noopener noreferrer", download: shown ? undefined : file.name };
    return h("a", leads, inside);
  }

  private speaker(item: Message): HTMLElement {
    if (item.author.kind === "customer") return h("div", { class: "unseen" }, this.words.you);
    const name = h("div", { class: "speaker" }, h("span", { dir: "auto" }, item.author.name));
    if (item.author.kind === "bot") name.append(h("span", { class: "tag" }, this.words.bot));
    return name;
  }

  private meta(item: Message): HTMLElement {
    const meta = h("div", { class: "meta" });
    if (item.edited) meta.append(h("span", { class: "edited" }, this.words.edited));
    meta.append(h("time", { datetime: item.at }, this.time.format(new Date(item.at))));
    if (item.state) meta.append(this.state(item, item.state));
    if (item.state === "sent") meta.append(this.ways(item));
    return meta;
  }

  /** Shown below the last one only: a conversation is not to be rewritten, and the Tab key has a way to go. */
  private ways(item: Message): HTMLElement {
    const gone = () => void this.chat.change(item).catch(() => {});
    const ways = h("span", { class: "state ways" });
    if (item.text) ways.append(h("button", { type: "button", onclick: () => this.edit(item) }, this.words.edit));
    ways.append(h("button", { type: "button", onclick: gone }, this.words.remove));
    return ways;
  }

  private state(item: Message, state: NonNullable<Message["state"]>): HTMLElement {
    const mark = h("span", { class: "state" }, icon(state === "refused" ? "unsent" : state), this.words[state]);
    if (state !== "refused") return mark;
    mark.append(
      h("button", { type: "button", onclick: () => this.chat.again(item) }, this.words.again),
      h("button", { type: "button", onclick: () => this.chat.drop(item) }, this.words.remove),
    );
    return mark;
  }
}

/** A person's initials on a colour of their own; a small machine for bots. */
export function avatar(name: string): HTMLElement {
  const initials = name
    .split(/\s+/, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
  const hue = [...name].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 360, 7);
  const node = h(
    "div",
    { class: name ? "avatar" : "avatar machine", "aria-hidden": "true" },
    name ? initials : icon("bot"),
  );
  node.style.setProperty("--hue", String(hue));
  return node;
}

function day(item: Item): string {
  return new Date(item.at).toDateString();
}

function together(one: Item | undefined, other: Item | undefined): boolean {
  if (!isMessage(one) || !isMessage(other)) return false;
  const same =
    one.author.kind === other.author.kind && (one.author.kind === "customer" || one.author.name === other.author.name);
  const waits = one.state !== undefined && one.state !== other.state;
  return same && !waits && day(one) === day(other) && Math.abs(Date.parse(other.at) - Date.parse(one.at)) < TOGETHER;
}
