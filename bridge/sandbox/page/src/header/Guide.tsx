/** The one-line guide: what to try next. A step brings the visitor to the place where it is done. */

import { Icon } from "../parts/Icon";
import { view } from "../sandbox";
import { channel, home, openThread, phone, QUEUE, side } from "../session";
import { Tips } from "./Tips";
import { allCards, has, steps } from "./steps";

export function Guide() {
  const all = steps(view.value);
  const next = all.findIndex((step) => !step.done);
  return (
    <nav class="guide" aria-label="Try it in five steps">
      <ol>
        {all.map((step, index) => (
          <li key={step.title} class={step.done ? "done" : index === next ? "next" : ""}>
            <button
              type="button"
              title={step.hint}
              aria-current={index === next ? "step" : undefined}
              onClick={() => show(index)}
            >
              <span class="step-mark" aria-hidden="true">
                {step.done ? <Icon name="check" /> : index + 1}
              </span>
              <span class="step-title">{step.title}</span>
              {index === next && <span class="step-hint">{step.hint}</span>}
              {step.done && <span class="unseen"> (done)</span>}
            </button>
          </li>
        ))}
      </ol>
      {next < 0 && <Tips />}
    </nav>
  );
}

/** Bring the visitor to where a step is done. */
export function show(index: number): void {
  side.value = index < 2 ? "customers" : "agents";
  if (index < 2) return showPhone(index);
  const wanted = index === 2 ? "claim" : "handback";
  const cards = view.value ? allCards(view.value) : [];
  const card = cards.findLast((one) => has(one.message, wanted)) ?? cards.at(-1);
  home.value = false;
  channel.value = QUEUE;
  if (!card) return point(".channel .welcome button");
  if (index === 2) return point(`.channel [data-ts="${card.message.ts}"] [data-action="claim"]`);
  openThread(QUEUE, card.message.ts);
  point(index === 3 ? "#thread-composer" : `.thread [data-ts="${card.message.ts}"] [data-action="handback"]`);
}

function showPhone(index: number): void {
  if (phone.value === "web") phone.value = "telegram";
  const foot = `#phone-${phone.value} .app-foot`;
  point(`${foot} .chips button:nth-child(${index + 1})`, `${foot} :is(.phone-field, .unblock)`);
}

/** Bring something into sight, let it glow for a moment, and focus it, or what stands for it. */
function point(selector: string, focused = selector): void {
  requestAnimationFrame(() => {
    const element = document.querySelector<HTMLElement>(selector);
    element?.scrollIntoView({ block: "center", inline: "center", behavior: "smooth" });
    document.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
    element?.classList.add("pointed");
    element?.addEventListener("animationend", () => element.classList.remove("pointed"), { once: true });
  });
}
