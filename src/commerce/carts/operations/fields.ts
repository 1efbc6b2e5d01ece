import { updateCart } from "../change/update.ts"
import type { Bench, Outcome } from "./apply.ts"
import type { CartFields } from "./operation.ts"
import { codesNow } from "./promotions.ts"

/** Of what is said about the cart itself, each field by itself, and of metadata each name: what was said last counts. */
export async function changeFields(
  bench: Bench,
  { email, shipping_address, billing_address, metadata }: CartFields,
): Promise<Outcome> {
  const { tx, draft, shop } = bench
  const given = Object.entries({ email, shipping_address, billing_address }).filter(([, it]) => it !== undefined)
  const names = Object.entries(metadata ?? {})
  const fields = given.filter(([name]) => !isOvertaken(bench, name))
  const keys = names.filter(([name]) => !isOvertaken(bench, `metadata.${name}`))
  const isWhole = fields.length === given.length && keys.length === names.length
  if (fields.length + keys.length === 0) {
    return isWhole ? { outcome: "applied" } : { outcome: "rejected", reason: "newer_change" }
  }
  const update = { ...Object.fromEntries(fields), ...(keys.length > 0 ? { metadata: Object.fromEntries(keys) } : {}) }
  await updateCart(tx, draft, shop, { ...update, promo_codes: codesNow(bench) })
  const done = { change: "updated" } as const
  return isWhole ? { ...done, outcome: "applied" } : { ...done, outcome: "merged", reason: "newer_change" }
}

function isOvertaken({ past, said, origin }: Bench, field: string): boolean {
  const versions = past.fields.get(field) ?? []
  return (
    [...versions].some(([cartId, version]) => version > past.lineage.seen(origin, cartId)) ||
    said.isFieldOvertaken(field, origin)
  )
}
