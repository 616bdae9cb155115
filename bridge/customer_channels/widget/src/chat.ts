/** One visitor's conversation: what was said, what is on its way, and whether we hear the server. Knows no DOM. */

import type { Memory, Unsent } from "./memory";
import { backoff, Outbox } from "./outbox";
import { type Attached, type Author, type ChatEvent, Refusal, type Server, type Span } from "./protocol";

export interface Message {
  id: string;
  author: Author;
  text: string;
  marks?: Span[];
  at: string;
  /** Of the customer's own messages. */
  state?: "unsent" | "sending" | "sent" | "refused";
  edited?: boolean;
  deleted?: boolean;
  choices?: string[];
  files?: Attached[];
}

export interface Mark {
  id: string;
  change: "joined" | "left";
  name: string;
  at: string;
}

export type Item = Message | Mark;

export const isMark = (item: Item): item is Mark => "change" in item;

const TYPING = 6_000;

export class Chat {
  /** What the journal told, in its order. */
  private told = new Map<string, Item>();
  private seqs = new Map<string, number>();
  private seq = 0;
  /** What the server knows to have been seen. */
  private reported = 0;
  private readonly outbox: Outbox;
  private stream?: AbortController;
  /** Whose chat `told` is. */
  private followed?: string;
  private awake = wakeUp();
  private tries = 0;
  private typingUntil = 0;
  private paused = false;
  private last = 0;
  agent?: Author;
  connected = false;
  settled = false;

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
    name: string,
    private readonly changed: () => void,
  ) {
    this.outbox = new Outbox(server, memory, name, {
      changed,
      admitted: () => this.awake.now(),
      unknown: (token) => this.forget(token),
    });
    memory.onchange(() => {
      if (this.memory.token !== this.followed) this.stream?.abort();
      this.hurry();
      changed();
    });
    addEventListener("online", () => this.hurry());
    void this.follow();
    void this.outbox.flush();
  }

  get items(): Item[] {
    return [...this.told.values(), ...this.outbox.messages.filter((one) => !this.told.has(one.id))];
  }

  get typing(): boolean {
    return Date.now() < this.typingUntil;
  }

  get started(): boolean {
    return this.memory.token !== undefined;
  }

  /** How many messages to us came since somebody last looked. */
  get unread(): number {
    return [...this.seqs.values()].filter((seq) => seq > this.memory.seen).length;
  }

  look(): void {
    if (this.seq > 0) this.memory.see(this.seq);
    const newest = Math.max(0, ...this.seqs.values());
    if (newest <= this.reported || !this.memory.token) return;
    this.reported = newest;
    this.server.seen(this.memory.token, newest).catch(() => (this.reported = 0));
  }

  /** Somebody whom the site knows sees what was said elsewhere before they write. */
  greet(): void {
    if (!this.started) void this.outbox.token().catch(() => {});
  }

  say(text: string, files?: Attached[]): void {
    this.last = Math.max(Date.now(), this.last + 1); // what is said later is later
    this.send({ id: unique(), text, at: new Date(this.last).toISOString(), files });
  }

  /** Upload a file, and say it once it is there. */
  async attach(file: File, part: (done: number) => void): Promise<void> {
    this.say("", [await this.server.upload(await this.outbox.token(), file, part)]);
  }

  address(file: Attached): string {
    return this.server.address(file);
  }

  again(message: Message): void {
    this.send({ id: message.id, text: message.text, at: message.at, files: message.files });
  }

  drop(message: Message): void {
    this.memory.drop(message.id);
    this.changed();
  }

  /** Say something else instead, or nothing. It is seen when the journal tells it. */
  async change(message: Message, text?: string): Promise<void> {
    await this.server.change(await this.outbox.token(), unique(), message.id, text);
  }

  private send(message: Unsent): void {
    this.memory.put(message);
    this.changed();
    this.hurry();
  }

  /** Try now what was waiting for a better moment. */
  hurry(): void {
    this.tries = 0;
    this.awake.now();
    void this.outbox.flush();
  }

  /** Another tab is in front: leave the few connections that a browser allows to it. */
  pause(yes: boolean): void {
    this.paused = yes;
    if (yes) this.stream?.abort();
    else this.hurry();
  }

  private begin(): void {
    this.told.clear();
    this.outbox.begin();
    this.seqs.clear();
    this.seq = this.reported = 0;
    this.agent = undefined;
  }

  /** The server does not know this token: follow whoever we are instead, once we are somebody. */
  private forget(token: string): void {
    this.memory.forget(token);
    this.stream?.abort();
  }

  private restart(): void {
    this.begin();
    this.memory.unsee();
  }

  /** Follow the journal for ever, taking it up again where it broke off. */
  private async follow(): Promise<void> {
    for (;;) {
      const token = this.memory.token;
      if (token && !this.paused) {
        await this.listen(token);
        this.connected = false;
        this.changed();
      }
      await this.awake.within(token && !this.paused ? backoff(this.tries++) : undefined);
    }
  }

  private async listen(token: string): Promise<void> {
    if (this.followed && this.followed !== token) this.begin();
    this.followed = token;
    this.stream = new AbortController();
    try {
      for await (const [kind, event] of this.server.events(token, this.seq, this.stream)) {
        if (kind === "") this.opened();
        else if (kind === "reset") this.restart();
        else this.hear(event!);
        this.changed();
      }
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.forget(token);
    }
  }

  private opened(): void {
    this.connected = true;
    this.tries = 0;
    window.setTimeout(() => {
      this.settled = true;
      this.changed();
    }, 800);
  }

  private hear(event: ChatEvent): void {
    if (event.kind === "typing") {
      this.typingUntil = Date.now() + TYPING;
      window.setTimeout(this.changed, TYPING + 50);
      return;
    }
    if (event.seq <= this.seq) return;
    this.seq = event.seq;
    if (event.author.kind !== "customer") this.typingUntil = 0;
    if (event.kind === "message") this.add(event);
    else if (event.kind === "edit") this.edit(event);
    else if (event.kind === "delete") this.delete(event);
    else if (event.kind === "presence") this.mark(event);
  }

  private add(event: ChatEvent): void {
    const { id, author, text, marks, at, choices, files } = event;
    const own = author.kind === "customer";
    this.told.set(id, { id, author, text, marks, at, choices, files, ...(own && { state: "sent" as const }) });
    this.outbox.told(id);
    if (!own) this.seqs.set(id, event.seq);
  }

  private edit(event: ChatEvent): void {
    const before = this.told.get(event.of ?? "");
    const { text, marks, choices } = event;
    if (before && !isMark(before) && !before.deleted)
      this.told.set(before.id, { ...before, text, marks, choices, edited: true });
  }

  /** Nothing of it stays but its place: whoever has seen it is to see what became of it. */
  private delete(event: ChatEvent): void {
    const before = this.told.get(event.of ?? "");
    if (!before || isMark(before)) return;
    const { id, author, at } = before;
    this.told.set(id, { id, author, text: "", at, deleted: true });
    this.seqs.delete(id);
  }

  private mark(event: ChatEvent): void {
    const change = event.change ?? "joined";
    if (change === "joined") this.agent = event.author;
    else if (this.agent?.name === event.author.name) this.agent = undefined;
    this.told.set(event.id, { id: event.id, change, name: event.author.name, at: event.at });
  }
}

/** A sleep that can be cut short. */
function wakeUp(): { now: () => void; within: (ms?: number) => Promise<void> } {
  let end = () => {};
  return {
    now: () => end(),
    within: (ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? 0 : window.setTimeout(resolve, ms);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

/** Also on pages without https, where randomUUID is missing. */
function unique(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
