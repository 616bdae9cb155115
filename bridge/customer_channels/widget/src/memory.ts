/**
 * What outlives the page: whose chat this is, what was read, and what is not sent yet. Shared by all tabs.
 *
 * Each thing has a key of its own. A browser may show a tab late what another has stored, so that a tab that wrote all
 * of it together would write over what it has not seen: the token, or what the customer typed in another tab.
 */

import type { Attached } from "./protocol";

export interface Unsent {
  id: string;
  text: string;
  at: string;
  files?: Attached[];
  refused?: boolean;
}

export class Memory {
  /** For as long as the page is open, where the browser forbids storage. */
  private readonly own = new Map<string, string>();
  private readonly unknown = new Set<string>();
  private forbidden = false;

  constructor(readonly name: string) {}

  /** Whether other tabs see what is stored here. */
  get shared(): boolean {
    return this.reach((storage) => storage.length) !== undefined;
  }

  /** Another tab has changed something. */
  onchange(told: () => void): void {
    addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(this.name)) told();
    });
  }

  get token(): string | undefined {
    const token = this.get("token");
    return token && !this.unknown.has(token) ? token : undefined;
  }

  get seen(): number {
    return Number(this.get("seen") ?? 0);
  }

  get queue(): readonly Unsent[] {
    const found = this.keys().flatMap((key) => (key.startsWith("unsent:") ? [this.get(key)] : []));
    const queue = found.flatMap((text) => (text ? [JSON.parse(text) as Unsent] : []));
    return queue.sort((one, other) => (one.at === other.at ? 0 : one.at < other.at ? -1 : 1));
  }

  /** A new token; what was seen in the same chat before stays seen. */
  admit(token: string, chat: string): void {
    this.set("token", token);
    if (this.get("chat") !== chat) this.unsee();
    this.set("chat", chat);
  }

  /** The server does not know this token any more. Nothing is taken away: another tab may just have stored a new one. */
  forget(token: string): void {
    this.unknown.add(token);
  }

  see(seq: number): void {
    if (seq > this.seen) this.set("seen", `${seq}`);
  }

  /** The journal counts from one again. */
  unsee(): void {
    this.set("seen", "0");
  }

  put(message: Unsent): void {
    this.set(`unsent:${message.id}`, JSON.stringify(message));
  }

  drop(id: string): void {
    this.set(`unsent:${id}`, undefined);
  }

  private keys(): string[] {
    const all = this.reach((storage) => Object.keys(storage)) ?? [...this.own.keys()];
    const start = `${this.name}:`;
    return all.flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : []));
  }

  private get(key: string): string | undefined {
    const full = `${this.name}:${key}`;
    return this.reach((storage) => storage.getItem(full)) ?? this.own.get(full);
  }

  private set(key: string, value: string | undefined): void {
    const full = `${this.name}:${key}`;
    const done = this.reach((storage) => {
      if (value === undefined) storage.removeItem(full);
      else storage.setItem(full, value);
      return true;
    });
    if (done) return;
    if (value === undefined) this.own.delete(full);
    else this.own.set(full, value);
  }

  /** The browser's storage, until it refuses: from then on there is what was in it, for as long as the page is open. */
  private reach<T>(use: (storage: Storage) => T): T | undefined {
    if (this.forbidden) return undefined;
    try {
      return use(localStorage);
    } catch {
      this.forbidden = true;
      this.keep();
      return undefined;
    }
  }

  private keep(): void {
    try {
      for (const [key, value] of Object.entries(localStorage as Record<string, string>)) this.own.set(key, value);
    } catch {
      // There is nothing to be had of it.
    }
  }
}
