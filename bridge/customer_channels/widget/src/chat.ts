/** One visitor's conversation: what was said, what is on its way, and whether we hear the server. Knows no DOM. */

import type { Memory, Unsent } from "./memory";
import { backoff, Outbox } from "./outbox";
import { type Attached, type Author, type ChatEvent, Refusal, type Server, type Span } from "./protocol";
import { Tabs } from "./tabs";

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

/** The desk asks how it was with a person. */
export interface Rating {
  id: string;
  name: string;
  at: string;
  good?: boolean;
  /** It is the visitor's turn to add a few words. */
  open?: boolean;
}

export type Item = Message | Mark | Rating;

export const isMessage = (item: Item | undefined): item is Message => !!item && "author" in item;

/** How far a tab is: in which telling of the journal, and up to where. */
type Where = [era: string, seq: number];

/** What the tab that hears the server tells the others: these events follow on `after`. */
interface News {
  era: string;
  after: number;
  events: ChatEvent[];
  connected: boolean;
}

const TYPING = 6_000;
const WRITES = 4_000;

export class Chat {
  /** What the journal told, in its order. */
  private told = new Map<string, Item>();
  private seqs = new Map<string, number>();
  private seq = 0;
  /** What the server knows to have been seen. */
  private reported = 0;
  private readonly outbox: Outbox;
  private stream?: AbortController;
  private awake = wakeUp();
  private tries = 0;
  private typingUntil = 0;
  private wrote = 0;
  private settling = 0;
  private last = 0;
  /** Everything told, as it came; and which telling that is: it begins with the token, and another may follow. */
  private log: ChatEvent[] = [];
  private era = "";
  private readonly tabs: Tabs<Where, News>;
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
      if (!this.follows(this.memory.token)) this.stream?.abort();
      this.hurry();
      changed();
    });
    addEventListener("online", () => this.hurry());
    this.tabs = new Tabs<Where, News>(memory.shared ? memory.name : unique(), {
      turn: () => this.turn(),
      where: () => [this.era, this.seq],
      asked: ([era, seq]) => this.tell(era === this.era ? seq : 0),
      heard: (news) => this.overhear(news),
    });
    this.tabs.ask();
    void this.follow();
    void this.outbox.flush();
  }

  get items(): Item[] {
    return [...this.told.values(), ...this.outbox.messages.filter((one) => !this.told.has(one.id))];
  }

  /** Of all tabs this one is to make a sound. */
  get leads(): boolean {
    return this.tabs.leads;
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

  /** Let in somebody who says who they are. */
  introduce(name: string | undefined, email: string): Promise<unknown> {
    return this.outbox.token(name, email);
  }

  /** At first only good or bad, and then a few words, if they like. */
  async rate(asked: Rating, good: boolean, text?: string): Promise<void> {
    if (text !== "") await this.server.rate(await this.outbox.token(), asked.id, good, text);
    this.told.set(asked.id, { ...asked, good, open: text === undefined });
    this.changed();
  }

  /** They are writing: a person who is here may know. */
  writes(): void {
    const { token } = this.memory;
    if (!token || !this.agent || Date.now() < this.wrote + WRITES) return;
    this.wrote = Date.now();
    this.server.typing(token).catch(() => {});
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

  private turn(): void {
    this.stream?.abort();
    if (this.tabs.leads) this.tell(0);
    else this.tabs.ask();
    this.hurry();
  }

  /** Tell the other tabs what comes after this. */
  private tell(after: number, events = this.log.filter((one) => one.seq > after)): void {
    const { era, connected } = this;
    this.tabs.tell({ era, after, events, connected });
  }

  /** The tab that hears the server tells us. Where something is missing, we ask it. */
  private overhear({ era, after, events, connected }: News): void {
    if (era !== this.era && !after) this.begin(era);
    if (era !== this.era || after > this.seq) {
      this.tabs.ask();
      return;
    }
    this.connected = connected;
    for (const event of events) this.hear(event);
    if (connected) this.settle();
    this.changed();
  }

  private begin(era: string): void {
    this.era = era;
    this.log = [];
    this.told.clear();
    this.outbox.begin();
    this.seqs.clear();
    this.seq = this.reported = 0;
    this.agent = undefined;
    this.tell(0);
  }

  private follows(token?: string): boolean {
    return !!token && this.era.startsWith(`${token} `);
  }

  /** The server does not know this token: follow whoever we are instead, once we are somebody. */
  private forget(token: string): void {
    this.memory.forget(token);
    this.stream?.abort();
  }

  private restart(): void {
    this.begin(`${this.era.split(" ")[0]} ${unique()}`);
    this.memory.unsee();
  }

  /** Follow the journal for ever, taking it up again where it broke off. */
  private async follow(): Promise<void> {
    for (;;) {
      const token = this.memory.token;
      const listens = token && this.tabs.leads;
      if (listens) {
        await this.listen(token);
        if (this.tabs.leads) this.hears(false);
      }
      await this.awake.within(listens ? backoff(this.tries++) : undefined);
    }
  }

  private async listen(token: string): Promise<void> {
    if (!this.follows(token)) this.begin(`${token} ${unique()}`);
    this.stream = new AbortController();
    try {
      for await (const [kind, event] of this.server.events(token, this.seq, this.stream)) {
        const before = this.seq;
        if (kind === "") this.hears(true);
        else if (kind === "reset") this.restart();
        else {
          this.hear(event!);
          this.tell(before, [event!]);
        }
        this.changed();
      }
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.forget(token);
    }
  }

  private hears(connected: boolean): void {
    this.connected = connected;
    this.tell(this.seq, []);
    this.changed();
    if (!connected) return;
    this.tries = 0;
    this.settle();
  }

  private settle(): void {
    if (this.settled || this.settling) return;
    this.settling = window.setTimeout(() => {
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
    this.log.push(event);
    if (event.author.kind !== "customer") this.typingUntil = 0;
    if (event.kind === "message") this.add(event);
    else if (event.kind === "edit") this.edit(event);
    else if (event.kind === "delete") this.delete(event);
    else if (event.kind === "presence") this.mark(event);
    else if (event.kind === "rating") this.told.set(event.id, { id: event.id, name: event.name ?? "", at: event.at });
    else if (event.kind === "rated") this.score(event);
  }

  private score(event: ChatEvent): void {
    const asked = this.told.get(event.of ?? "") as Rating | undefined;
    if (asked) this.told.set(asked.id, { open: false, ...asked, good: event.good });
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
    if (isMessage(before) && !before.deleted)
      this.told.set(before.id, { ...before, text, marks, choices, edited: true });
  }

  /** Nothing of it stays but its place: whoever has seen it is to see what became of it. */
  private delete(event: ChatEvent): void {
    const before = this.told.get(event.of ?? "");
    if (!isMessage(before)) return;
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
