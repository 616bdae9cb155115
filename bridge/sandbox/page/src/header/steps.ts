/** The main story in five steps, and which of them have happened. Pure. */

import type { Block, Message, View } from "../model";

export interface Step {
  title: string;
  hint: string;
  done: boolean;
}

export function steps(view: View | null): Step[] {
  const cards = view ? allCards(view) : [];
  const asked = cards.length > 0;
  const back = cards.some((card) => isBack(card.message));
  const replied = cards.some((card) => !has(card.message, "claim") && card.replies.some(fromPerson));
  const claimed = back || replied || cards.some((card) => has(card.message, "handback"));
  return [
    { title: "Ask the bot", hint: "Write to it from a phone", done: asked || (view !== null && answered(view)) },
    { title: "Ask for a person", hint: "Say so on the phone", done: asked },
    { title: "Claim", hint: "Press Claim on the card", done: claimed },
    { title: "Reply in the thread", hint: "The customer reads it", done: replied },
    { title: "Hand back", hint: "The bot carries on", done: back },
  ];
}

interface Card {
  message: Message;
  replies: Message[];
}

/** The cards: the app's messages that carry a handoff's buttons, or carried them and have a thread. */
export function allCards(view: View): Card[] {
  return Object.values(view.slack.messages).flatMap((messages) => {
    const mine = messages.filter(
      (message) => message.bot_id && (!message.thread_ts || message.thread_ts === message.ts),
    );
    return mine
      .map((message) => ({
        message,
        replies: messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts),
      }))
      .filter(
        ({ message, replies }) =>
          replies.length > 0 || ["claim", "handback", "reopen"].some((action) => has(message, action)),
      );
  });
}

export function has(message: Message, action: string): boolean {
  return message.blocks?.some((block) => controls(block).includes(action)) ?? false;
}

/** Whether a card says that the bot has the conversation again. Its first line is its state. */
const isBack = (message: Message): boolean => /^.*\bback with the bot\b/i.test(message.text);

const controls = (block: Block): (string | undefined)[] =>
  [block.accessory, ...(block.elements ?? [])].map((element) => element?.action_id);

function fromPerson(message: Message): boolean {
  const held = message.reactions?.some((reaction) => reaction.name === "raised_hand") ?? false;
  return !message.bot_id && message.user !== undefined && !held && !/^(!|note:)/i.test(message.text);
}

function answered(view: View): boolean {
  return [...view.telegram.chats, ...view.whatsapp.chats].some((chat) =>
    chat.messages.some((message) => message.from !== "customer"),
  );
}
