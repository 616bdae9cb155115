/**
 * Of all tabs of a browser one hears the server, and tells the others: browsers allow six connections to a host.
 *
 * Who holds the lock leads. When its page goes, the browser gives the lock to the next. A page that sleeps keeps it, so
 * a tab that is looked at and gets no answer takes it away. Where there are no locks, or the browser forbids them, every
 * tab hears for itself.
 */

const ANSWERS = 3_000;
const ASKS = 15_000;

interface Told<Where, News> {
  /** It is ours to lead now, or not any more. */
  turn: () => void;
  /** How far we are: what the leader is asked with. */
  where: () => Where;
  /** Another tab is only so far. */
  asked: (where: Where) => void;
  /** What the leader tells. */
  heard: (news: News) => void;
}

export class Tabs<Where, News> {
  leads = !navigator.locks;
  private readonly channel: BroadcastChannel;
  private silence = 0;

  constructor(
    private readonly name: string,
    private readonly told: Told<Where, News>,
  ) {
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<{ where: Where } | { news: News }>) => {
      if ("where" in data) {
        if (this.leads) told.asked(data.where);
      } else if (!this.leads) {
        clearTimeout(this.silence);
        told.heard(data.news);
      }
    };
    if (this.leads) return;
    void this.lead();
    document.addEventListener("visibilitychange", () => this.ask());
    setInterval(() => this.ask(), ASKS);
  }

  tell(news: News): void {
    if (this.leads) this.channel.postMessage({ news });
  }

  /** Have the leader tell what is missing here. */
  ask(): void {
    if (this.leads) return;
    this.channel.postMessage({ where: this.told.where() });
    clearTimeout(this.silence);
    if (!document.hidden) this.silence = window.setTimeout(() => void this.lead(true), ANSWERS);
  }

  private async lead(steal = false): Promise<void> {
    try {
      await navigator.locks.request(`${this.name} stream`, { steal }, () => {
        clearTimeout(this.silence);
        this.turn(true);
        return new Promise(() => {});
      });
    } catch (error) {
      const taken = (error as Error).name === "AbortError";
      this.turn(!taken);
      if (taken && !steal) void this.lead(); // to the end of the line; who had taken it from others still stands there
    }
  }

  private turn(leads: boolean): void {
    this.leads = leads;
    this.told.turn();
  }
}
