import type { MedusaRequest } from "@medusajs/framework/http"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"

/**
 * Asks the database by Medusa's own connections.
 *
 * @param query  with a `?` for each of what is given, or `:name`
 */
export async function rowsOf<Row = unknown>(
  req: MedusaRequest,
  query: string,
  given: readonly string[] | Record<string, string>,
): Promise<Row[]> {
  const { rows } = await req.scope.resolve(ContainerRegistrationKeys.PG_CONNECTION).raw(query, given)
  return rows
}

/** Whether there is any such row. */
export const isThere = async (...asked: Parameters<typeof rowsOf>): Promise<boolean> =>
  (await rowsOf(...asked)).length > 0
