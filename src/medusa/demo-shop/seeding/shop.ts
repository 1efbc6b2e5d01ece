import type { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"

/** Says on standard output which piece is being made; a boot screen shows it. */
export const step = (name: string) => process.stdout.write(`step ${name}\n`)

/**
 * The rows of an entity of Medusa's graph, as the caller reads them.
 *
 * @param fields   paths through the graph, `variants.price_set.id`
 * @param filters  as `query.graph` takes them
 * @param take     how many at most; all of them when absent
 */
export async function find<Row>(
  container: MedusaContainer,
  entity: string,
  fields: string[],
  filters: Record<string, unknown> = {},
  take?: number,
): Promise<Row[]> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({ entity, fields, filters, pagination: take ? { take } : undefined })
  return data as Row[]
}

/** Links rows of two modules, as Medusa's own workflows do; links that are there already stay as they are. */
export async function link(container: MedusaContainer, links: Record<string, Record<string, string>>[]): Promise<void> {
  if (links.length > 0) await container.resolve(ContainerRegistrationKeys.LINK).create(links)
}

/**
 * Creates what is wanted and not there yet, in one go, and answers with the ids of all of it by natural key.
 *
 * @param keyOf   the natural key of a wanted piece: a handle, a code, an e-mail address
 * @param found   id and natural key of what is there
 * @param create  makes the missing pieces; answers in the order in which it was asked
 */
export async function complete<Piece>(
  wanted: Piece[],
  keyOf: (piece: Piece) => string,
  found: { id: string; key: string }[],
  create: (missing: Piece[]) => Promise<{ id: string }[]>,
): Promise<Map<string, string>> {
  const ids = new Map(found.map(({ key, id }) => [key, id]))
  const missing = wanted.filter((piece) => !ids.has(keyOf(piece)))
  const created = missing.length > 0 ? await create(missing) : []
  for (const [index, piece] of missing.entries()) ids.set(keyOf(piece), required(created[index]?.id, keyOf(piece)))
  return ids
}

/** A piece of the demo shop that must be there by now is not: somebody took it away. */
export class MissingPiece extends Error {
  constructor(readonly piece: string) {
    super(`The demo shop has no "${piece}" any more. Seed it into an empty database to have it whole again.`)
  }
}

/** @throws MissingPiece when there is none */
export function required<Value>(value: Value | null | undefined, piece: string): Value {
  if (value === null || value === undefined) throw new MissingPiece(piece)
  return value
}
