import { createHmac } from "node:crypto"
import type { Sql } from "postgres"
import { createChannel, listChannels } from "../../../commerce/channels/index.ts"
import { addStaff, findStaff, type Role } from "../../../commerce/staff/index.ts"
import { createTill, listTills } from "../../../commerce/tills/index.ts"
import type { Config } from "../../../config.ts"
import { openDatabase } from "../../../platform/db/index.ts"
import type { Demo } from "../demo.ts"
import { STAFF } from "../people.ts"
import { CHANNEL_ACTIVITIES, CHANNELS, type ChannelName, PLACES, type PlaceName, SHOPS } from "../places.ts"
import type { Channels } from "./channels.ts"
import { complete, required } from "./shop.ts"

const NAMES = Object.keys(CHANNELS) as ChannelName[]
const ALL = { limit: 1_000, offset: 0 }
const BY = { type: "user", id: null } as const

/** What of Medusa's the desks stand on. */
interface Given {
  channels: Channels
  locations: Record<PlaceName, string>
  /** Ids by e-mail. */
  users: Map<string, string>
}

/** What the counter has of its own: the channels, who works in them, and a till in each shop. */
export async function seedDesks(config: Config, given: Given): Promise<Pick<Demo, "channels" | "tills">> {
  const { databaseUrl, jwtSecret } = config
  const { sql, close } = openDatabase(required(databaseUrl, "database"), { connections: 1 })
  try {
    const channels = await seedOwnChannels(sql, given.channels)
    await seedStaff(sql, given)
    return { channels, tills: await seedTills(sql, given, channels.pos.channel_id, jwtSecret) }
  } finally {
    await close()
  }
}

async function seedOwnChannels(sql: Sql, channels: Channels): Promise<Demo["channels"]> {
  const { rows } = await listChannels(sql, {}, ALL)
  const keys = await sql<{ id: string; token: string }[]>`select id, token from api_key where deleted_at is null`
  const ids = await complete(
    NAMES,
    (name) => CHANNELS[name],
    rows.map(({ id, name }) => ({ id, key: name })),
    async (missing) => {
      const created: { id: string }[] = []
      for (const name of missing) {
        const { sales_channel_id, publishable_key } = channels[name]
        const key = keys.find(({ token }) => token === publishable_key)
        const may = [...CHANNEL_ACTIVITIES[name]]
        const settings = { name: CHANNELS[name], kind: name, sales_channel_id, may, is_active: true }
        const publishable_key_id = required(key?.id, name)
        created.push(await sql.begin((tx) => createChannel(tx, { ...settings, publishable_key_id })))
      }
      return created
    },
  )
  return Object.fromEntries(
    NAMES.map((name) => [name, { channel_id: required(ids.get(CHANNELS[name]), name), ...channels[name] }]),
  ) as Demo["channels"]
}

async function seedStaff(sql: Sql, { users, locations }: Given): Promise<void> {
  for (const [role, { email, pin, shops }] of Object.entries(STAFF)) {
    const id = required(users.get(email), email)
    if (await findStaff(sql, id)) continue
    const stock_location_ids = shops.map((shop) => locations[shop])
    const settings = { role: role as Role, is_active: true, stock_location_ids }
    await sql.begin((tx) => addStaff(tx, id, settings, pin ?? null, BY))
  }
}

/** Tokens follow from the secret: seeded again, they are the same, and on another installation they are others. */
async function seedTills(sql: Sql, { locations }: Given, channelId: string, jwtSecret: string): Promise<Demo["tills"]> {
  const tokenOf = (shop: string) =>
    `till_${createHmac("sha256", jwtSecret).update(`mostrador demo till ${shop}`).digest("base64url")}`
  const nameOf = (shop: (typeof SHOPS)[number]) => PLACES[shop].name.replace("Tienda", "Caja")
  const { rows } = await listTills(sql, {}, ALL)
  const ids = await complete(
    [...SHOPS],
    nameOf,
    rows.map(({ id, name }) => ({ id, key: name })),
    async (missing) => {
      const created: { id: string }[] = []
      for (const shop of missing) {
        const receipt_prefix = shop.slice(0, 3).toUpperCase()
        const settings = { name: nameOf(shop), stock_location_id: locations[shop], channel_id: channelId }
        created.push(await sql.begin((tx) => createTill(tx, { ...settings, receipt_prefix }, BY, tokenOf(shop))))
      }
      return created
    },
  )
  return SHOPS.map((shop) => ({
    ...{ id: required(ids.get(nameOf(shop)), shop), name: nameOf(shop), location: shop, token: tokenOf(shop) },
  }))
}
