/** Starts the page. */

import { render } from "preact";
import { App } from "./app";
import { follow } from "./sandbox";
import "./styles/tokens.css";
import "./styles/parts.css";
import "./styles/header.css";
import "./styles/workspace.css";
import "./styles/message.css";
import "./styles/blocks.css";
import "./styles/phones.css";
import "./styles/narrow.css";

render(<App />, document.getElementById("page")!);
follow();
