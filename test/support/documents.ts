import type { Database } from "../../src/platform/db/index.ts"
import { until } from "./http.ts"

/** Waits until the documents have followed all that is committed by now. */
export async function untilBuilt({ sql }: Pick<Database, "sql">, seconds = 30): Promise<void> {
  await until(
    "all documents are built",
    async () => {
      const [row] = await sql`
        select (select count(*) from mostrador.stale_product) = 0
          and exists (select from mostrador.product_document)
          and not exists (
            select from mostrador.change, mostrador.consumer
            where not pg_visible_in_snapshot(change.tx, consumer.position)) as done`
      return row?.done === true
    },
    seconds,
  )
}
