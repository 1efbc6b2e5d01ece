import type { ReservedSql } from "postgres"
import { beginOn, finish, forget, type KeptAnswer, type KeyedRequest, type Known, start } from "./keys.ts"

/**
 * How work has ended: with an answer; with one that cannot come again (a stream), so that the key is free; or so that
 * nobody can say whether it took effect.
 */
export type Ended = KeptAnswer | "passing" | "unknown"

export type Once = Exclude<Known, { is: "new" }> | { is: "done"; kept: boolean }

/** Thrown by work that has done nothing, and may be done under the same key after all. */
export class NothingDone extends Error {}

/**
 * Does work that cannot be done in one transaction of ours, once under its key: says first that it has begun, holds the
 * key's lock on `connection` meanwhile, and keeps its answer. If the process dies in between, the lock is gone and the
 * beginning is there: then it is not known whether the work took effect, and whoever comes with the key is told so.
 *
 * @param connection  a session whose advisory locks are let go of afterwards
 * @param onUnkept  told why the answer could not be kept: the work is done, and a retry will be told that it is not known
 * @returns that it was done, and whether its answer is kept for a retry; or why it was not done
 */
export async function once(
  connection: ReservedSql,
  request: KeyedRequest,
  work: () => Promise<Ended>,
  onUnkept: (error: unknown) => void,
): Promise<Once> {
  const known = await beginOn(connection, request)
  if (known.is !== "new") return known
  await start(connection, request)
  const ended = await work().catch(async (error) => {
    if (error instanceof NothingDone) await forget(connection, request)
    throw error
  })
  if (ended === "unknown") return { is: "done", kept: false }
  try {
    const kept = ended !== "passing" && (await finish(connection, request, ended))
    if (!kept) await forget(connection, request)
    return { is: "done", kept }
  } catch (error) {
    onUnkept(error)
    return { is: "done", kept: false }
  }
}
