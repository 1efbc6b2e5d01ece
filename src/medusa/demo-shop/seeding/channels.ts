import type { MedusaContainer } from "@medusajs/framework/types"
import {
  createApiKeysWorkflow,
  createSalesChannelsWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
  updateApiKeysWorkflow,
  updateSalesChannelsWorkflow,
} from "@medusajs/medusa/core-flows"
import { CHANNELS, type ChannelName } from "../places.ts"
import { complete, find, required } from "./shop.ts"

const NAMES = Object.keys(CHANNELS) as ChannelName[]

/** Names that Medusa gives at its first start (core-flows `create-defaults`): those two become `web`'s. */
const DEFAULT_CHANNEL = "Default Sales Channel"
const DEFAULT_KEY = "Default Publishable API Key"

export type Channels = Record<ChannelName, { sales_channel_id: string; publishable_key: string }>

/** The four sales channels, each with a publishable key that opens it and no other. */
export async function seedChannels(container: MedusaContainer): Promise<Channels> {
  await adoptDefaults(container)
  const channels = await find<{ id: string; name: string }>(container, "sales_channel", ["id", "name"])
  const ids = await complete(
    NAMES,
    (name) => name,
    channels.map(({ id, name }) => ({ id, key: name })),
    async (missing) => {
      const salesChannelsData = missing.map((name) => ({ name, description: CHANNELS[name] }))
      return (await createSalesChannelsWorkflow(container).run({ input: { salesChannelsData } })).result
    },
  )
  const keys = await seedKeys(container, ids)
  return Object.fromEntries(
    NAMES.map((name) => [
      name,
      { sales_channel_id: required(ids.get(name), name), publishable_key: required(keys.get(name), name) },
    ]),
  ) as Channels
}

async function adoptDefaults(container: MedusaContainer): Promise<void> {
  const channels = await find<{ id: string; name: string }>(container, "sales_channel", ["id", "name"])
  const channel = channels.find(({ name }) => name === DEFAULT_CHANNEL)
  if (channel && !channels.some(({ name }) => name === "web")) {
    await updateSalesChannelsWorkflow(container).run({
      input: { selector: { id: channel.id }, update: { name: "web", description: CHANNELS.web } },
    })
  }
  const keys = await publishableKeys(container)
  const key = keys.find(({ title }) => title === DEFAULT_KEY)
  if (key && !keys.some(({ title }) => title === "web")) {
    await updateApiKeysWorkflow(container).run({ input: { selector: { id: key.id }, update: { title: "web" } } })
  }
}

async function seedKeys(container: MedusaContainer, channels: Map<string, string>): Promise<Map<string, string>> {
  const ids = await complete(
    NAMES,
    (name) => name,
    (await publishableKeys(container)).map(({ id, title }) => ({ id, key: title })),
    async (missing) => {
      const api_keys = missing.map((title) => ({ title, type: "publishable" as const, created_by: "" }))
      return (await createApiKeysWorkflow(container).run({ input: { api_keys } })).result
    },
  )
  const keys = await publishableKeys(container)
  for (const name of NAMES) {
    const key = required(
      keys.find(({ id }) => id === ids.get(name)),
      name,
    )
    const channel = required(channels.get(name), name)
    const opens = key.sales_channels.map(({ id }) => id)
    if (opens.includes(channel)) continue
    await linkSalesChannelsToApiKeyWorkflow(container).run({ input: { id: key.id, add: [channel] } })
  }
  return new Map(keys.map(({ title, token }) => [title, token]))
}

const publishableKeys = (container: MedusaContainer) =>
  find<{ id: string; title: string; token: string; sales_channels: { id: string }[] }>(
    container,
    "api_key",
    ["id", "title", "token", "sales_channels.id"],
    { type: "publishable", revoked_at: null },
  )
