/** What outlives the page: whose chat this is, what was read, and what is not sent yet. Shared by all tabs. */

export interface Unsent {
  id: string;
  text: string;
  at: string;
  refused?: boolean;
}

interface Kept {
  token?: string;
  seen: number;
  queue: Unsent[];
}

export class Memory {
  private kept: Kept = { seen: 0, queue: [] };
  private forbidden = false;

  constructor(private readonly name: string) {
    this.read();
  }

  /** Another tab has changed something. */
  onchange(told: () => void): void {
    addEventListener("storage", (event) => {
      if (event.key === this.name || event.key === null) told();
    });
  }

  get token(): string | undefined {
    return this.read().token;
  }

  get seen(): number {
    return this.read().seen;
  }

  get queue(): readonly Unsent[] {
    return this.read().queue;
  }

  admit(token: string): void {
    this.write({ ...this.read(), token, seen: 0 });
  }

  /** The server does not know this token any more. What is unsent stays. */
  forget(token: string): void {
    if (token === this.token) this.write({ seen: 0, queue: this.read().queue });
  }

  see(seq: number): void {
    if (seq > this.seen) this.write({ ...this.read(), seen: seq });
  }

  /** The journal counts from one again. */
  unsee(): void {
    this.write({ ...this.read(), seen: 0 });
  }

  put(message: Unsent): void {
    const kept = this.read();
    const known = kept.queue.some((one) => one.id === message.id);
    const queue = known ? kept.queue.map((one) => (one.id === message.id ? message : one)) : [...kept.queue, message];
    this.write({ ...kept, queue });
  }

  drop(id: string): void {
    const kept = this.read();
    if (kept.queue.some((one) => one.id === id))
      this.write({ ...kept, queue: kept.queue.filter((one) => one.id !== id) });
  }

  private read(): Kept {
    try {
      const text = this.forbidden ? JSON.stringify(this.kept) : localStorage.getItem(this.name);
      this.kept = { seen: 0, queue: [], ...(JSON.parse(text ?? "{}") as Partial<Kept>) };
    } catch {
      this.forbidden = true;
    }
    return this.kept;
  }

  /** A browser that forbids storage still has a chat, for as long as the page is open. */
  private write(kept: Kept): void {
    this.kept = kept;
    try {
      localStorage.setItem(this.name, JSON.stringify(kept));
    } catch {
      this.forbidden = true;
    }
  }
}
