import { BigNumber } from "bignumber.js"
import type { TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import { double } from "./amount.ts"
import type { CampaignBudget, Promotion } from "./promotion.ts"
import type { PromotionReference } from "./reference.ts"
import { isInDate } from "./select.ts"

/** A discount of the order: its promotion's code, and the amount in the major unit. */
export interface Use {
  code: string | null
  amount: number
}

/** By whom budgets count that are counted by somebody. */
export type UsedBy = Record<"customer_id" | "customer_email", string | null>

/** A promotion has been used, or has cost, as much as it may. Nothing has been written. */
export class UsedUp extends Error {}

type Counted = Map<string, { used: BigNumber; limit: BigNumber | null }>

/**
 * Counts what an order uses up of promotions and campaign budgets: as Medusa, once for each promotion, but what it costs
 * for each discount. Makes others who use the same ones wait for the end of the transaction, which is to be near.
 *
 * @throws UsedUp in Medusa's words
 * @source Medusa 2.21 `promotion/dist/services/promotion-module.js`, `registerUsage`
 */
export async function registerUses(
  tx: TransactionSql,
  { byCode }: PromotionReference,
  uses: readonly Use[],
  by: UsedBy,
  now: Date,
): Promise<void> {
  const counted = uses.flatMap(({ code, amount }) => {
    const promotion = byCode.get(code ?? "")?.promotion
    return promotion && isCounted(promotion) && isLive(promotion, now) ? [{ promotion, amount }] : []
  })
  if (counted.length === 0) return
  const { promotions, budgets } = await lock(
    tx,
    counted.map((it) => it.promotion),
  )

  const usedPromotions = new Map<string, BigNumber>()
  const usedBudgets = new Map<string, BigNumber>()
  const told = new Set<string>()
  for (const { promotion, amount } of counted) {
    const { id, code, campaign } = promotion
    const known = promotions.get(id)
    if (known?.limit) {
      const used = known.used.plus(1)
      if (used.gt(known.limit)) throw new UsedUp("Promotion usage exceeds the limit.")
      usedPromotions.set(id, used)
    }
    const budget = campaign?.budget
    const state = budget && budgets.get(budget.id)
    if (!budget || !state) continue
    if (budget.type === "spend") {
      state.used = withinBudget(state.used.plus(amount), state.limit)
      usedBudgets.set(budget.id, state.used)
    } else if ((budget.type === "usage" || budget.type === "use_by_attribute") && !told.has(code)) {
      const isByWhom = budget.type === "use_by_attribute"
      if (isByWhom && !(await countBy(tx, budget, state.limit, by))) continue
      // Of several codes of one campaign, one counts: as in Medusa.
      const used = state.used.plus(1)
      usedBudgets.set(budget.id, isByWhom ? used : withinBudget(used, state.limit))
      told.add(code)
    }
  }
  await Promise.all([
    ...[...usedPromotions].map(
      ([id, used]) =>
        tx`update promotion set used = ${used.toFixed()}::numeric::int, updated_at = ${now.toISOString()} where id = ${id}`,
    ),
    ...[...usedBudgets].map(
      ([id, used]) => tx`
        update promotion_campaign_budget set used = ${String(double(used))}::text::numeric,
          raw_used = ${raw(used)}::text::jsonb, updated_at = ${now.toISOString()}
        where id = ${id}`,
    ),
  ])
}

/** Whether anything is counted of it. */
export const isCounted = ({ limit, campaign }: Promotion): boolean => limit !== null || Boolean(campaign?.budget)

const isLive = (promotion: Promotion, now: Date) => promotion.status === "active" && isInDate(promotion, now.getTime())

/** A limit of 0 is none. */
function withinBudget(used: BigNumber, limit: BigNumber | null): BigNumber {
  if (limit && !limit.isZero() && used.gt(limit)) throw new UsedUp("Promotion usage exceeds the budget limit.")
  return used
}

/** @returns whether there is somebody to count it for; the first use is never refused, as in Medusa */
async function countBy(
  tx: TransactionSql,
  { id: budget_id, attribute }: CampaignBudget,
  limit: BigNumber | null,
  by: UsedBy,
): Promise<boolean> {
  const value = by[attribute as keyof UsedBy]
  if (!value) return false
  const [known] = await tx<{ id: string; used: string }[]>`
    select id, coalesce(raw_used->>'value', used::text) as used from promotion_campaign_budget_usage
    where budget_id = ${budget_id} and attribute_value = ${value} and deleted_at is null`
  const used = known ? withinBudget(new BigNumber(known.used).plus(1), limit) : new BigNumber(1)
  if (known) {
    await tx`
      update promotion_campaign_budget_usage set used = ${used.toFixed()}::text::numeric, raw_used = ${raw(used)}::text::jsonb,
        updated_at = now() where id = ${known.id}`
  } else {
    await tx`
      insert into promotion_campaign_budget_usage (id, attribute_value, used, raw_used, budget_id)
      values (${newId("probudgus")}, ${value}, 1, ${raw(used)}::text::jsonb, ${budget_id})`
  }
  return true
}

/** Locks what is counted, always in the same order, and reads what was counted until then. */
async function lock(tx: TransactionSql, of: readonly Promotion[]): Promise<{ promotions: Counted; budgets: Counted }> {
  const promotionIds = of.filter((it) => it.limit !== null).map((it) => it.id)
  const budgetIds = of.flatMap((it) => it.campaign?.budget?.id ?? [])
  const [promotions, budgets] = await Promise.all([
    tx<Row[]>`
      select id, coalesce(used, 0)::text as used, "limit"::text as "limit" from promotion
      where id = any(${promotionIds}) order by id for update`,
    tx<Row[]>`
      select id, coalesce(raw_used->>'value', used::text, '0') as used, "limit"::text as "limit"
      from promotion_campaign_budget where id = any(${budgetIds}) order by id for update`,
  ])
  return { promotions: byId(promotions), budgets: byId(budgets) }
}

type Row = { id: string; used: string; limit: string | null }
const byId = (rows: readonly Row[]): Counted =>
  new Map(
    rows.map(({ id, used, limit }) => [
      id,
      { used: new BigNumber(used), limit: limit === null ? null : new BigNumber(limit) },
    ]),
  )

const raw = (used: BigNumber) => JSON.stringify({ value: used.toFixed(), precision: 20 })
