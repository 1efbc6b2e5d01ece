import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import path from "node:path"
import { z } from "zod"
import { SHOPS } from "./places.ts"

const Channel = z.object({ channel_id: z.string(), sales_channel_id: z.string(), publishable_key: z.string() })

/** What `DATA_DIR/demo.json` holds: every log-in, key and id that one needs to play with the demo shop. */
export const Demo = z.object({
  url: z.string(),
  admin: z.object({ email: z.string(), password: z.string() }),
  staff: z.object({
    cashier: z.object({ email: z.string(), pin: z.string() }),
    agent: z.object({ email: z.string(), password: z.string() }),
    supervisor: z.object({ email: z.string(), password: z.string(), pin: z.string() }),
  }),
  tills: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      location: z.enum(SHOPS),
      /** `Authorization: Bearer`: its device is paired already. */
      token: z.string(),
    }),
  ),
  regions: z.object({ es: z.string(), fr: z.string(), gb: z.string() }),
  channels: z.object({ web: Channel, app: Channel, pos: Channel, phone: Channel }),
  stock_locations: z.object({ madrid: z.string(), barcelona: z.string(), valencia: z.string(), warehouse: z.string() }),
  customers: z.array(
    z.object({
      id: z.string(),
      email: z.string(),
      password: z.string(),
      phone: z.string(),
      /** Of his card, by which tills find him; null: he has none. */
      loyalty_code: z.string().nullable(),
      group: z.literal("Club").nullable(),
    }),
  ),
  variants: z.object({
    scarce: z.string(),
    kit: z.string(),
    shared_a: z.string(),
    shared_b: z.string(),
    backorder: z.string(),
    unmanaged: z.string(),
  }),
  promotions: z.object({ code: z.string(), limited_code: z.string() }),
})

export type Demo = z.infer<typeof Demo>

/** There is no demo shop in this data directory, or not one of this version. */
export class NoDemo extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file} cannot be read (${reason}). It is written when the demo shop is seeded into an empty database.`)
  }
}

/** Where the demo shop of a data directory is described. */
export const demoFile = (dataDir: string) => path.join(dataDir, "demo.json")

/**
 * Reads the log-ins, keys and ids of the demo shop.
 *
 * @throws NoDemo when none was seeded
 */
export function readDemo(dataDir: string): Demo {
  const file = demoFile(dataDir)
  try {
    return Demo.parse(JSON.parse(readFileSync(file, "utf8")))
  } catch (error) {
    throw new NoDemo(file, error instanceof Error ? error.message : String(error))
  }
}

/** Writes `demo.json` in one step: whoever reads it finds the old one or the new one, never half of one. */
export function writeDemo(dataDir: string, demo: Demo): void {
  mkdirSync(dataDir, { recursive: true })
  const file = demoFile(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
