/** The shapes that `GET /_sandbox/view` answers with. The sandbox owns them; the page only reads. */

export interface TextObject {
  type: string;
  text: string;
  verbatim?: boolean;
}
export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: string;
}
export interface Option {
  text: TextObject;
  value?: string;
  description?: TextObject;
  url?: string;
}
export interface OptionGroup {
  label: TextObject;
  options: Option[];
}

/** An element of a block. Which fields are there depends on its type. */
export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  value?: string;
  url?: string;
  style?: string;
  confirm?: Confirm;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_conversation?: string;
  initial_date?: string;
  initial_time?: string;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  accessibility_label?: string;
  image_url?: string;
  alt_text?: string;
  elements?: RichElement[];
}

export interface RichStyle {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
}

/** A part of a rich_text block: a section, list, quote or preformatted, or a run inside one. */
export interface RichElement {
  type: string;
  elements?: RichElement[];
  style?: RichStyle | string;
  indent?: number;
  offset?: number;
  text?: string;
  url?: string;
  name?: string;
  unicode?: string;
  user_id?: string;
  channel_id?: string;
  usergroup_id?: string;
  range?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
}

export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  title?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  image_url?: string;
  slack_file?: { url?: string };
  alt_text?: string;
}

export interface User {
  id: string;
  handle: string;
  name: string;
  is_bot?: boolean;
  is_admin?: boolean;
  is_restricted?: boolean;
  is_stranger?: boolean;
  /** The language in which they read Slack. */
  locale?: string;
  color?: string;
}

export interface Channel {
  id: string;
  name: string;
  kind?: string;
  is_private?: boolean;
  is_archived?: boolean;
  pins?: string[];
}
export interface Reaction {
  name: string;
  users: string[];
}
export interface SharedFile {
  id?: string;
  name?: string;
  title?: string;
  size?: number;
  preview?: string;
}

export interface Attachment {
  color?: string;
  text?: string;
  fallback?: string;
  blocks?: Block[];
}

export interface Message {
  ts: string;
  thread_ts?: string;
  user?: string;
  bot_id?: string;
  username?: string;
  icon_emoji?: string;
  text: string;
  blocks?: Block[];
  edited?: unknown;
  reactions?: Reaction[];
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  attachments?: Attachment[];
  files?: SharedFile[];
  subtype?: string;
}

export interface Ephemeral {
  channel: string;
  user: string;
  ts: string;
  thread_ts?: string;
  text: string;
  blocks?: Block[];
}
export interface Modal {
  id?: string;
  type?: string;
  title?: TextObject;
  submit?: TextObject;
  close?: TextObject;
  blocks: Block[];
  callback_id?: string;
}
export interface OpenView {
  id: string;
  user: string;
  view: Modal;
  errors?: Record<string, string> | null;
}
export interface Command {
  command: string;
  description: string;
  usage_hint?: string;
}
export interface Shortcut {
  callback_id: string;
  name: string;
  type: string;
}
export interface Status {
  channel?: string;
  channel_id?: string;
  thread_ts?: string;
  status?: string;
  text?: string;
}

export interface SlackView {
  team: { id?: string; name?: string };
  /** What people can choose as their language. */
  locales?: string[];
  users: User[];
  channels: Channel[];
  messages: Record<string, Message[]>;
  ephemerals: Ephemeral[];
  views: OpenView[];
  homes: Record<string, Modal>;
  home_tab?: boolean;
  commands: Command[];
  shortcuts: Shortcut[];
  connected: number;
  statuses: Status[];
}

export interface Button {
  text: string;
  data?: string | null;
  url?: string | null;
}

export interface PhoneMessage {
  id: string;
  from: string;
  text: string;
  html?: string;
  at: number;
  edited?: boolean | number | null;
  deleted?: boolean;
  buttons?: Button[] | Button[][] | null;
  reactions?: string[] | null;
  file?: string | null;
  status?: "sent" | "delivered" | "read" | "failed" | null;
  error?: string | null;
  reply_to?: string | null;
}

export interface Chat {
  chat: string;
  name: string;
  handle: string;
  blocked?: boolean;
  typing?: boolean;
  window_until?: number | null;
  messages: PhoneMessage[];
}

export interface View {
  now: number;
  speed: number;
  strict: boolean;
  slack: SlackView;
  telegram: { bot: { name: string; username: string }; chats: Chat[] };
  whatsapp: { business: { name: string; phone: string }; chats: Chat[] };
}
