import { createHash, randomUUID } from "node:crypto"
import { sign } from "hono/jwt"
import { loadConfig } from "../../../src/config.ts"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { theMedusa } from "../../support/medusa.ts"

/*
 * What Medusa has sent by e-mail. It keeps a hash only, and the demo shop sends no e-mail: so the hash is replaced by
 * that of a secret which we know, and the letter written anew.
 */

/** The token of the letter to someone who has forgotten the password. */
export async function passwordResetToken(email: string): Promise<string> {
  const jti = randomUUID()
  await rewrite(
    (sql) => sql`
    update auth_password_reset_token set token_hash = ${hash(jti)} where entity_id = ${email} returning id`,
  )
  const claims = { entity_id: email, provider: "emailpass", actor_type: "customer", purpose: "reset", jti }
  return sign({ ...claims, exp: Math.floor(Date.now() / 1000) + 900 }, loadConfig().jwtSecret)
}

/** The code of the letter that asks whether an e-mail address is its reader's. */
export async function verificationCode(email: string): Promise<string> {
  const code = randomUUID()
  await rewrite(
    (sql) => sql`
    update auth_verification set provider_metadata = jsonb_build_object('token_hash', ${hash(code)}::text) where entity_id = ${email}
    returning id`,
  )
  return code
}

type Sql = ReturnType<typeof openDatabase>["sql"]

async function rewrite(statement: (sql: Sql) => PromiseLike<readonly unknown[]>): Promise<void> {
  const database = openDatabase(theMedusa().databaseUrl, { connections: 1 })
  const rows = await statement(database.sql)
  await database.close()
  if (rows.length !== 1) throw new Error(`${rows.length} letters were written instead of one.`)
}

const hash = (secret: string) => createHash("sha256").update(secret).digest("hex")
