import type { Log } from "../../../platform/log.ts"
import { errorCodeOf, reasonOf } from "./connection.ts"
import { confirm, readUnsent } from "./entries.ts"
import { type Sending, type Sent, sendSome } from "./send.ts"
import { TaskFailed } from "./tasks.ts"

const MOST = 1_000
/** How often a document alone is refused before the others go on without it. */
const PATIENCE = 3

/**
 * Sends until there is no more to send. When Meilisearch refuses a batch for what is in it, smaller ones find the product
 * that it refuses, and the others go on without that one: it stays out of the index until it changes.
 *
 * @throws what is no matter of the documents: then the same is to be sent again later
 */
export async function sendAll(
  sending: Sending,
  index: string,
  build: string,
  log: Log,
  onSent: (sent: Sent) => void,
): Promise<void> {
  let most = MOST
  for (let refusals = 0; ; ) {
    sending.signal.throwIfAborted()
    try {
      const sent = await sendSome(sending, index, build, most)
      onSent(sent)
      if (sent.looked < most) return
      most = Math.min(MOST, most * 4)
      refusals = 0
    } catch (error) {
      if (!isAboutDocuments(error)) throw error
      if (most > 1) most = Math.ceil(most / 8)
      else if (++refusals >= PATIENCE) {
        const [first] = await readUnsent(sending.sql, build, 1)
        log.error({ index, product_id: first?.product_id, reason: reasonOf(error) }, "Meilisearch refuses a product")
        if (first) await confirm(sending.sql, build, [{ ...first, hash: null }])
        refusals = 0
      }
    }
  }
}

/** Whether it would be refused the same way again. */
const isAboutDocuments = (error: unknown) =>
  error instanceof TaskFailed
    ? error.isOurMistake && error.task.error?.code !== "index_not_found"
    : /^(invalid_document|missing_document|payload_too_large|malformed_payload)/.test(errorCodeOf(error) ?? "")
