import { createHmac, randomInt } from "node:crypto"
import type { Sql, TransactionSql } from "postgres"
import { recordAudit } from "../../platform/audit/index.ts"
import { newToken, tokenHash } from "../../platform/auth/index.ts"
import type { By } from "../staff/index.ts"
import { endSessions } from "./sessions.ts"
import { PairingCodeWrong } from "./till.ts"

/** How long a device is waited for. */
export const PAIRING_MINUTES = 60
/** Without those that are taken for each other when they are read out or copied: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const LETTERS = "34679ACDEFGHJKMNPQRTWXY"
const CODE_LENGTH = 8

/** As it is kept, and compared: however it is typed. */
function codeHash(code: string, secret: string): string {
  const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, "")
  // A code is short: without the secret nobody finds it out from the table while it is good.
  return createHmac("sha256", secret).update(`mostrador pairing ${plain}`).digest("base64url")
}

/**
 * Makes a code with which a device becomes this till, once, in the place of the code before. The device that has the till
 * keeps it until then.
 *
 * @param secret  `JWT_SECRET`
 * @returns undefined when there is no such till
 */
export async function makePairingCode(
  tx: TransactionSql,
  tillId: string,
  secret: string,
  by: By,
): Promise<{ code: string; expires_at: string } | undefined> {
  const code = Array.from({ length: CODE_LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("")
  const [till] = await tx<{ expires_at: string }[]>`
    update mostrador.till set pairing_code_hash = ${codeHash(code, secret)}, updated_at = now(),
      pairing_expires_at = now() + make_interval(mins => ${PAIRING_MINUTES})
    where id = ${tillId} returning mostrador.iso(pairing_expires_at) as expires_at`
  if (!till) return undefined
  await recordAudit(tx, {
    ...{ action: "till.pairing_code_made", outcome: "done", actor: by, till_id: tillId, subject_id: tillId },
  })
  return { code, expires_at: till.expires_at }
}

/**
 * Gives a device the token of the till whose code it shows. The device that had it before is shut out, with who is signed
 * in there.
 *
 * @returns the token, which nobody can be shown again
 * @throws PairingCodeWrong
 */
export async function pairTill(sql: Sql, code: string, secret: string): Promise<{ id: string; token: string }> {
  const token = newToken("till")
  return await sql.begin(async (tx) => {
    const [till] = await tx<{ id: string; channel_id: string }[]>`
      update mostrador.till set token_hash = ${tokenHash(token)}, paired_at = now(), revoked_at = null,
        pairing_code_hash = null, pairing_expires_at = null, updated_at = now()
      where pairing_code_hash = ${codeHash(code, secret)} and pairing_expires_at > now() returning id, channel_id`
    if (!till) throw new PairingCodeWrong()
    const { id, channel_id } = till
    await endSessions(tx, id, "till_paired")
    await recordAudit(tx, {
      ...{
        action: "till.paired",
        outcome: "done",
        actor: { type: "till", id },
        channel_id,
        till_id: id,
        subject_id: id,
      },
    })
    return { id, token }
  })
}
