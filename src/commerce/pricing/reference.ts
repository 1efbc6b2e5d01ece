import type { PricingContext } from "./context.ts"
import { countListMatches, digestListRule, type ListRuleTest, type PriceListRule } from "./rules.ts"

export type PriceListType = "sale" | "override"

/** A row of `price_list` with its rules. */
export interface PriceList {
  id: string
  type: string
  status: string
  starts_at: Date | null
  ends_at: Date | null
  /** What Medusa believes the number of rules to be; it asks for as many matches. Null never matches. */
  rules_count: number | null
  rules: readonly PriceListRule[]
}

/** A row of `price_preference`: whether amounts of a region or a currency contain the tax. */
export interface PricePreference {
  attribute: string
  value: string | null
  is_tax_inclusive: boolean
}

/** A price list that is not a draft. Times are milliseconds since 1970, both still within. */
export interface ActiveList {
  readonly id: string
  readonly type: PriceListType
  readonly starts: number
  readonly ends: number
  readonly rules_count: number
  readonly rules: readonly ListRuleTest[]
}

/** All that prices depend on besides the price set, the context and the time. Another object after each change. */
export interface PricingReference {
  readonly lists: ReadonlyMap<string, ActiveList>
  readonly taxInclusiveRegions: ReadonlyMap<string, boolean>
  readonly taxInclusiveCurrencies: ReadonlyMap<string, boolean>
}

/** @param lists, preferences  those that are not deleted */
export function pricingReference(
  lists: readonly PriceList[],
  preferences: readonly PricePreference[],
): PricingReference {
  const active = new Map<string, ActiveList>()
  for (const list of lists) {
    if (list.status !== "active" || list.rules_count === null) continue
    active.set(list.id, {
      id: list.id,
      type: list.type === "override" ? "override" : "sale",
      starts: list.starts_at?.getTime() ?? Number.NEGATIVE_INFINITY,
      ends: list.ends_at?.getTime() ?? Number.POSITIVE_INFINITY,
      rules_count: list.rules_count,
      rules: list.rules.map(digestListRule),
    })
  }
  return {
    lists: active,
    taxInclusiveRegions: inclusiveness(preferences, "region_id"),
    taxInclusiveCurrencies: inclusiveness(preferences, "currency_code"),
  }
}

function inclusiveness(preferences: readonly PricePreference[], attribute: string): Map<string, boolean> {
  return new Map(
    preferences.flatMap((it) =>
      it.attribute === attribute && it.value !== null ? [[it.value, it.is_tax_inclusive] as const] : [],
    ),
  )
}

/** Whether a price list holds for this shopper now. */
export function applies(list: ActiveList, context: PricingContext, now: number): boolean {
  if (now < list.starts || now > list.ends) return false
  return list.rules_count === 0 || countListMatches(list.rules, context) === list.rules_count
}

/**
 * The next moment at which prices change by themselves because a price list begins or has ended: what was calculated
 * before may be kept until then, as long as the reference is the same.
 *
 * @returns undefined when time changes nothing any more
 */
export function nextBoundary(reference: PricingReference, now: Date): Date | undefined {
  const moment = now.getTime()
  let next = Number.POSITIVE_INFINITY
  for (const { starts, ends } of reference.lists.values()) {
    if (starts > ends) continue
    // The end itself is still within.
    for (const boundary of [starts, ends + 1]) if (boundary > moment && boundary < next) next = boundary
  }
  return next === Number.POSITIVE_INFINITY ? undefined : new Date(next)
}
