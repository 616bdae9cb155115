/** One visitor's conversation: what was said, what is on its way, and whether we hear the server. Knows no DOM. */

import type { Memory, Unsent } from "./memory";
import { type Author, type ChatEvent, Refusal, type Server } from "./protocol";

export interface Message {
  id: string;
  author: Author;
  text: string;
  at: string;
  /** Of the customer's own messages. */
  state?: "unsent" | "sending" | "sent" | "refused";
  edited?: boolean;
  choices?: string[];
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
const LONGEST_WAIT = 30_000;

export class Chat {
  /** What the journal told, in its order. */
  private told = new Map<string, Item>();
  private seqs: number[] = [];
  private seq = 0;
  /** Stored by the server, but the journal has not told it to us yet. */
  private stored = new Map<string, Unsent>();
  private stream?: AbortController;
  private awake = wakeUp();
  private retry = 0;
  private flushing = false;
  private later = 0;
  private typingUntil = 0;
  private paused = false;
  agent?: Author;
  connected = false;
  settled = false;

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
    private readonly name: string,
    private readonly changed: () => void,
  ) {
    memory.onchange(() => {
      this.awake.now();
      void this.flush();
      changed();
    });
    addEventListener("online", () => this.hurry());
    void this.follow();
    void this.flush();
  }

  get items(): Item[] {
    const waiting = [...this.stored.values(), ...this.memory.queue].filter((one) => !this.told.has(one.id));
    return [...this.told.values(), ...new Map(waiting.map((one) => [one.id, this.own(one)])).values()];
  }

  get typing(): boolean {
    return Date.now() < this.typingUntil;
  }

  get started(): boolean {
    return this.memory.token !== undefined;
  }

  /** How many messages to us came since somebody last looked. */
  get unread(): number {
    return this.seqs.filter((seq) => seq > this.memory.seen).length;
  }

  look(): void {
    if (this.seq > 0) this.memory.see(this.seq);
  }

  say(text: string): void {
    this.put({ id: crypto.randomUUID?.() ?? random(), text, at: new Date().toISOString() });
  }

  again(message: Message): void {
    this.put({ id: message.id, text: message.text, at: message.at });
  }

  drop(message: Message): void {
    this.memory.drop(message.id);
    this.changed();
  }

  /** Try now what was waiting for a better moment. */
  hurry(): void {
    this.retry = 0;
    this.awake.now();
    void this.flush();
  }

  /** Another tab is in front: leave the few connections that a browser allows to it. */
  pause(yes: boolean): void {
    this.paused = yes;
    if (yes) this.stream?.abort();
    else this.hurry();
  }

  private put(message: Unsent): void {
    this.memory.put(message);
    this.changed();
    this.hurry();
  }

  private own(message: Unsent): Message {
    const state = message.refused ? "refused" : this.stored.has(message.id) ? "sent" : this.flushing ? "sending" : "unsent";
    return { id: message.id, author: { kind: "customer", name: "" }, text: message.text, at: message.at, state };
  }

  /** Send what waits, in order, one after the other. The same id again changes nothing, so repeating is safe. */
  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    clearTimeout(this.later);
    try {
      for (let next = this.next(); next; next = this.next()) await this.deliver(next);
    } catch (error) {
      const seconds = error instanceof Refusal ? error.seconds : 0;
      this.later = window.setTimeout(() => void this.flush(), Math.max(seconds * 1000, this.backoff()));
    } finally {
      this.flushing = false;
      this.changed();
    }
  }

  private next(): Unsent | undefined {
    return this.memory.queue.find((one) => !one.refused);
  }

  private async deliver(message: Unsent): Promise<void> {
    try {
      await this.server.say(await this.token(), message.id, message.text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) this.forget();
      if (!error.forGood) throw error;
      this.memory.put({ ...message, refused: true });
      return this.changed();
    }
    this.retry = 0;
    if (!this.told.has(message.id)) this.stored.set(message.id, message);
    this.memory.drop(message.id);
    this.changed();
  }

  /** Two tabs that speak first at the same moment become one visitor. */
  private async token(): Promise<string> {
    const get = async () => {
      const known = this.memory.token;
      if (known) return known;
      const token = await this.server.session(this.name);
      this.memory.admit(token);
      this.awake.now();
      return token;
    };
    return navigator.locks ? navigator.locks.request("bridge-chat", get) : get();
  }

  private forget(): void {
    this.memory.forget();
    this.begin();
    this.changed();
  }

  private begin(): void {
    this.told.clear();
    this.seqs = [];
    this.seq = 0;
    this.agent = undefined;
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
      await this.awake.within(token && !this.paused ? this.backoff() : undefined);
    }
  }

  private async listen(token: string): Promise<void> {
    this.stream = new AbortController();
    try {
      for await (const [kind, event] of this.server.events(token, this.seq, this.stream)) {
        if (kind === "") this.opened();
        else if (kind === "reset") this.begin();
        else this.hear(event!);
        this.changed();
      }
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.forget();
    }
  }

  private opened(): void {
    this.connected = true;
    this.retry = 0;
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
    else if (event.kind === "presence") this.mark(event);
  }

  private add(event: ChatEvent): void {
    const { id, author, text, at, choices } = event;
    const own = author.kind === "customer";
    this.told.set(id, { id, author, text, at, choices, ...(own && { state: "sent" as const }) });
    this.stored.delete(id);
    this.memory.drop(id);
    if (!own) this.seqs.push(event.seq);
  }

  private edit(event: ChatEvent): void {
    const before = this.told.get(event.of ?? "");
    if (before && !isMark(before)) this.told.set(before.id, { ...before, text: event.text, choices: event.choices, edited: true });
  }

  private mark(event: ChatEvent): void {
    const change = event.change ?? "joined";
    if (change === "joined") this.agent = event.author;
    else if (this.agent?.name === event.author.name) this.agent = undefined;
    this.told.set(event.id, { id: event.id, change, name: event.author.name, at: event.at });
  }

  private backoff(): number {
    const most = Math.min(LONGEST_WAIT, 1000 * 2 ** this.retry);
    this.retry = Math.min(this.retry + 1, 6);
    return 500 + Math.random() * most;
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

/** For pages without https, where randomUUID is missing. */
function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
