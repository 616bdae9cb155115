/** The chat's window: heading, conversation, suggested answers, and where one writes. */

import { type Chat, isMessage, type Message } from "./chat";
import { avatar, Conversation } from "./conversation";
import { h, icon } from "./dom";
import { introduction } from "./introduction";
import type { Words } from "./words";

const LONGEST = 4000;
const NEAR = 60;

export class Panel {
  readonly node: HTMLElement;
  private readonly conversation: Conversation;
  private readonly heading = h("bdi");
  private readonly subtitle = h("p", { role: "status" });
  private readonly face = h("div", { class: "face" });
  private readonly scroller: HTMLElement;
  private readonly welcome: HTMLElement;
  private readonly dots: HTMLElement;
  private readonly choices: HTMLElement;
  private readonly newer: HTMLButtonElement;
  private readonly input: HTMLTextAreaElement;
  private readonly button: HTMLButtonElement;
  private readonly uploads = h("div", { class: "uploads" });
  private readonly changing: HTMLElement;
  private readonly form: HTMLElement;
  private introduction?: HTMLElement;
  private edited?: Message;
  private draft = "";
  private count = 0;
  private last?: string;
  private who?: string;
  private offered = "";

  constructor(
    private readonly chat: Chat,
    private readonly words: Words,
    private readonly title: string,
    language: string,
    asks: string,
    close?: () => void,
  ) {
    if (asks && !chat.started) this.introduction = introduction(chat, words, asks, () => this.enter());
    this.conversation = new Conversation(chat, words, language, (message) => this.edit(message));
    this.changing = h(
      "div",
      { class: "changing", hidden: true },
      h("bdi", {}, words.edit),
      h("button", { type: "button", onclick: () => this.leave() }, words.cancel),
    );
    this.welcome = h("div", { class: "welcome" }, icon("chat"), h("p", {}, words.hello), h("p", {}, words.hint));
    this.dots = h(
      "div",
      { class: "typing", hidden: true },
      h("span", { class: "unseen" }, words.typing),
      h("i"),
      h("i"),
      h("i"),
    );
    this.choices = h("div", { class: "choices", role: "group", "aria-label": words.choices, hidden: true });
    this.scroller = h("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": words.conversation });
    if (this.introduction) this.scroller.append(this.introduction);
    this.scroller.append(this.welcome, this.conversation.node, this.dots, this.choices);
    this.scroller.addEventListener("scroll", () => this.near() && (this.newer.hidden = true), { passive: true });
    this.newer = h(
      "button",
      { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd() },
      words.newer,
      icon("down"),
    );
    this.input = h("textarea", {
      rows: "1",
      maxlength: String(LONGEST),
      "aria-label": words.write,
      placeholder: words.write,
      dir: "auto",
      enterkeyhint: "send",
    });
    this.button = h(
      "button",
      { type: "submit", class: "send", "aria-label": words.send, title: words.send, disabled: true },
      icon("send"),
    );
    this.node = h(
      close ? "section" : "main",
      { class: "panel", id: "panel", "aria-labelledby": "title" },
      this.header(close),
      this.scroller,
      this.newer,
      this.form = this.composer(),
    );
  }

  focus(): void {
    const first = this.introduction?.querySelector<HTMLElement>("input, textarea");
    (first ?? this.input).focus({ preventScroll: true });
  }

  /** They have said who they are, or did not want to. */
  private enter(): void {
    if (!this.introduction) return;
    this.introduction.remove();
    this.introduction = undefined;
    this.draw();
    this.focus();
  }

  draw(): void {
    const items = this.chat.items;
    const last = items[items.length - 1];
    const grown = items.length > this.count;
    const spoke = last?.id !== this.last && isMessage(last) && last.author.kind === "customer";
    const follow = this.near() || spoke;
    this.count = items.length;
    this.last = last?.id;
    if (this.introduction && this.chat.started) this.enter(); // in another tab
    this.welcome.hidden = items.length > 0 || !!this.introduction;
    this.form.hidden = !!this.introduction;
    this.conversation.draw(items);
    this.dots.hidden = !this.chat.typing || !this.chat.connected;
    this.offer(isMessage(last) ? (last.choices ?? []) : []);
    this.drawHeader();
    if (follow) this.toEnd();
    else if (grown) this.newer.hidden = false;
  }

  toEnd(): void {
    this.newer.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  private near(): boolean {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR;
  }

  private header(close?: () => void): HTMLElement {
    const heading = h(close ? "h2" : "h1", { id: "title" }, this.heading);
    const header = h("header", {}, this.face, h("div", { class: "names" }, heading, this.subtitle));
    if (close) {
      const label = this.words.close;
      header.append(
        h(
          "button",
          { type: "button", class: "close", "aria-label": label, title: label, onclick: close },
          icon("close"),
        ),
      );
    }
    return header;
  }

  private drawHeader(): void {
    const agent = this.chat.agent?.name;
    const name = agent ?? this.title;
    const lost = this.chat.started && !this.chat.connected && this.chat.settled;
    const below = lost || !navigator.onLine ? this.words.offline : agent ? this.title : this.words.subtitle;
    if (this.subtitle.textContent !== below) this.subtitle.textContent = below;
    this.face.classList.toggle("here", agent !== undefined && below === this.title);
    if (this.who === name) return;
    this.who = name;
    this.heading.textContent = name;
    this.face.replaceChildren(agent ? avatar(agent) : icon("chat"));
  }

  private offer(choices: readonly string[]): void {
    this.choices.hidden = choices.length === 0;
    const offered = JSON.stringify(choices);
    if (this.offered === offered) return;
    this.offered = offered;
    this.choices.replaceChildren(
      ...choices.map((text) => h("button", { type: "button", dir: "auto", onclick: () => this.choose(text) }, text)),
    );
  }

  private choose(text: string): void {
    this.chat.say(text);
    this.focus();
  }

  private composer(): HTMLElement {
    const label = this.words.attach;
    const picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-hidden": "true" });
    picker.addEventListener("change", () => {
      for (const file of picker.files ?? []) void this.attach(file);
      picker.value = "";
    });
    const attach = h(
      "button",
      { type: "button", class: "attach", "aria-label": label, title: label, onclick: () => picker.click() },
      icon("clip"),
    );
    const form = h(
      "form",
      { onsubmit: (event) => (event.preventDefault(), this.send()) },
      this.changing,
      this.uploads,
      picker,
      attach,
      this.input,
      this.button,
    );
    this.input.addEventListener("input", () => {
      this.fit();
      if (this.input.value.trim()) this.chat.writes();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.edited && !event.isComposing) {
        event.stopPropagation();
        this.leave();
      }
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    return form;
  }

  /** A line for each file on its way; what could not be sent stays until it is tried again or taken away. */
  private async attach(file: File): Promise<void> {
    const bar = h("progress", { max: "1", "aria-label": this.words.sending });
    const line = h("div", { class: "upload" }, h("bdi", {}, file.name), bar);
    this.uploads.append(line);
    try {
      await this.chat.attach(file, (done) => (bar.value = done));
      line.remove();
    } catch {
      const again = () => (line.remove(), void this.attach(file));
      bar.replaceWith(
        h("span", { role: "alert" }, this.words.refused),
        h("button", { type: "button", onclick: again }, this.words.again),
        h("button", { type: "button", onclick: () => line.remove() }, this.words.remove),
      );
    }
  }

  private send(): void {
    const text = this.input.value.trim();
    if (!text) return;
    const { edited } = this;
    if (edited) {
      this.leave();
      if (text !== edited.text) this.chat.change(edited, text).catch(() => this.edit(edited, text));
      return;
    }
    this.input.value = "";
    this.fit();
    this.chat.say(text);
    this.focus();
  }

  /** What is written now takes the place of this message. */
  private edit(message: Message, text = message.text): void {
    if (!this.edited) this.draft = this.input.value;
    this.write(text, message);
  }

  private leave(): void {
    this.write(this.draft);
  }

  private write(text: string, instead?: Message): void {
    this.edited = instead;
    this.changing.hidden = !instead;
    this.input.value = text;
    this.fit();
    this.focus();
  }

  private fit(): void {
    const follow = this.near();
    this.button.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    const borders = this.input.offsetHeight - this.input.clientHeight;
    this.input.style.height = `${this.input.scrollHeight + borders}px`;
    if (follow) this.toEnd();
  }
}
