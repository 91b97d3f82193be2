// Webhooks that did not arrive are found, and only those, and each is asked for once.
import { afterEach, expect, it } from "vitest";
import { failedDeliveries, redeliver } from "../../../app/github/deliveries.ts";
import { receiveWebhooks, type WebhookReceiver } from "../../emulators/support/github.ts";
import { type Setup, setUpGitHub } from "../support/github.ts";

let all: Setup | undefined;
let receiver: WebhookReceiver | undefined;
const patient = { timeout: 40_000, interval: 100 };

afterEach(async () => {
  await all?.close();
  await receiver?.close();
});

it("lists what no try delivered, over all pages, and redelivers it", async () => {
  receiver = await receiveWebhooks();
  all = await setUpGitHub();
  const { emulator, app, installation } = all;
  emulator.set({ webhookUrl: receiver.url, webhookSecret: "a secret of some length" });
  const since = new Date(Date.now() - 60_000);
  const send = () => emulator.addIssue("acme/website", { title: "A title" });
  receiver.answer = 503;
  for (let n = 0; n < 3; n += 1) send();
  await expect.poll(() => receiver?.received.length, patient).toBe(3);
  receiver.answer = 202;
  for (let n = 0; n < 110; n += 1) send();
  await expect.poll(() => receiver?.received.length, patient).toBe(113);

  const failed = await failedDeliveries(app, since);
  expect(failed.length).toBe(3);
  expect(failed[0]).toMatchObject({ event: "issues", action: "opened", tries: 1, installationId: installation });
  expect(new Set(failed.map(({ guid }) => guid)).size).toBe(3);

  await redeliver(app, failed[0]?.id ?? "");
  await expect.poll(() => receiver?.received.at(-1)?.guid, patient).toBe(failed[0]?.guid);
  await expect.poll(async () => (await failedDeliveries(app, since)).length, patient).toBe(2);

  receiver.answer = 500;
  await redeliver(app, failed[1]?.id ?? "");
  await expect
    .poll(async () => (await failedDeliveries(app, since)).map(({ tries }) => tries), patient)
    .toEqual([2, 1]);
  expect(await failedDeliveries(app, new Date(Date.now() + 60_000))).toEqual([]);
});

it("takes it for asked where GitHub accepts that and says no more", async () => {
  receiver = await receiveWebhooks();
  all = await setUpGitHub();
  const { emulator, app } = all;
  emulator.set({ webhookUrl: receiver.url, webhookSecret: "a secret of some length" });
  receiver.answer = 503;
  emulator.addIssue("acme/website", { title: "A title" });
  await expect.poll(() => receiver?.received.length, patient).toBe(1);
  receiver.answer = 202;
  const [failed] = await failedDeliveries(app, new Date(Date.now() - 60_000));
  emulator.inject({ kind: "empty-body", status: 202, actFirst: true }, { times: 1 });
  await redeliver(app, failed!.id);
  await expect.poll(() => receiver?.received.length, patient).toBe(2);
});
