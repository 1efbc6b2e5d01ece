import type { Sql } from "postgres"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import { double } from "./amount.ts"
import type { ApplicationMethod, CampaignBudget, Promotion } from "./promotion.ts"
import { type PromotionReference, promotionReference } from "./reference.ts"

/** The shop's promotions, out of memory. */
export interface Promotions {
  /** As of the feed's last reading; another object after each change, so it tells whether kept results still hold. */
  readonly reference: PromotionReference
}

const relations = [
  "promotion",
  "promotion_application_method",
  "promotion_rule",
  "promotion_rule_value",
  "promotion_promotion_rule",
  "application_method_target_rules",
  "application_method_buy_rules",
  "promotion_campaign",
  "promotion_campaign_budget",
]

/**
 * Loads every promotion with its rules, campaign and budget, and follows their changes.
 *
 * What an order uses up (`promotion.used`, a budget's `used`) is a change as any other: memory knows it a moment after
 * the order, at most one reading of the feed (0.2 s) and one of the tables later. In between a cart may be offered the
 * last use of a promotion that an order has just taken; Medusa counts under a lock when the cart is completed, and
 * refuses there, just as it refuses one of two carts that were both offered it in time.
 *
 * All are read again at every change: about 0.1 s for a thousand, most of a second for ten thousand codes.
 */
export async function loadPromotions(sql: Sql, feed: ChangeFeed): Promise<Promotions> {
  const held = await keepInMemory(feed, relations, async () => promotionReference(await readPromotions(sql)))
  return {
    get reference() {
      return held.value
    },
  }
}

type Row = Omit<Promotion, "application_method" | "campaign"> & {
  method: (Omit<ApplicationMethod, "value"> & { value: string | null }) | null
  has_campaign: boolean
  starts_at: number | null
  ends_at: number | null
  budget: (Omit<CampaignBudget, "limit" | "used"> & { limit: string | null; used: string | null }) | null
}

/**
 * One statement, so that no promotion is seen with the rules that it had before. The order is that in which Medusa loads
 * them, for it decides between promotions of one value; there, equal ones come as they lie in the table (`ctid`).
 *
 * @source Medusa 2.21 `promotion/dist/services/promotion-module.js`, the relations and the order of `computeActions`
 */
async function readPromotions(sql: Sql): Promise<Promotion[]> {
  const rows = await sql<Row[]>`
    with rule as materialized (
      select rule.id,
        json_build_object('attribute', rule.attribute, 'operator', rule.operator,
          'values', coalesce(json_agg(json_build_object('value', value.value)) filter (where value.id is not null), '[]')
        ) as rule,
        rule.deleted_at is not null or coalesce(bool_or(value.deleted_at is not null), false) as is_deleted
      from promotion_rule rule left join promotion_rule_value value on value.promotion_rule_id = rule.id
      group by rule.id
    ), rules as materialized (
      select link.promotion_id as owner, json_agg(rule.rule) as rules, bool_or(rule.is_deleted) as has_deleted
      from promotion_promotion_rule link join rule on rule.id = link.promotion_rule_id group by 1
    ), target_rules as materialized (
      select link.application_method_id as owner, json_agg(rule.rule) as rules, bool_or(rule.is_deleted) as has_deleted
      from application_method_target_rules link join rule on rule.id = link.promotion_rule_id group by 1
    ), buy_rules as materialized (
      select link.application_method_id as owner, json_agg(rule.rule) as rules, bool_or(rule.is_deleted) as has_deleted
      from application_method_buy_rules link join rule on rule.id = link.promotion_rule_id group by 1
    )
    select promotion.id, promotion.code, promotion.type, promotion.status, promotion.is_automatic,
      promotion.is_tax_inclusive, promotion."limit", promotion.used,
      coalesce(rules.rules, '[]') as rules,
      coalesce(rules.has_deleted, false) or coalesce(target_rules.has_deleted, false)
        or coalesce(buy_rules.has_deleted, false) as has_deleted_rules,
      case when method.id is not null then json_build_object(
        'type', method.type, 'target_type', method.target_type, 'allocation', method.allocation,
        'value', method.value::text, 'currency_code', method.currency_code, 'max_quantity', method.max_quantity,
        'apply_to_quantity', method.apply_to_quantity, 'buy_rules_min_quantity', method.buy_rules_min_quantity,
        'target_rules', coalesce(target_rules.rules, '[]'), 'buy_rules', coalesce(buy_rules.rules, '[]')
      ) end as method,
      campaign.id is not null as has_campaign,
      (extract(epoch from campaign.starts_at) * 1000)::float8 as starts_at,
      (extract(epoch from campaign.ends_at) * 1000)::float8 as ends_at,
      case when budget.id is not null then json_build_object(
        'id', budget.id, 'type', budget.type, 'attribute', budget.attribute,
        'limit', budget."limit"::text, 'used', budget.used::text
      ) end as budget
    from promotion
    left join promotion_application_method method on method.promotion_id = promotion.id and method.deleted_at is null
    left join rules on rules.owner = promotion.id
    left join target_rules on target_rules.owner = method.id
    left join buy_rules on buy_rules.owner = method.id
    left join promotion_campaign campaign on campaign.id = promotion.campaign_id and campaign.deleted_at is null
    left join promotion_campaign_budget budget on budget.campaign_id = campaign.id and budget.deleted_at is null
    where promotion.deleted_at is null
    order by method.value desc, promotion.ctid`
  return rows.map(({ method, has_campaign, starts_at, ends_at, budget, ...promotion }) => ({
    ...promotion,
    application_method: method && { ...method, value: doubleOrNull(method.value) },
    campaign: has_campaign
      ? {
          starts_at,
          ends_at,
          budget: budget && { ...budget, limit: doubleOrNull(budget.limit), used: doubleOrNull(budget.used) },
        }
      : null,
  }))
}

const doubleOrNull = (numeric: string | null) => (numeric === null ? null : double(numeric))
