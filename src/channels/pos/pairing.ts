import type { OpenAPIHono } from "@hono/zod-openapi"
import { findTill, PairingCodeWrong, pairTill } from "../../commerce/tills/index.ts"
import { TooManyAttempts } from "../../platform/attempts/index.ts"
import { recordAudit } from "../../platform/audit/index.ts"
import { clientAddress } from "../client-address.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { readAs } from "../read-as.ts"
import { Pairing } from "./schema.ts"

const PATH = "/pos/pair"
/** Of an address, all counters together. */
const ATTEMPTS = { most: 10, minutes: 15 }

/** A device becomes a till. */
export function addPairing(app: OpenAPIHono<Counter>, { attempts, config, database }: Services): void {
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    const { code } = await readAs(c, Pairing)
    const counted = [{ name: `pairing ${clientAddress(c, config)}`, most: ATTEMPTS.most }]
    const takeBack = await attempts.begin(counted, ATTEMPTS.minutes).catch((error) => {
      throw error instanceof TooManyAttempts ? tooMany(error) : error
    })
    const { id, token } = await pairTill(database.sql, code, config.jwtSecret).catch(async (error) => {
      if (!(error instanceof PairingCodeWrong)) throw error
      const actor = { type: "unknown", id: null } as const
      await recordAudit(database.sql, { action: "till.pairing_refused", outcome: "refused", actor })
      throw new WireError(401, "unauthorized", "No till waits for this code: it is wrong, used or too old.", {
        code: "pairing_code_wrong",
      })
    })
    await takeBack()
    const till = await findTill(database.sql, id)
    return c.json({ till: { id, name: till?.name ?? "" }, token })
  })
}

/** @see TooManyAttempts */
export const tooMany = ({ retryAfterSeconds }: TooManyAttempts) =>
  new WireError(429, "not_allowed", "There were too many attempts. Try again later.", {
    code: "too_many_attempts",
    headers: { "Retry-After": String(retryAfterSeconds) },
  })
