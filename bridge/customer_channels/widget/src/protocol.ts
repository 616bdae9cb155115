/** What goes over the wire: some calls, and the events that come back. */

export interface Author {
  kind: "customer" | "bot" | "agent" | "system";
  name: string;
}

export interface Attached {
  id: string;
  name: string;
  mime: string;
}

export interface Admitted {
  token: string;
  visitor: string;
}

/** From where to where, in UTF-16 units; how it looks; where a link leads. */
export type Span = [number, number, string, string?];

export interface ChatEvent {
  seq: number;
  kind: "message" | "edit" | "delete" | "presence" | "rating" | "rated" | "typing";
  author: Author;
  text: string;
  id: string;
  at: string;
  of?: string;
  change?: "joined" | "left";
  /** Of a rating: whose work is asked about, and what they say. */
  name?: string;
  good?: boolean;
  marks?: Span[];
  choices?: string[];
  files?: Attached[];
}

/** The server said no. A status of 429 or 503 means: later. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly seconds: number,
  ) {
    super(`refused with ${status}`);
  }

  get forGood(): boolean {
    return this.status < 500 && ![401, 408, 429].includes(this.status);
  }
}

/** Silence for so long means that the connection is dead; the server gives a sign every 15 s. */
const SILENCE = 40_000;
const PATIENCE = 20_000;
const UPLOAD = 120_000;

export class Server {
  /** `identity` is what the site has signed of who this is. */
  constructor(
    private readonly base: string,
    private readonly identity: string,
  ) {}

  async session(name: string, email: string): Promise<Admitted> {
    const identity = this.identity || undefined;
    return (await this.post("web/session", { name, email: email || undefined, identity })) as Admitted;
  }

  /** They are writing something. */
  async typing(token: string): Promise<void> {
    await this.post("web/typing", {}, token);
  }

  async rate(token: string, of: string, good: boolean, text?: string): Promise<void> {
    await this.post("web/ratings", { of, good, text }, token);
  }

  /** Everything up to there was in front of somebody's eyes. */
  async seen(token: string, seq: number): Promise<void> {
    await this.post("web/seen", { seq }, token);
  }

  async say(token: string, id: string, text: string, files: readonly string[] = []): Promise<void> {
    await this.post("web/messages", { id, text, files }, token);
  }

  /** A message of their own reads so now; without a text it is gone. */
  async change(token: string, id: string, of: string, text?: string): Promise<void> {
    await this.post("web/changes", { id, of, text }, token);
  }

  /** Where a file is read. */
  address(file: Attached): string {
    return `${this.base}web/files/${encodeURIComponent(file.id)}`;
  }

  /** Bring a file there; `part` hears how much of it is. Only the old way of asking tells that. */
  upload(token: string, file: File, part: (done: number) => void): Promise<Attached> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}web/files?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.responseType = "json";
      request.timeout = UPLOAD;
      request.upload.onprogress = (event) => part(event.loaded / (event.total || 1));
      request.onload = () =>
        request.status === 200 ? resolve(request.response as Attached) : reject(new Refusal(request.status, 0));
      request.onerror = request.ontimeout = () => reject(new Refusal(0, 0));
      request.send(file);
    });
  }

  /** Yields ("" once open, "reset", "typing" or "message") with the event, until the connection ends. */
  async *events(token: string, after: number, stop: AbortController): AsyncGenerator<[string, ChatEvent?]> {
    let watchdog = 0;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = window.setTimeout(() => stop.abort(), SILENCE);
    };
    try {
      alive();
      const response = await this.fetch(`web/events?after=${after}`, token, { signal: stop.signal, cache: "no-store" });
      yield [""];
      for await (const [event, data] of frames(response.body!, alive)) yield [event, JSON.parse(data)];
    } finally {
      clearTimeout(watchdog);
      stop.abort();
    }
  }

  private async post(path: string, body: object, token?: string): Promise<unknown> {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await this.fetch(path, token, { method: "POST", body: JSON.stringify(body), signal });
    return response.json();
  }

  private async fetch(path: string, token: string | undefined, options: RequestInit): Promise<Response> {
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    if (options.body) headers["Content-Type"] = "application/json";
    const response = await fetch(this.base + path, {
      ...options,
      headers,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (response.ok) return response;
    throw new Refusal(response.status, Number(response.headers.get("Retry-After")) || 0);
  }
}

/** Reads server-sent events. Unlike EventSource this keeps the token out of the address. */
async function* frames(body: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<[string, string]> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
      if (fields.has("data")) yield [fields.get("event") ?? "message", fields.get("data")!];
    }
  }
}
