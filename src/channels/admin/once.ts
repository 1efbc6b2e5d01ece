import type { Context } from "hono"
import type { TransactionSql } from "postgres"
import { begin, finish, type KeyedRequest } from "../../platform/idempotency/index.ts"
import type { Counter, Services } from "../counter.ts"
import { answerError, WireError } from "../errors.ts"
import { type Answer, alone, keyedWithin, lasting, onceAlone, replay, respond, wholeAnswer } from "../idempotency.ts"
import { wholeBody } from "../whole-body.ts"

/**
 * Changes what is ours, once under its `Idempotency-Key`: the rows and the answer are written together, or nothing is. What
 * was written holds at once in this process, as soon as it is answered.
 *
 * @param prepare  reads and checks what is asked; it is done again for each repeat, and holds no connection
 * @param write    what it has written is undone when it is refused
 */
export async function changeOnce<Given>(
  c: Context<Counter>,
  services: Services,
  prepare: () => Promise<Given>,
  write: (tx: TransactionSql, given: Given) => Promise<Response>,
): Promise<Response> {
  const answer = await writtenOnce(c, services, prepare, write)
  await services.feed
    .catchUp()
    .catch((err) => c.var.log.error({ request_id: c.var.requestId, err }, "lanes may lag behind"))
  return answer
}

const writtenOnce: typeof changeOnce = async (c, services, prepare, write) => {
  const { sql } = services.database
  const keyed = await keyedRequest(c, services)
  // Who sends slowly holds nothing meanwhile.
  await wholeBody(c)
  if (!keyed) {
    const given = await prepare()
    return await sql.begin((tx) => write(tx, given))
  }
  const work = async (): Promise<Answer> => {
    const preparing = prepare()
    // Why it is refused is told, and kept, in its turn.
    await Promise.allSettled([preparing])
    return await sql.begin(async (tx) => {
      const known = await begin(tx, keyed)
      if (known.is !== "new") return replay(c, known)
      const written = tx.savepoint(async (inner) => await write(inner, await preparing))
      const answer = await wholeAnswer(await (written as Promise<Response>).catch((error) => refused(c, error)))
      const { status, headers, body } = answer
      await finish(tx, keyed, { status, headers: lasting(headers), body: Buffer.from(body as Buffer) })
      return answer
    })
  }
  return respond(c, await alone(services, keyed, work))
}

/** @throws what is no refusal: then nothing is written, the key neither */
function refused(c: Context<Counter>, error: unknown): Response {
  if (!(error instanceof WireError) || error.status >= 500) throw error
  return answerError(error, c)
}

/** Does what is no change of ours, once under its `Idempotency-Key`. */
export async function doneOnce(
  c: Context<Counter>,
  services: Services,
  work: () => Promise<Response>,
): Promise<Response> {
  const keyed = await keyedRequest(c, services)
  return keyed ? respond(c, await onceAlone(c, services, keyed, work)) : await work()
}

/** A key is one's own: another of the staff may use the same one for something else, and sees nothing of this answer. */
const keyedRequest = (c: Context<Counter>, { config }: Services): Promise<KeyedRequest | undefined> =>
  keyedWithin(c, config.jwtSecret, c.get("adminName"), [])
