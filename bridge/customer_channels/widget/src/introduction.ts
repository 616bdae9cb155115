/** Before somebody writes for the first time: what the desk would like to know of them. */

import type { Chat } from "./chat";
import { h } from "./dom";
import type { Words } from "./words";

const LONGEST = { name: "80", email: "254", question: "4000" };

/** `asks` names what is asked for, as in `name email! question`; with a `!` it cannot be left blank. */
export function introduction(chat: Chat, words: Words, asks: string, done: () => void): HTMLElement {
  const fields = new Map<string, HTMLInputElement | HTMLTextAreaElement>();
  const labels = asks.split(" ").map((asked) => {
    const name = asked.replace("!", "") as keyof typeof LONGEST;
    const attributes = {
      type: name === "email" ? "email" : "text",
      autocomplete: name === "question" ? "off" : name,
      maxlength: LONGEST[name],
      required: asked.endsWith("!"),
      dir: "auto",
    };
    const field = name === "question" ? h("textarea", { ...attributes, rows: "3" }) : h("input", attributes);
    fields.set(name, field);
    return h("label", {}, `${words[name]}${field.required ? "" : ` (${words.optional})`}`, field);
  });
  const value = (name: string) => fields.get(name)?.value.trim() ?? "";
  const wrong = h("p", { role: "alert" });
  const enter = async (event: Event) => {
    event.preventDefault();
    wrong.textContent = "";
    try {
      await chat.introduce(value("name") || undefined, value("email"));
    } catch {
      wrong.textContent = words.refused;
      return;
    }
    if (value("question")) chat.say(value("question"));
    done();
  };
  const form = h("form", { class: "introduction", onsubmit: (event) => void enter(event) }, h("p", {}, words.hello), ...labels);
  form.append(wrong, h("button", { class: "choice" }, words.start));
  if (!asks.includes("!")) form.append(h("button", { type: "button", class: "plain", onclick: done }, words.skip));
  return form;
}
