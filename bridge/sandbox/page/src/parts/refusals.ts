/** The platforms' short error codes in words. */

const WORDS: Record<string, string> = {
  blocked: "this chat is blocked",
  cant_delete_message: "only its author or an admin may delete this message",
  cant_update_message: "only its author may change this message",
  command_not_in_thread: "Slack does not run commands in threads",
  is_archived: "the channel is archived",
  message_not_found: "the message is gone",
  no_text: "there is nothing to send",
  not_in_channel: "not a member of this channel",
  operation_timeout: "the app did not answer in time",
  restricted_action: "people of another company may not do that",
  trouble_connecting: "the app's answer made no sense",
  unknown_command: "there is no such command",
};

export const saidAs = (error: string | null | undefined): string =>
  error ? (WORDS[error] ?? error.replaceAll("_", " ")) : "no reason given";
