/** Brings the customer's words to the server: in order, again and again until they are there, never twice. */

import type { Message } from "./chat";
import type { Memory, Unsent } from "./memory";
import { Refusal, type Server } from "./protocol";

const LONGEST_WAIT = 30_000;

interface Told {
  changed: () => void;
  /** There is a token now. */
  admitted: () => void;
  /** The server does not know this token. */
  unknown: (token: string) => void;
}

export class Outbox {
  /** Stored by the server, but the journal has not told it to us yet. */
  private stored = new Map<string, Unsent>();
  private sending = false;
  private later = 0;
  private tries = 0;

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
    private readonly name: string,
    private readonly tell: Told,
  ) {}

  /** Everything that the journal may not have told yet. */
  get messages(): Message[] {
    const all = [...this.stored.values(), ...this.memory.queue];
    return [...new Map(all.map((one) => [one.id, this.message(one)])).values()];
  }

  /** The journal has told a message: nothing of it is left to do. */
  told(id: string): void {
    this.stored.delete(id);
    this.memory.drop(id);
  }

  /** The journal is told from its beginning. */
  begin(): void {
    this.stored.clear();
  }

  /** Send what waits, one after the other. The same id again changes nothing, so repeating is safe. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.later);
    try {
      for (let next = this.next(); next; next = this.next()) await this.deliver(next);
    } catch (error) {
      const wish = error instanceof Refusal ? error.seconds * 1000 : 0;
      this.later = window.setTimeout(() => void this.flush(), Math.max(wish, backoff(this.tries++)));
    } finally {
      this.sending = false;
      this.tell.changed();
    }
  }

  private message(one: Unsent): Message {
    const waits = this.sending ? "sending" : "unsent";
    const state = one.refused ? "refused" : this.stored.has(one.id) ? "sent" : waits;
    return { id: one.id, author: { kind: "customer", name: "" }, text: one.text, at: one.at, files: one.files, state };
  }

  private next(): Unsent | undefined {
    return this.memory.queue.find((one) => !one.refused);
  }

  private async deliver(message: Unsent): Promise<void> {
    const token = await this.token();
    try {
      await this.server.say(token, message.id, message.text, message.files?.map((file) => file.id));
      this.tries = 0;
      this.stored.set(message.id, message);
      this.memory.drop(message.id);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.tell.unknown(token);
      if (!(error instanceof Refusal && error.forGood)) throw error;
      this.memory.put({ ...message, refused: true });
    }
    this.tell.changed();
  }

  /** Two tabs that speak first at the same moment become one visitor. */
  async token(name = this.name, email = ""): Promise<string> {
    const get = async () => {
      const known = this.memory.token;
      if (known) return known;
      const { token, visitor } = await this.server.session(name, email);
      this.memory.admit(token, visitor);
      this.tell.admitted();
      await new Promise((go) => setTimeout(go, UNTIL_OTHERS_SEE));
      return token;
    };
    return this.memory.shared && navigator.locks ? navigator.locks.request("bridge-chat", get) : get();
  }
}

/** Milliseconds. Another tab may get the lock before the browser shows it what this one has stored. */
const UNTIL_OTHERS_SEE = 150;

/** Milliseconds until the next try: longer each time, and not the same for everybody. */
export function backoff(tries: number): number {
  return 500 + Math.random() * Math.min(LONGEST_WAIT, 1000 * 2 ** tries);
}
