import fc from "fast-check"
import type { TestDatabase } from "../../support/database.ts"

type Row = Record<string, unknown>
interface Rule {
  attribute: string
  operator: string
  values: string[]
}

/** A shop's promotions as rows, by table. */
export interface PromotionWorld {
  codes: string[]
  tables: Record<string, Row[]>
}

const equality = fc.constantFrom("eq", "in", "ne", "ne")
const comparison = fc.constantFrom("gt", "gte", "lt", "lte")
const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
const rule = (attribute: string, operator: fc.Arbitrary<string>, values: fc.Arbitrary<string[]>): fc.Arbitrary<Rule> =>
  fc.record({ attribute: fc.constant(attribute), operator, values })

const products = some("prod_1", "prod_2", "prod_3")
const orderRule = fc.oneof(
  rule("currency_code", equality, some("eur", "usd")),
  rule("customer.groups.id", equality, some("cusgroup_1", "cusgroup_2")),
  rule("region.id", equality, some("reg_1", "reg_2")),
  rule("shipping_address.country_code", equality, some("es", "fr")),
  rule("customer.id", equality, some("cus_1", "cus_2")),
  rule("customer.has_account", equality, some("true", "false")),
  rule("metadata.tier", equality, some("gold", "it's")),
  rule("metadata.points", comparison, some("10", "10.50", "20")),
  rule("item_subtotal", comparison, some("20", "50", "100.0")),
  rule("total", comparison, some("20", "50")),
  rule("items.product.id", equality, products),
  rule("items.product.categories.id", equality, some("pcat_1", "pcat_2")),
  rule("items.quantity", comparison, some("1", "2")),
)
const itemRule = fc.oneof(
  { weight: 3, arbitrary: rule("items.product.id", equality, products) },
  rule("items.product.tags.id", equality, some("ptag_1", "ptag_2")),
  rule("items.product.categories.id", equality, some("pcat_1", "pcat_2")),
  rule("items.product.collection_id", equality, some("pcol_1", "pcol_2")),
  rule("items.product.is_giftcard", equality, some("true", "false")),
  rule("items.metadata.color", equality, some("red")),
  rule("items.unit_price", comparison, some("10", "9.99")),
  // Read against each line, though automatic promotions are not found by it.
  rule("product.id", equality, products),
  rule("metadata.tier", equality, some("gold")),
)
const methodRule = fc.oneof(
  rule("shipping_methods.shipping_option.shipping_option_type_id", equality, some("sotype_1", "sotype_2")),
  rule("shipping_methods.name", equality, some("Post", "Courier")),
  rule("shipping_methods.amount", comparison, some("5", "8")),
)
/** Numbers would not do: fast-check prefers their bounds. */
const rarely = (odds: number) =>
  fc.oneof({ weight: odds, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })
/** As many as one of the lengths, which are equally likely. */
export const several = <T>(of: fc.Arbitrary<T>, ...lengths: number[]) =>
  fc.constantFrom(...lengths).chain((length) => fc.array(of, { minLength: length, maxLength: length }))
const few = (rules: fc.Arbitrary<Rule>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<Rule[]>([]) }, several(rules, 1, 1, 1, 2))
/** What Medusa has and we do not tell of: such a cart is hers. */
const unknownRule: Rule = { attribute: "items.variant.material", operator: "eq", values: ["wool"] }

const method = fc.record({
  type: fc.constantFrom("percentage", "fixed"),
  allocation: fc.constantFrom("each", "across", "once", "each", "across", null),
  currency_code: fc.constantFrom(null, null, null, "eur", "usd"),
  max_quantity: fc.constantFrom(null, 1, 2, 5),
  apply_to_quantity: fc.constantFrom(1, 1, 1, 2, null),
  buy_rules_min_quantity: fc.constantFrom(1, 1, 1, 2, null),
})
const usedUp = fc.constantFrom(
  ...[...Array(12).fill({ limit: null, used: 0 }), { limit: 3, used: 2 }, { limit: 3, used: 3 }, { limit: 0, used: 0 }],
)
const promotion = fc.record({
  kind: fc.constantFrom("items", "items", "order", "shipping_methods", "buyget", "buyget", "buyget"),
  status: fc.constantFrom("draft", "inactive", ...Array(10).fill("active")),
  is_automatic: fc.constantFrom(true, true, false),
  is_tax_inclusive: fc.boolean(),
  usedUp,
  campaign: fc.constantFrom(null, null, 0, 1),
  method,
  orderRules: few(orderRule),
  itemRules: few(itemRule),
  methodRules: few(methodRule),
  buyRules: several(
    fc.oneof({ weight: 3, arbitrary: rule("items.product.id", fc.constantFrom("in", "ne"), products) }, itemRule),
    1,
    1,
    2,
  ),
  asksUnknown: rarely(40),
  isDeleted: rarely(12),
  withoutMethod: rarely(60),
})
const budget = fc.record({
  type: fc.constantFrom("spend", "usage", "use_by_attribute", "use_by_attribute", "spend_by_attribute"),
  attribute: fc.constantFrom("customer_id", "customer_email"),
  limit: fc.constantFrom(null, 0, 1, 2, 12.5, 40),
  used: fc.constantFrom(0, 1, 2, 10),
  usages: fc.uniqueArray(
    fc.record({
      attribute_value: fc.constantFrom("cus_1", "cus_2", "one@example.com"),
      used: fc.constantFrom(1, 2, 10),
      isDeleted: rarely(8),
    }),
    { maxLength: 3, size: "max", selector: (it) => it.attribute_value },
  ),
  isDeleted: rarely(12),
})
const hour = 3_600_000
const campaign = fc.record({
  starts: fc.constantFrom(null, ...Array(6).fill(-hour), hour),
  ends: fc.constantFrom(null, ...Array(6).fill(hour), -hour),
  budget: fc.option(budget, { freq: 4 }),
  isDeleted: rarely(8),
})
/** No two are equal, for Medusa leaves the order of those to Postgres. */
const values = fc.uniqueArray(fc.constantFrom(0, 0.00005, 0.5, 3, 5, 7.77, 10, 12.5, 33.333, 50, 90, 100, 150), {
  minLength: 5,
  maxLength: 5,
})

