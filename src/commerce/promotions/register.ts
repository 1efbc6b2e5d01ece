import { BigNumber } from "bignumber.js"
import type { TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import { double } from "./amount.ts"

/** A discount of the order: its promotion's code, and the amount in the major unit. */
interface Use {
  code: string | null
  amount: number
}

/** By whom budgets count that are counted by somebody. */
type UsedBy = Record<"customer_id" | "customer_email", string | null>

/** A promotion has been used, or has cost, as much as it may. */
export class UsedUp extends Error {}

/** A promotion that is active now, and its campaign's budget, as they stand under their locks. */
interface Counted {
  id: string
  code: string
  used: BigNumber
  limit: BigNumber | null
  budget: Budget | null
}

interface Budget {
  id: string
  type: string
  /** `customer_id` or `customer_email`. */
  attribute: string | null
  used: BigNumber
  limit: BigNumber | null
}

/**
 * Counts what an order uses up of promotions and campaign budgets: as Medusa, once for each promotion, but what it costs
 * for each discount. Makes others who use the same ones wait for the end of the transaction, which is to be near.
 *
 * @throws UsedUp in Medusa's words; what was written until then has to be undone
 * @source Medusa 2.21 `promotion/dist/services/promotion-module.js`, `registerUsage`
 */
export async function registerUses(tx: TransactionSql, uses: readonly Use[], by: UsedBy, now: Date): Promise<void> {
  const codes = [...new Set(uses.flatMap(({ code }) => code ?? []))]
  if (codes.length === 0) return
  const promotions = await lock(tx, codes, now)
  const counted = uses.flatMap(({ code, amount }) => {
    const promotion = promotions.get(code ?? "")
    return promotion ? [{ promotion, amount }] : []
  })

  const usedPromotions = new Map<string, BigNumber>()
  const usedBudgets = new Map<string, BigNumber>()
  const told = new Set<string>()
  for (const { promotion, amount } of counted) {
    const { id, code, budget } = promotion
    if (promotion.limit) {
      const used = promotion.used.plus(1)
      if (used.gt(promotion.limit)) throw new UsedUp("Promotion usage exceeds the limit.")
      usedPromotions.set(id, used)
    }
    if (budget?.type === "spend") {
      budget.used = withinBudget(budget.used.plus(amount), budget.limit)
      usedBudgets.set(budget.id, budget.used)
    } else if ((budget?.type === "usage" || budget?.type === "use_by_attribute") && !told.has(code)) {
      const isByWhom = budget.type === "use_by_attribute"
      if (isByWhom && !(await countBy(tx, budget, by))) continue
      // Of several codes of one campaign, one counts: as in Medusa.
      const used = budget.used.plus(1)
      usedBudgets.set(budget.id, isByWhom ? used : withinBudget(used, budget.limit))
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

/** A limit of 0 is none. */
function withinBudget(used: BigNumber, limit: BigNumber | null): BigNumber {
  if (limit && !limit.isZero() && used.gt(limit)) throw new UsedUp("Promotion usage exceeds the budget limit.")
  return used
}

/** @returns whether there is somebody to count it for; the first use is never refused, as in Medusa */
async function countBy(tx: TransactionSql, { id: budget_id, attribute, limit }: Budget, by: UsedBy): Promise<boolean> {
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

/**
 * Locks what is counted, always in the same order, and reads it as it stands then; memory may not know yet that there is
 * a limit.
 */
async function lock(tx: TransactionSql, codes: string[], now: Date): Promise<Map<string, Counted>> {
  const [, , rows] = await Promise.all([
    tx`select from promotion where code = any(${codes}) and "limit" is not null and deleted_at is null
      order by id for update`.execute(),
    tx`select from promotion_campaign_budget
      where deleted_at is null
        and campaign_id in (select campaign_id from promotion where code = any(${codes}) and deleted_at is null)
      order by id for update`.execute(),
    tx<Row[]>`
      select promotion.id, promotion.code, coalesce(promotion.used, 0)::text as used, promotion."limit"::text as "limit",
        budget.id as budget_id, budget.type, budget.attribute, budget."limit"::text as budget_limit,
        coalesce(budget.raw_used->>'value', budget.used::text, '0') as budget_used
      from promotion
      left join promotion_campaign campaign on campaign.id = promotion.campaign_id and campaign.deleted_at is null
      left join promotion_campaign_budget budget on budget.campaign_id = campaign.id and budget.deleted_at is null
      where promotion.code = any(${codes}) and promotion.deleted_at is null and promotion.status = 'active'
        and (campaign.starts_at is null or campaign.starts_at <= ${now.toISOString()})
        and (campaign.ends_at is null or campaign.ends_at > ${now.toISOString()})`,
  ])
  // Promotions of one campaign share its budget.
  const budgets = new Map<string, Budget>()
  for (const { budget_id: id, type, attribute, budget_used, budget_limit } of rows) {
    if (id === null) continue
    budgets.set(id, { id, type, attribute, used: new BigNumber(budget_used), limit: numberOf(budget_limit) })
  }
  return new Map(
    rows.map(({ id, code, used, limit, budget_id }) => [
      code,
      { id, code, used: new BigNumber(used), limit: numberOf(limit), budget: budgets.get(budget_id ?? "") ?? null },
    ]),
  )
}

interface Row {
  id: string
  code: string
  used: string
  limit: string | null
  budget_id: string | null
  type: string
  attribute: string | null
  budget_used: string
  budget_limit: string | null
}
const numberOf = (text: string | null) => (text === null ? null : new BigNumber(text))

const raw = (used: BigNumber) => JSON.stringify({ value: used.toFixed(), precision: 20 })
