/** What the widget itself says, in the reader's language. English is in the script; the others are fetched. */

const ENGLISH = {
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
  attach: "Attach a file",
  deleted: "Message deleted",
  edit: "Edit",
  cancel: "Cancel",
  rate: "How was it with {name}?",
  good: "Good",
  bad: "Not good",
  more: "What would you like to add?",
  skip: "Skip",
  thanks: "Thank you for telling us.",
  name: "Your name",
  email: "Your e-mail address",
  question: "How can we help?",
  start: "Start chat",
  optional: "optional",
};

export type Words = typeof ENGLISH;

/** Each is a file in `public`, which says as much as the above. */
const OTHERS = ["de", "es", "fr", "it", "pt", "nl", "ar"];

/** Milliseconds. Nobody waits for the chat because of a translation. */
const PATIENCE = 5_000;

/** The first of the wanted languages that there is, else English; what cannot be fetched is said in English, too. */
export async function wordsFor(base: string, wanted: readonly string[]): Promise<[string, Words]> {
  const known = ["en", ...OTHERS];
  const language = wanted.map((one) => one.slice(0, 2).toLowerCase()).find((one) => known.includes(one)) ?? "en";
  if (language === "en") return ["en", ENGLISH];
  try {
    const response = await fetch(`${base}widget/${language}.json`, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return [language, { ...ENGLISH, ...((await response.json()) as Partial<Words>) }];
  } catch {
    return ["en", ENGLISH];
  }
}

export function fill(text: string, value: string | number): string {
  return text.replace(/\{\w+\}/, () => String(value));
}
