/** What the widget itself says, in the reader's language. */

const en = {
  open: "Open chat",
  close: "Close chat",
  unread: "{n} unread",
  hello: "Hello! How can we help?",
  hint: "Write to us and we will answer right here.",
  subtitle: "We answer right here",
  conversation: "Conversation",
  write: "Write a message",
  send: "Send",
  you: "You",
  bot: "Bot",
  joined: "{name} joined",
  left: "{name} left",
  edited: "edited",
  unsent: "Not sent yet",
  sending: "Sending",
  sent: "Sent",
  refused: "Could not be sent",
  again: "Try again",
  remove: "Remove",
  choices: "Suggested answers",
  typing: "Writing",
  offline: "Connecting…",
  newer: "New messages",
};

export type Words = typeof en;

const all: Record<string, Words> = { en };

export function wordsFor(languages: readonly string[]): [string, Words] {
  const known = languages.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one in all) ?? "en";
  return [known, all[known]!];
}

export function fill(text: string, value: string | number): string {
  return text.replace(/\{\w+\}/, () => String(value));
}