export const promotionWorld: fc.Arbitrary<PromotionWorld> = fc
  .record({
    promotions: several(promotion, 1, 2, 3, 3, 4, 5),
    campaigns: fc.tuple(campaign, campaign),
    values,
    withoutValue: fc.constantFrom(...Array(9).fill(undefined), 0),
  })
  .map(({ promotions, campaigns, values, withoutValue }) => {
    const tables = {
      promotion_campaign: [] as Row[],
      promotion_campaign_budget: [] as Row[],
      promotion_campaign_budget_usage: [] as Row[],
      promotion: [] as Row[],
      promotion_application_method: [] as Row[],
      promotion_rule: [] as Row[],
      promotion_rule_value: [] as Row[],
      promotion_promotion_rule: [] as Row[],
      application_method_target_rules: [] as Row[],
      application_method_buy_rules: [] as Row[],
    }
    const now = new Date()
    const when = (offset: number | null) => (offset === null ? null : new Date(now.getTime() + offset))
    const deleted_at = (isDeleted: boolean) => (isDeleted ? now : null)
    const raw = (value: number | null | undefined) =>
      value === null || value === undefined ? null : { value: String(value), precision: 20 }

    for (const [index, { starts, ends, budget, isDeleted }] of campaigns.entries()) {
      const id = `procamp_${index}`
      tables.promotion_campaign.push({
        id,
        name: id,
        campaign_identifier: id,
        starts_at: when(starts),
        ends_at: when(ends),
        deleted_at: deleted_at(isDeleted),
      })
      if (!budget) continue
      const { type, limit, used } = budget
      const attribute = type.endsWith("by_attribute") ? budget.attribute : null
      const of = { raw_limit: raw(limit), raw_used: raw(used), deleted_at: deleted_at(isDeleted || budget.isDeleted) }
      const budget_id = `probudg_${index}`
      tables.promotion_campaign_budget.push({ id: budget_id, campaign_id: id, type, attribute, limit, used, ...of })
      for (const { attribute_value, used, isDeleted } of budget.usages) {
        const id = `probudgus_${index}_${attribute_value}`
        const usage = { id, budget_id, attribute_value, used, raw_used: raw(used), deleted_at: deleted_at(isDeleted) }
        tables.promotion_campaign_budget_usage.push(usage)
      }
    }

    for (const [index, it] of promotions.entries()) {
      const id = `promo_${index}`
      tables.promotion.push({
        id,
        code: `CODE${index}`,
        type: it.kind === "buyget" ? "buyget" : "standard",
        status: it.status,
        is_automatic: it.is_automatic,
        is_tax_inclusive: it.is_tax_inclusive,
        ...it.usedUp,
        campaign_id: it.campaign === null ? null : `procamp_${it.campaign}`,
        deleted_at: deleted_at(it.isDeleted),
      })
      addRules(it.orderRules, "promotion_promotion_rule", { promotion_id: id })
      if (it.withoutMethod) continue
      const method = `proappmet_${index}`
      const value = withoutValue === index ? null : values[index]
      tables.promotion_application_method.push({
        id: method,
        promotion_id: id,
        target_type: it.kind === "buyget" ? "items" : it.kind,
        value,
        raw_value: raw(value),
        ...it.method,
        deleted_at: deleted_at(it.isDeleted),
      })
      const targetRules = it.kind === "shipping_methods" ? it.methodRules : it.itemRules
      const all = it.asksUnknown ? [...targetRules, unknownRule] : targetRules
      addRules(all, "application_method_target_rules", { application_method_id: method })
      if (it.kind === "buyget") {
        addRules(it.buyRules, "application_method_buy_rules", { application_method_id: method })
      }
    }

    function addRules(rules: Rule[], pivot: keyof typeof tables, owner: Row): void {
      for (const { attribute, operator, values } of rules) {
        const promotion_rule_id = `prorul_${tables.promotion_rule.length}`
        tables.promotion_rule.push({ id: promotion_rule_id, attribute, operator })
        tables[pivot].push({ ...owner, promotion_rule_id })
        for (const value of values) {
          const id = `prorulval_${tables.promotion_rule_value.length}`
          tables.promotion_rule_value.push({ id, promotion_rule_id, value })
        }
      }
    }
    return { codes: promotions.flatMap((it, index) => (it.isDeleted ? [] : [`CODE${index}`])), tables }
  })

/** Replaces all promotions of the database by those of a world, in one round trip. */
export async function furnishPromotions({ sql }: TestDatabase, { tables }: PromotionWorld): Promise<void> {
  const statements = Object.keys(tables)
    .toReversed()
    .map((table) => `delete from ${table};`)
  for (const [table, rows] of Object.entries(tables)) {
    if (!rows[0]) continue
    const columns = Object.keys(rows[0]).map((column) => `"${column}"`)
    const json = JSON.stringify(rows).replaceAll("'", "''")
    statements.push(`insert into ${table} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${table}, '${json}');`)
  }
  await sql.unsafe(statements.join("\n"))
}
