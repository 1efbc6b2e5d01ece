import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import type { BigNumber } from "bignumber.js"
import type { PromotionCart, PromotionItem, PromotionShippingMethod } from "./cart.ts"
import { type Exports, filesOfMedusa } from "./medusa-files.ts"
import type { Promotion, PromotionRule } from "./promotion.ts"

/** What a promotion does, as Medusa's code says it; amounts are exact. */
export type ComputedAction =
  | { action: "addItemAdjustment"; item_id: string; code: string; amount: BigNumber; is_tax_inclusive?: boolean }
  | { action: "addShippingMethodAdjustment"; shipping_method_id: string; code: string; amount: BigNumber }
  | { action: "promotionLimitExceeded" | "campaignBudgetExceeded"; code: string }

/** What promotions have taken off so far, without tax, by line or shipping method. Medusa's code adds to it. */
export type AppliedAmounts = Map<string, BigNumber | number>

/** The units that promotions of the kind "buy and get" have used up so far, by code. Medusa's code adds to it. */
export type UsedUnits = Map<string, { item_id: string; quantity: number }[]>

interface PromotionUtils {
  areRulesValidForContext(rules: readonly PromotionRule[], cart: PromotionCart, scope: "order"): boolean
  ComputeActionUtils: {
    sortByBuyGetType(a: Promotion, b: Promotion): number
    getBudgetUsageContextFromComputeActionContext(cart: PromotionCart): Record<string, string | null>
    computeActionForBudgetExceeded(
      promotion: Promotion,
      amount: number,
      usage: { used: number },
    ): ComputedAction | undefined
    getComputedActionsForBuyGet(
      promotion: Promotion,
      items: readonly PromotionItem[],
      applied: AppliedAmounts,
      bought: UsedUnits,
      got: UsedUnits,
    ): ComputedAction[]
    getComputedActionsForItems(
      promotion: Promotion,
      items: readonly PromotionItem[],
      applied: AppliedAmounts,
      allocationIfNone?: "across",
    ): ComputedAction[]
    getComputedActionsForShippingMethods(
      promotion: Promotion,
      methods: readonly PromotionShippingMethod[],
      applied: AppliedAmounts,
    ): ComputedAction[]
  }
}

/**
 * Of Medusa's framework what her code of promotions uses, in an order in which each finds what it needs. Imported whole
 * it costs seconds and 80 MB, in a process that has to answer two seconds after its start.
 */
const files = [
  ...["is-defined", "is-string", "is-object", "is-present", "errors"].map((it) => `common/${it}.js`),
  ...["common/pick-value-from-object.js", "common/flatten-object-to-key-value-pairs.js", "promotion/index.js"],
  ...["totals/big-number.js", "totals/math.js", "totals/promotion/index.js"],
]

/** Those of a dozen large carts. */
const MOST_NUMBERS = 1000

const { resolve } = createRequire(import.meta.url)
const frameworkIndex = resolve("@medusajs/framework/utils")
const utils = dirname(createRequire(frameworkIndex).resolve("@medusajs/utils"))

const framework: Exports = {}
const run = filesOfMedusa(
  new Map([
    [frameworkIndex, framework],
    [join(utils, "common/index.js"), framework],
  ]),
)
for (const file of files) Object.assign(framework, run(join(utils, file)))
readNumbersOnce(framework.MathBN as { convert: Convert })

export const { flattenObjectToKeyValuePairs } = framework as unknown as {
  /** The values at each path, as `product.categories.id`, of an object or of all objects of an array. */
  flattenObjectToKeyValuePairs(of: object): Record<string, unknown>
}

export const { areRulesValidForContext, ComputeActionUtils } = run(
  resolve("@medusajs/promotion/dist/utils/index.js"),
) as unknown as PromotionUtils

type Convert = (amount: unknown, decimalPlaces?: number) => BigNumber

/**
 * Medusa reads a line's amounts anew in every step of her arithmetic, a third of the whole cost; a `BigNumber` never
 * changes, so it may be kept. These classes are ours alone, see `filesOfMedusa`.
 */
function readNumbersOnce(math: { convert: Convert }): void {
  const convert = math.convert
  const known = new Map<number, BigNumber>()
  math.convert = (amount, decimalPlaces) => {
    if (typeof amount !== "number" || decimalPlaces !== undefined) return convert(amount, decimalPlaces)
    const found = known.get(amount)
    if (found) return found
    if (known.size === MOST_NUMBERS) known.clear()
    const read = convert(amount)
    known.set(amount, read)
    return read
  }
}
