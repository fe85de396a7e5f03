// node validate.mjs DIR: reads the samples that channel_samples.py left in DIR. A line a fault; status 1
// when there is one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";

// Its package is made for bundlers and browsers; reading a card needs neither.
globalThis.window ??= globalThis;
globalThis.self ??= globalThis;
const cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

const folder = process.argv[2];
const faults = [];
const read = (name) => readFileSync(join(folder, name), "utf8");
const must = (holds, what) => { if (!holds) faults.push(what); };

function webhook() {
  const body = read("webhook.body");
  const headers = JSON.parse(read("webhook.headers"));
  for (const secret of JSON.parse(read("webhook.secrets"))) {
    try {
      new Webhook(secret).verify(body, headers);
    } catch (error) {
      faults.push(`webhook: ${secret.slice(0, 10)}…: ${error.message}`);
    }
  }
  for (const [secret, text] of [["whsec_" + "A".repeat(43) + "=", body],
                                [JSON.parse(read("webhook.secrets"))[0], body + " "]]) {
    let refused = false;
    try { new Webhook(secret).verify(text, headers); } catch { refused = true; }
    must(refused, "webhook: the verifier takes a wrong secret or an altered body");
  }
}

function teams() {
  const message = JSON.parse(read("teams.body"));
  must(message.type === "message" && message.attachments.length === 1, "teams: not one attachment in a message");
  const content = message.attachments[0].content;
  const context = new cards.SerializationContext(cards.Versions.v1_4);
  const card = new cards.AdaptiveCard();
  card.parse(content, context);
  for (let i = 0; i < context.eventCount; ++i) {
    const event = context.getEventAt(i);
    faults.push(`teams: ${event.phase} ${event.event}: ${event.message}`);
  }
  for (const { message: words } of card.validateProperties().validationEvents) faults.push(`teams: ${words}`);
  must(card.getItemCount() === content.body.length, "teams: the reader dropped elements of the card");
  must(Buffer.byteLength(read("teams.body")) <= 28 * 1024, "teams: larger than 28 KB");
}

// The limits Slack publishes in its reference of blocks and of chat.postMessage.
function slack() {
  const message = JSON.parse(read("slack.body"));
  must(message.text.length <= 4000, "slack: text above 4,000 characters");
  must(message.blocks.length <= 50, "slack: more than 50 blocks");
  const text = (object, most, where) => {
    must(["plain_text", "mrkdwn"].includes(object.type), `slack: ${where}: ${object.type} is no text`);
    must(object.text.length >= 1 && object.text.length <= most, `slack: ${where}: ${object.text.length} characters, at most ${most}`);
  };
  for (const block of message.blocks) {
    if (block.type === "header") {
      must(block.text.type === "plain_text", "slack: a header that is not plain_text");
      text(block.text, 150, "header");
    } else if (block.type === "section") {
      if (block.text) text(block.text, 3000, "section");
      must(block.text || block.fields, "slack: a section with neither text nor fields");
      must((block.fields ?? []).length <= 10, "slack: more than 10 fields");
      for (const field of block.fields ?? []) text(field, 2000, "field");
    } else if (block.type === "context") {
      must(block.elements.length >= 1 && block.elements.length <= 10, "slack: a context of more than 10 elements");
      for (const element of block.elements) if (element.type !== "image") text(element, 3000, "context");
    } else if (block.type === "actions") {
      must(block.elements.length <= 25, "slack: more than 25 actions");
      for (const button of block.elements) text(button.text, 75, "button");
    } else {
      must(block.type === "divider", `slack: ${block.type} is not expected`);
    }
  }
}

webhook();
teams();
slack();
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults in ${folder}`);
process.exit(faults.length ? 1 : 0);
